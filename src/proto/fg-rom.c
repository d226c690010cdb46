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
#define BLOCK_TRIES 8
#define REASON_BAD_LENGTH 0xc000u
#define REASON_BAD_CHECKSUM 0xc100u

/* Requests of 18 bytes under way: they fit into a FIFO of 128, even if the ROM stood still. */
#define READ_WINDOW 4u

static gsize
begin_len (const FgChip *chip)
{
  return chip->id == FG_CHIP_ESP8266 || chip->id == FG_CHIP_ESP32 ? 16 : 20;
}

/**
 * fg_rom_begin:
 * @packed: deflated data will follow
 * @size: bytes that are erased before the reply, and written later
 * @n_blocks: blocks of at most @block_size bytes that will follow
 *
 * FLASH_BEGIN or FLASH_DEFL_BEGIN. The length must be exact: the ESP32 wants no flag for
 * encryption, all later ROMs want it (PROTOCOL-FACTS 17); stubs as the ROM. They erase later.
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
  guint8 op = packed ? FG_OP_FLASH_DEFL_BEGIN : FG_OP_FLASH_BEGIN;
  guint timeout_ms = MAX (LEAST_MS, size / ERASE_BYTES_PER_MS);
  gsize len = begin_len (chip);
  guint8 data[20] = { 0 };

  fg_put_u32 (data, size);
  fg_put_u32 (data + 4, n_blocks);
  fg_put_u32 (data + 8, block_size);
  fg_put_u32 (data + 12, offset);
  /* our stub heeds the checksum of what erases; all others leave it alone */
  fg_command_build (op, data, len, loader->foreign_stub ? fg_command_crc (op, data, len) : 0,
                    loader->out);
  return fg_loader_send (loader, error) && fg_loader_await (loader, op, timeout_ms, NULL, error);
}

/** fg_rom_end: of what a stub has been sent; its reply says that all of it is on the flash. */
gboolean
fg_rom_end (FgLoader *loader, gboolean packed, guint timeout_ms, GError **error)
{
  static const guint8 stay[4] = { 1 };

  return fg_loader_command (loader, packed ? FG_OP_FLASH_DEFL_END : FG_OP_FLASH_END, stay,
                            sizeof stay, timeout_ms, NULL, error);
}

/* Whether a stub has thrown the block away, and would take it again: PROTOCOL-FACTS 17. */
static gboolean
may_send_again (const FgLoader *loader, const GError *error)
{
  return loader->foreign_stub && g_error_matches (error, FG_ERROR, FG_ERROR_REJECTED)
         && (loader->refusal == REASON_BAD_LENGTH || loader->refusal == REASON_BAD_CHECKSUM);
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

  for (guint i = 1;; i++) {
    g_autoptr (GError) failure = NULL;

    fg_command_build_data (op, seq, payload, len, loader->out);
    if (!fg_loader_send (loader, error))
      return FALSE;
    if (fg_loader_await (loader, op, timeout_ms, NULL, &failure))
      return TRUE;
    if (i == BLOCK_TRIES || !may_send_again (loader, failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
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
  gsize len = loader->foreign_stub ? FG_ROM_DIGEST_LEN : HEX_DIGEST_LEN;
  guint8 data[16] = { 0 };
  FgReply reply;

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, length);
  fg_command_build (FG_OP_SPI_FLASH_MD5, data, sizeof data, 0, loader->out);
  if (!fg_loader_send (loader, error)
      || !fg_loader_await_data (loader, FG_OP_SPI_FLASH_MD5, len, timeout_ms, &reply, error))
    return FALSE;
  if (loader->foreign_stub) {
    memcpy (digest, reply.data, FG_ROM_DIGEST_LEN);
    return TRUE;
  }
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
