/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* CRC-32 as zlib has it: reflected polynomial 0xedb88320, start and end inverted. Start with 0, go
 * on with the result. */
#pragma once

#include <stdint.h>

void stub_crc_init (void);
uint32_t stub_crc (uint32_t crc, const void *bytes, uint32_t len);
