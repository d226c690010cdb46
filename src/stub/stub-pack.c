/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-pack.h"

#include "stub-inflate.h"

#define MATCH_MIN 3u
#define MATCH_MAX 258u
#define LENGTH_SYMBOLS 29u
#define DISTANCE_SYMBOLS 30u
#define BLOCK_HEADER 3u /* the last one, with fixed codes */
#define BLOCK_HEADER_BITS 3u
#define END_OF_BLOCK 256u

static void
put (StubPack *self, uint32_t value, uint32_t count)
{
  self->bits |= value << self->bit_count;
  self->bit_count += count;
  for (; self->bit_count >= 8; self->bit_count -= 8, self->bits >>= 8)
    if (self->out_len < self->limit)
      self->out[self->out_len++] = (uint8_t) self->bits;
}

/* Codes begin with their highest bit. */
static void
put_code (StubPack *self, uint32_t code, uint32_t count)
{
  while (count-- > 0)
    put (self, code >> count & 1, 1);
}

/* RFC 1951, 3.2.6 */
static void
put_symbol (StubPack *self, uint32_t symbol)
{
  if (symbol < 144)
    put_code (self, 0x30 + symbol, 8);
  else if (symbol < 256)
    put_code (self, 0x190 + symbol - 144, 9);
  else if (symbol < 280)
    put_code (self, symbol - 256, 7);
  else
    put_code (self, 0xc0 + symbol - 280, 8);
}

static void
put_match (StubPack *self, uint32_t len, uint32_t distance)
{
  uint32_t symbol = LENGTH_SYMBOLS - 1;

  while (stub_length_base[symbol] > len)
    symbol--;
  put_symbol (self, END_OF_BLOCK + 1 + symbol);
  put (self, len - stub_length_base[symbol], stub_length_extra[symbol]);
  for (symbol = DISTANCE_SYMBOLS - 1; stub_distance_base[symbol] > distance;)
    symbol--;
  put_code (self, symbol, 5);
  put (self, distance - stub_distance_base[symbol], symbol < 4 ? 0 : (symbol >> 1) - 1);
}

/* @limit: of the bytes at @out; @table has %STUB_PACK_TABLE words. All stay where they are. */
void
stub_pack_begin (
    StubPack *self, const void *in, uint32_t len, void *out, uint32_t limit, uint16_t *table)
{
  *self = (StubPack){ .in = in, .len = len, .out = out, .limit = limit, .last = table };
  for (uint32_t i = 0; i < STUB_PACK_TABLE; i++)
    table[i] = 0;
  put (self, BLOCK_HEADER, BLOCK_HEADER_BITS);
}

/* Notes that the position is passed; gives where the same bytes may have been before, plus one. */
static uint32_t
pass (StubPack *self)
{
  const uint8_t *next = self->in + self->at++;
  uint16_t *last = self->last + ((next[0] ^ next[1] << 3 ^ next[2] << 6) & (STUB_PACK_TABLE - 1));
  uint32_t before = *last;

  *last = (uint16_t) self->at;
  return before;
}

/* A literal or a match. */
static void
pack_next (StubPack *self)
{
  const uint8_t *next = self->in + self->at;
  uint32_t left = self->len - self->at, len = 0, before = 0;

  if (left < MATCH_MIN) {
    self->at++;
    put_symbol (self, next[0]);
    return;
  }
  left = left < MATCH_MAX ? left : MATCH_MAX;
  before = pass (self);
  if (before != 0)
    while (len < left && self->in[before - 1 + len] == next[len])
      len++;
  if (len < MATCH_MIN) {
    put_symbol (self, next[0]);
    return;
  }
  put_match (self, len, self->at - before);
  for (uint32_t i = 1; i < len; i++)
    if (self->len - self->at >= MATCH_MIN)
      pass (self);
    else
      self->at++;
}

/* Packs @count bytes of the input, or some more: 0 when all of it is packed, or it does not pay. */
int
stub_pack_step (StubPack *self, uint32_t count)
{
  uint32_t until = self->at + count;

  while (self->at < self->len && self->at < until)
    pack_next (self);
  if (self->out_len == self->limit)
    return 0;
  if (self->at < self->len)
    return 1;
  put_symbol (self, END_OF_BLOCK);
  put (self, 0, 7); /* the rest of the last byte */
  return 0;
}

/* Whether what is at out is the whole stream, and shorter than the limit. */
int
stub_pack_pays (const StubPack *self)
{
  return self->at == self->len && self->out_len < self->limit;
}
