/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rom.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>

/* Times: esptool loader.py, ERASE_REGION_TIMEOUT_PER_MB and MD5_TIMEOUT_PER_MB. */
#define LEAST_MS 3000u
#define ERASE_BYTES_PER_MS 25u
#define DIGEST_BYTES_PER_MS 125u

#define HEX_DIGEST_LEN (2 * FG_ROM_DIGEST_LEN)

/* Requests of 18 bytes under way: they fit into a FIFO of 128, even if the ROM stood still. */
#define READ_WINDOW 4u

/**
 * fg_rom_begin:
 * @packed: deflated data will follow
 * @size: bytes that are erased before the reply, and written later
 * @n_blocks: blocks of at most @block_size bytes that will follow
 *
 * FLASH_BEGIN or FLASH_DEFL_BEGIN. The length must be exact: the ESP32 wants no flag for
 * encryption, all later ROMs want it (PROTOCOL-FACTS 17).
 */
gboolean
fg_rom_begin (FgLoader *loader,
              const FgChip *chip,
              gboolean packed,
              guint32 size,
              guint32 n_blocks,
              guint32 block_size,
              guint32 offset,
              GError **error)
{
  guint8 data[20] = { 0 };

  fg_put_u32 (data, size);
  fg_put_u32 (data + 4, n_blocks);
  fg_put_u32 (data + 8, block_size);
  fg_put_u32 (data + 12, offset);
  return fg_loader_command (loader, packed ? FG_OP_FLASH_DEFL_BEGIN : FG_OP_FLASH_BEGIN, data,
                            chip->id == FG_CHIP_ESP32 ? 16 : 20,
                            MAX (LEAST_MS, size / ERASE_BYTES_PER_MS), NULL, error);
}

/** fg_rom_data: block @seq of what fg_rom_begin() has begun. */
gboolean
fg_rom_data (FgLoader *loader,
             gboolean packed,
             guint32 seq,
             const guint8 *payload,
             gsize len,
             guint timeout_ms,
             GError **error)
{
  guint8 op = packed ? FG_OP_FLASH_DEFL_DATA : FG_OP_FLASH_DATA;

  fg_command_build_data (op, seq, payload, len, loader->out);
  return fg_loader_send (loader, error) && fg_loader_await (loader, op, timeout_ms, NULL, error);
}

static gboolean
parse_hex (const guint8 *text, guint8 digest[FG_ROM_DIGEST_LEN])
{
  for (guint i = 0; i < FG_ROM_DIGEST_LEN; i++) {
    int high = g_ascii_xdigit_value ((char) text[2 * i]);
    int low = g_ascii_xdigit_value ((char) text[2 * i + 1]);

    if (high < 0 || low < 0)
      return FALSE;
    digest[i] = (guint8) (high << 4 | low);
  }
  return TRUE;
}

/**
 * fg_rom_digest:
 * @digest: (out): the MD5 of what the flash holds there
 *
 * Returns: %FALSE with an error of the loader set
 */
gboolean
fg_rom_digest (FgLoader *loader,
               guint32 offset,
               guint32 length,
               guint8 digest[FG_ROM_DIGEST_LEN],
               GError **error)
{
  guint timeout_ms = MAX (LEAST_MS, length / DIGEST_BYTES_PER_MS);
  guint8 data[16] = { 0 };
  FgReply reply;

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, length);
  fg_command_build (FG_OP_SPI_FLASH_MD5, data, sizeof data, 0, loader->out);
  if (!fg_loader_send (loader, error)
      || !fg_loader_await_data (loader, FG_OP_SPI_FLASH_MD5, HEX_DIGEST_LEN, timeout_ms, &reply,
                                error))
    return FALSE;
  if (parse_hex (reply.data, digest))
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "the digest of 0x%X is not a number", offset);
  return FALSE;
}

static void
ask_to_read (FgLoader *loader, guint32 offset)
{
  guint8 data[8];

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, FG_ROM_READ_LEN);
  fg_command_build (FG_OP_READ_FLASH_SLOW, data, sizeof data, 0, loader->out);
}

/**
 * fg_rom_read:
 * @length: bytes; a multiple of %FG_ROM_READ_LEN
 *
 * Replies say nothing of where they are from: the digest of the whole must be looked at.
 *
 * Returns: %FALSE with an error of the loader set; it must be drained before it is used again
 */
gboolean
fg_rom_read (FgLoader *loader, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  guint32 asked = 0;

  for (guint32 got = 0; got < length; got += FG_ROM_READ_LEN) {
    FgReply reply;

    for (; asked < length && asked < got + READ_WINDOW * FG_ROM_READ_LEN; asked += FG_ROM_READ_LEN)
      ask_to_read (loader, offset + asked);
    if ((loader->out->len > 0 && !fg_loader_send (loader, error))
        || !fg_loader_await_data (loader, FG_OP_READ_FLASH_SLOW, FG_ROM_READ_LEN,
                                  fg_op_timeout_ms (FG_OP_READ_FLASH_SLOW), &reply, error))
      return FALSE;
    memcpy (buf + got, reply.data, FG_ROM_READ_LEN);
  }
  return TRUE;
}
