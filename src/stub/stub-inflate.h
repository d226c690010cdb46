/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A zlib stream (RFC 1950, 1951) unpacked piece by piece, into a ring of %STUB_WINDOW_BYTES. It
 * stops where the input ends or the room does, and goes on from there. Knows nothing of the chip:
 * tests/stub runs it on the host. */
#pragma once

#include <stdint.h>

/* RFC 1951, 3.2.5; stub-pack needs them as well */
extern const uint16_t stub_length_base[29], stub_distance_base[30];
extern const uint8_t stub_length_extra[29];

typedef enum {
  STUB_INFLATE_HUNGRY, /* all input is used up */
  STUB_INFLATE_FULL,   /* the position has reached the limit, and there is more to come */
  STUB_INFLATE_DONE,   /* the stream is complete and its checksum right */
  STUB_INFLATE_BAD,
} StubInflateResult;

typedef struct {
  uint16_t fast[512];   /* by the next 9 bits: symbol << 4 | length; 0 for longer codes */
  uint16_t count[16];   /* codes of each length */
  uint16_t symbol[288]; /* in the order of their codes */
} StubHuffman;

typedef struct {
  uint32_t bits, bit_count; /* taken from the input, not used yet */
  uint32_t position;        /* bytes unpacked so far */
  uint32_t adler_low, adler_high;
  uint32_t state, last_block;
  uint32_t literals, distances, code_lengths, have; /* of a dynamic block */
  uint32_t len, distance;                           /* of the copy or stored block that goes on */
  uint8_t lengths[320];
  StubHuffman literal, distant;
} StubInflate;

void stub_inflate_init (StubInflate *self);
StubInflateResult stub_inflate_run (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit);
