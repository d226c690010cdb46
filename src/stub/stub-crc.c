/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-crc.h"

#include "stub-hot.h"

static uint32_t table[256];

/* The table is made here because it would take a kilobyte of the upload. */
void
stub_crc_init (void)
{
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;

    for (int bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    table[i] = crc;
  }
}

/* Word by word where that can be: reading is what takes the time. */
STUB_HOT uint32_t
stub_crc (uint32_t crc, const void *bytes, uint32_t len)
{
  const uint8_t *next = bytes;

  crc = ~crc;
  if (((uintptr_t) next & 3) == 0)
    for (; len >= 4; len -= 4, next += 4) {
      crc ^= *(const uint32_t *) next;
      crc = table[crc & 0xff] ^ crc >> 8;
      crc = table[crc & 0xff] ^ crc >> 8;
      crc = table[crc & 0xff] ^ crc >> 8;
      crc = table[crc & 0xff] ^ crc >> 8;
    }
  for (; len > 0; len--)
    crc = table[(crc ^ *next++) & 0xff] ^ crc >> 8;
  return ~crc;
}
