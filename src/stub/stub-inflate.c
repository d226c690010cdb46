/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-inflate.h"

#include "stub-hot.h"
#include "stub-memory.h"

#define FAST_BITS 9u
#define SYMBOL_HUNGRY 0xfffffffeu
#define SYMBOL_BAD 0xffffffffu
#define FAST_MASK ((1u << FAST_BITS) - 1)
#define SYMBOL_BYTES 8 /* more than one length and distance take */
#define ADLER_BASE 65521u
#define ADLER_RUN 5552u /* sums of as many bytes cannot overflow */

enum {
  STATE_HEADER,
  STATE_BLOCK,
  STATE_STORED_LENGTH,
  STATE_STORED_CHECK,
  STATE_STORED,
  STATE_COUNTS,
  STATE_CODE_LENGTHS,
  STATE_LENGTHS,
  STATE_SYMBOL,
  STATE_DISTANCE,
  STATE_DISTANCE_EXTRA,
  STATE_COPY,
  STATE_ADLER_HIGH,
  STATE_ADLER_LOW,
  STATE_DONE,
  STATE_BAD,
};

/* RFC 1951, 3.2.5 */
const uint16_t stub_length_base[29] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                        15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                        67, 83, 99, 115, 131, 163, 195, 227, 258 };
const uint8_t stub_length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                        2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
const uint16_t stub_distance_base[30] = { 1,    2,    3,    4,     5,     7,    9,    13,
                                          17,   25,   33,   49,    65,    97,   129,  193,
                                          257,  385,  513,  769,   1025,  1537, 2049, 3073,
                                          4097, 6145, 8193, 12289, 16385, 24577 };
/* 3.2.7 */
static const uint8_t code_length_order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                               11, 4,  12, 3, 13, 2, 14, 1, 15 };

void
stub_inflate_init (StubInflate *self)
{
  self->bits = self->bit_count = self->position = 0;
  self->adler_low = 1;
  self->adler_high = 0;
  self->state = STATE_HEADER;
  self->last_block = 0;
}

static inline void
fill (StubInflate *self, const uint8_t **in, const uint8_t *end)
{
  while (self->bit_count <= 24 && *in < end) {
    self->bits |= (uint32_t) * (*in)++ << self->bit_count;
    self->bit_count += 8;
  }
}

static inline uint32_t
take (StubInflate *self, uint32_t count)
{
  uint32_t value = self->bits & ((1u << count) - 1);

  self->bits >>= count;
  self->bit_count -= count;
  return value;
}

/* Canonical codes: 0 when the lengths promise more codes than there can be. */
static int
build (StubHuffman *self, const uint8_t *lengths, uint32_t count)
{
  uint16_t start[16];
  uint32_t code = 0, index = 0;
  int32_t left = 1;

  for (uint32_t len = 0; len < 16; len++)
    self->count[len] = 0;
  for (uint32_t i = 0; i < count; i++)
    self->count[lengths[i]]++;
  self->count[0] = 0;
  start[0] = start[1] = 0;
  for (uint32_t len = 1; len < 16; len++) {
    left = left * 2 - self->count[len];
    if (left < 0)
      return 0;
    if (len < 15)
      start[len + 1] = (uint16_t) (start[len] + self->count[len]);
  }
  for (uint32_t i = 0; i < count; i++)
    if (lengths[i] != 0)
      self->symbol[start[lengths[i]]++] = (uint16_t) i;
  for (uint32_t i = 0; i < 1u << FAST_BITS; i++)
    self->fast[i] = 0;
  for (uint32_t len = 1; len <= FAST_BITS; len++) {
    for (uint32_t i = 0; i < self->count[len]; i++, code++, index++) {
      uint32_t reversed = 0;

      for (uint32_t bit = 0; bit < len; bit++)
        reversed |= (code >> bit & 1) << (len - 1 - bit);
      for (; reversed < 1u << FAST_BITS; reversed += 1u << len)
        self->fast[reversed] = (uint16_t) (self->symbol[index] << 4 | len);
    }
    code <<= 1;
  }
  return 1;
}

/* The code that comes next, as symbol << 4 | length; nothing is taken. */
static uint32_t
peek_symbol (const StubInflate *self, const StubHuffman *huffman)
{
  uint32_t entry = huffman->fast[self->bits & ((1u << FAST_BITS) - 1)];
  uint32_t code = 0, first = 0, index = 0;

  if (entry != 0)
    return (entry & 15) <= self->bit_count ? entry : SYMBOL_HUNGRY;
  for (uint32_t len = 1; len < 16; len++) {
    uint32_t count = huffman->count[len];

    if (len > self->bit_count)
      return SYMBOL_HUNGRY;
    code |= self->bits >> (len - 1) & 1;
    if (code - first < count)
      return (uint32_t) huffman->symbol[index + code - first] << 4 | len;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return SYMBOL_BAD;
}

static int
begin_block (StubInflate *self)
{
  uint32_t kind;

  self->last_block = take (self, 1);
  kind = take (self, 2);
  if (kind == 0) {
    take (self, self->bit_count & 7);
    self->state = STATE_STORED_LENGTH;
  } else if (kind == 1) {
    for (uint32_t i = 0; i < 288; i++)
      self->lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    for (uint32_t i = 288; i < 320; i++)
      self->lengths[i] = 5;
    build (&self->literal, self->lengths, 288);
    build (&self->distant, self->lengths + 288, 32);
    self->state = STATE_SYMBOL;
  } else {
    self->state = STATE_COUNTS;
  }
  return kind != 3;
}

static void
begin_lengths (StubInflate *self)
{
  self->literals = take (self, 5) + 257;
  self->distances = take (self, 5) + 1;
  self->code_lengths = take (self, 4) + 4;
  for (uint32_t i = 0; i < 19; i++)
    self->lengths[i] = 0;
  self->have = 0;
  self->state = STATE_CODE_LENGTHS;
}

/* One symbol of 3.2.7: a length, or a repetition of one. */
static uint32_t
next_length (StubInflate *self)
{
  static const struct {
    uint8_t bits, base;
  } repeats[3] = { { 2, 3 }, { 3, 3 }, { 7, 11 } };
  uint32_t entry = peek_symbol (self, &self->literal);
  uint32_t symbol = entry >> 4, len = entry & 15, count, value = 0;

  if (entry >= SYMBOL_HUNGRY)
    return entry;
  if (symbol < 16) {
    take (self, len);
    self->lengths[self->have++] = (uint8_t) symbol;
    return 0;
  }
  if (len + repeats[symbol - 16].bits > self->bit_count)
    return SYMBOL_HUNGRY;
  take (self, len);
  count = take (self, repeats[symbol - 16].bits) + repeats[symbol - 16].base;
  if (symbol == 16) {
    if (self->have == 0)
      return SYMBOL_BAD;
    value = self->lengths[self->have - 1];
  }
  if (self->have + count > self->literals + self->distances)
    return SYMBOL_BAD;
  while (count-- > 0)
    self->lengths[self->have++] = (uint8_t) value;
  return 0;
}

/* What run_symbols() and the states after it do, as long as there is plenty of input and all codes
 * are short. Stops before the first symbol for which that is not so. */
STUB_HOT static void
run_short_symbols (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit)
{
  const uint16_t *literals = self->literal.fast, *distances = self->distant.fast;
  const uint8_t *next = *in;
  uint32_t bits = self->bits, count = self->bit_count, position = self->position;

  while (position != limit && end - next >= SYMBOL_BYTES) {
    uint32_t start_bits, start_count, entry, symbol, len, distance = 0;
    const uint8_t *start;

    for (; count <= 24; count += 8)
      bits |= (uint32_t) *next++ << count;
    entry = literals[bits & FAST_MASK];
    if (entry == 0 || entry >= 256 << 4) {
      start_bits = bits;
      start_count = count;
      start = next;
      symbol = (entry >> 4) - 257;
      if (entry == 0 || symbol >= 29)
        break;
      bits >>= entry & 15;
      len = stub_length_base[symbol] + (bits & ((1u << stub_length_extra[symbol]) - 1));
      bits >>= stub_length_extra[symbol];
      count -= (entry & 15) + stub_length_extra[symbol];
      for (; count <= 24; count += 8)
        bits |= (uint32_t) *next++ << count;
      entry = distances[bits & FAST_MASK];
      symbol = entry >> 4;
      if (entry != 0 && symbol < 30) {
        uint32_t extra = symbol < 4 ? 0 : (symbol >> 1) - 1;

        bits >>= entry & 15;
        distance = stub_distance_base[symbol] + (bits & ((1u << extra) - 1));
        bits >>= extra;
        count -= (entry & 15) + extra;
      }
      if (entry == 0 || symbol >= 30 || distance > position || len > limit - position) {
        bits = start_bits;
        count = start_count;
        next = start;
        break;
      }
      for (; len > 0; len--, position++)
        window[position & STUB_WINDOW_MASK] = window[(position - distance) & STUB_WINDOW_MASK];
      continue;
    }
    bits >>= entry & 15;
    count -= entry & 15;
    window[position++ & STUB_WINDOW_MASK] = (uint8_t) (entry >> 4);
  }
  *in = next;
  self->bits = bits;
  self->bit_count = count;
  self->position = position;
}

/* Literals go straight out; returns at the first thing that is none. */
static StubInflateResult
run_symbols (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit)
{
  for (;;) {
    uint32_t entry, symbol, len, extra;

    run_short_symbols (self, in, end, window, limit);
    fill (self, in, end);
    entry = peek_symbol (self, &self->literal);
    if (entry >= SYMBOL_HUNGRY)
      return entry == SYMBOL_BAD ? STUB_INFLATE_BAD : STUB_INFLATE_HUNGRY;
    symbol = entry >> 4;
    len = entry & 15;
    if (symbol < 256) {
      if (self->position == limit)
        return STUB_INFLATE_FULL;
      take (self, len);
      window[self->position++ & STUB_WINDOW_MASK] = (uint8_t) symbol;
      continue;
    }
    if (symbol == 256) {
      take (self, len);
      self->state = self->last_block ? STATE_ADLER_HIGH : STATE_BLOCK;
      if (self->last_block)
        take (self, self->bit_count & 7);
      return STUB_INFLATE_DONE;
    }
    symbol -= 257;
    if (symbol >= 29)
      return STUB_INFLATE_BAD;
    extra = stub_length_extra[symbol];
    if (len + extra > self->bit_count)
      return STUB_INFLATE_HUNGRY;
    take (self, len);
    self->len = stub_length_base[symbol] + take (self, extra);
    self->state = STATE_DISTANCE;
    return STUB_INFLATE_DONE;
  }
}

static StubInflateResult
copy (StubInflate *self, uint8_t *window, uint32_t limit)
{
  uint32_t count = limit - self->position < self->len ? limit - self->position : self->len;

  self->len -= count;
  for (; count > 0; count--, self->position++)
    window[self->position & STUB_WINDOW_MASK] =
        window[(self->position - self->distance) & STUB_WINDOW_MASK];
  if (self->len > 0)
    return STUB_INFLATE_FULL;
  self->state = STATE_SYMBOL;
  return STUB_INFLATE_DONE;
}

static StubInflateResult
copy_stored (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit)
{
  while (self->len > 0) {
    if (self->position == limit)
      return STUB_INFLATE_FULL;
    fill (self, in, end);
    if (self->bit_count < 8)
      return STUB_INFLATE_HUNGRY;
    window[self->position++ & STUB_WINDOW_MASK] = (uint8_t) take (self, 8);
    self->len--;
  }
  if (self->last_block)
    self->state = STATE_ADLER_HIGH;
  else
    self->state = STATE_BLOCK;
  return STUB_INFLATE_DONE;
}

static uint32_t
big_endian_16 (uint32_t value)
{
  return (value & 0xff) << 8 | value >> 8;
}

/* The sums over what was unpacked since @from. */
STUB_HOT static void
sum_up (StubInflate *self, const uint8_t *window, uint32_t from)
{
  uint32_t low = self->adler_low, high = self->adler_high;

  while (from != self->position) {
    uint32_t at = from & STUB_WINDOW_MASK;
    uint32_t run = self->position - from < ADLER_RUN ? self->position - from : ADLER_RUN;
    const uint8_t *next = window + at;

    run = run < STUB_WINDOW_BYTES - at ? run : STUB_WINDOW_BYTES - at;
    from += run;
    for (const uint8_t *end = next + run; next < end; next++) {
      low += *next;
      high += low;
    }
    low %= ADLER_BASE;
    high %= ADLER_BASE;
  }
  self->adler_low = low;
  self->adler_high = high;
}

/* One state after the other until something is missing; DONE here means that the state was left. */
static StubInflateResult
run_state (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit)
{
  static const uint8_t bits_needed[] = {
    [STATE_HEADER] = 16,       [STATE_BLOCK] = 3,      [STATE_STORED_LENGTH] = 16,
    [STATE_STORED_CHECK] = 16, [STATE_COUNTS] = 14,    [STATE_CODE_LENGTHS] = 3,
    [STATE_ADLER_HIGH] = 16,   [STATE_ADLER_LOW] = 16, [STATE_BAD] = 0,
  };
  uint32_t value, result;

  fill (self, in, end);
  if (self->bit_count < bits_needed[self->state])
    return STUB_INFLATE_HUNGRY;
  switch (self->state) {
  case STATE_HEADER:
    value = big_endian_16 (take (self, 16));
    self->state = STATE_BLOCK;
    return (value & 0x0f00) == 0x0800 && !(value & 0x20) && value % 31 == 0 ? STUB_INFLATE_DONE
                                                                            : STUB_INFLATE_BAD;
  case STATE_BLOCK:
    return begin_block (self) ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_STORED_LENGTH:
    self->len = take (self, 16);
    self->state = STATE_STORED_CHECK;
    return STUB_INFLATE_DONE;
  case STATE_STORED_CHECK:
    self->state = STATE_STORED;
    return (take (self, 16) ^ 0xffff) == self->len ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_STORED:
    return copy_stored (self, in, end, window, limit);
  case STATE_COUNTS:
    begin_lengths (self);
    return self->literals <= 286 && self->distances <= 30 ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_CODE_LENGTHS:
    self->lengths[code_length_order[self->have++]] = (uint8_t) take (self, 3);
    if (self->have < self->code_lengths)
      return STUB_INFLATE_DONE;
    self->have = 0;
    self->state = STATE_LENGTHS;
    return build (&self->literal, self->lengths, 19) ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_LENGTHS:
    result = next_length (self);
    if (result >= SYMBOL_HUNGRY)
      return result == SYMBOL_BAD ? STUB_INFLATE_BAD : STUB_INFLATE_HUNGRY;
    if (self->have < self->literals + self->distances)
      return STUB_INFLATE_DONE;
    self->state = STATE_SYMBOL;
    return build (&self->literal, self->lengths, self->literals)
                   && build (&self->distant, self->lengths + self->literals, self->distances)
               ? STUB_INFLATE_DONE
               : STUB_INFLATE_BAD;
  case STATE_SYMBOL:
    return run_symbols (self, in, end, window, limit);
  case STATE_DISTANCE:
    result = peek_symbol (self, &self->distant);
    if (result >= SYMBOL_HUNGRY)
      return result == SYMBOL_BAD ? STUB_INFLATE_BAD : STUB_INFLATE_HUNGRY;
    take (self, result & 15);
    self->distance = result >> 4;
    self->state = STATE_DISTANCE_EXTRA;
    return self->distance < 30 ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_DISTANCE_EXTRA:
    value = self->distance < 4 ? 0 : (self->distance >> 1) - 1;
    if (value > self->bit_count)
      return STUB_INFLATE_HUNGRY;
    self->distance = stub_distance_base[self->distance] + take (self, value);
    self->state = STATE_COPY;
    return self->distance <= self->position ? STUB_INFLATE_DONE : STUB_INFLATE_BAD;
  case STATE_COPY:
    return copy (self, window, limit);
  case STATE_ADLER_HIGH:
    self->len = big_endian_16 (take (self, 16));
    self->state = STATE_ADLER_LOW;
    return STUB_INFLATE_DONE;
  case STATE_ADLER_LOW:
    self->distance = big_endian_16 (take (self, 16));
    self->state = STATE_DONE;
    return STUB_INFLATE_DONE;
  default:
    return STUB_INFLATE_BAD;
  }
}

/**
 * stub_inflate_run:
 * @in: (inout): what comes next; moves on
 * @window: the ring of %STUB_WINDOW_BYTES that byte n goes to at n modulo its size
 * @limit: how far self->position may go; at most a window ahead of what the caller still needs
 */
StubInflateResult
stub_inflate_run (
    StubInflate *self, const uint8_t **in, const uint8_t *end, uint8_t *window, uint32_t limit)
{
  uint32_t from = self->position;
  StubInflateResult result = STUB_INFLATE_DONE;

  while (result == STUB_INFLATE_DONE && self->state != STATE_DONE)
    result = run_state (self, in, end, window, limit);
  sum_up (self, window, from);
  if (result == STUB_INFLATE_DONE
      && (self->len != self->adler_high || self->distance != self->adler_low))
    result = STUB_INFLATE_BAD;
  if (result == STUB_INFLATE_BAD)
    self->state = STATE_BAD;
  return result;
}
