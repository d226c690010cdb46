/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A fuzz target: whatever the bytes are, it returns 0, and a broken promise aborts. The name is
 * libFuzzer's; fuzz-main.c calls it where there is no libFuzzer.
 */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
