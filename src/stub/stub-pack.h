/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A few kilobytes packed as one raw deflate stream (RFC 1951), step by step. One block with the
 * fixed codes: any inflate takes it, and the code for it is small. Knows nothing of the chip:
 * tests/stub runs it on the host. */
#pragma once

#include <stdint.h>

#define STUB_PACK_TABLE 2048u /* words of 16 bits */

typedef struct {
  const uint8_t *in;
  uint32_t len, at; /* of the input */
  uint8_t *out;
  uint32_t out_len, limit; /* once it is as long as the limit, nothing is stored any more */
  uint32_t bits, bit_count;
  uint16_t *last; /* by hash, where such bytes were seen last, plus one; 0: nowhere */
} StubPack;

void stub_pack_begin (
    StubPack *self, const void *in, uint32_t len, void *out, uint32_t limit, uint16_t *table);
int stub_pack_step (StubPack *self, uint32_t count);
int stub_pack_pays (const StubPack *self);
