/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The two big buffers. What uses them for what: README.md, "Memory". */
#pragma once

#include <stdint.h>

#define STUB_BLOCK_MAX 16384u /* payload of the largest data packet: esptool's FLASH_WRITE_SIZE */
#define STUB_POOL_BYTES (STUB_BLOCK_MAX + 64u)
#define STUB_WINDOW_BYTES 32768u /* the reach of a deflate distance */
#define STUB_WINDOW_MASK (STUB_WINDOW_BYTES - 1u)

extern uint8_t stub_pool[STUB_POOL_BYTES]; /* frames; word-aligned */
extern uint8_t
    stub_window[STUB_WINDOW_BYTES]; /* what goes to or comes from the flash; word-aligned */
