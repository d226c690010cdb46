/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rom-erase.h"

#define SECTOR 4096u
#define SECTORS_PER_BLOCK 16u

static guint32
sectors_of (guint32 size)
{
  return size / SECTOR + (size % SECTOR != 0);
}

static guint32
head_of (guint32 offset)
{
  return SECTORS_PER_BLOCK - offset / SECTOR % SECTORS_PER_BLOCK;
}

/**
 * fg_rom_erase_size:
 * @offset: bytes; a multiple of 4096
 * @size: bytes that shall be erased
 *
 * The ROM erases the sectors up to the next 64 KB boundary and forgets to subtract them from the
 * count. The rule, and the check that it never erases too little and at most one sector too much,
 * are in PROTOCOL-FACTS 9.2 (esptool targets/esp8266.py, get_erase_size).
 *
 * Returns: the erase argument for FLASH_BEGIN, bytes
 */
guint32
fg_rom_erase_size (guint32 offset, guint32 size)
{
  guint32 n = sectors_of (size);
  guint32 head = MIN (head_of (offset), n);

  return (n < 2 * head ? (n + 1) / 2 : n - head) * SECTOR;
}

/**
 * fg_rom_erased_sectors:
 * @erase_size: FLASH_BEGIN's argument, bytes
 *
 * Returns: how many sectors the ROM really erases from @offset on
 */
guint32
fg_rom_erased_sectors (guint32 offset, guint32 erase_size)
{
  guint32 n = sectors_of (erase_size);

  return n + MIN (head_of (offset), n);
}
