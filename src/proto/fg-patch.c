/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-patch.h"

/* Extended header: esptool bin_image.py, ESP32FirmwareImage. */
#define HASH_APPENDED_AT 23
#define DIGEST_LEN 32

static guint8
patched_mode (const FgJob *job, const FgBoardInfo *board, guint8 mode)
{
  if (job->mode < FG_FLASH_MODE_AUTO)
    return (guint8) job->mode;
  if (job->mode == FG_FLASH_MODE_AUTO && board != NULL
      && board->recommended_mode == FG_FLASH_MODE_DOUT)
    return FG_FLASH_MODE_DOUT;
  return mode;
}

static guint8
patched_size_freq (const FgJob *job, const FgBoardInfo *board, const FgChip *chip, guint8 value)
{
  guint32 size = job->flash_size == FG_FLASH_SIZE_AUTO ? board != NULL ? board->flash_size : 0
                                                       : job->flash_size;
  int size_nibble =
      size == 0 || size == FG_FLASH_SIZE_KEEP ? -1 : fg_flash_size_to_nibble (chip, size);
  int freq_nibble =
      job->freq_mhz == FG_FLASH_FREQ_KEEP ? -1 : fg_flash_freq_to_nibble (chip, job->freq_mhz);

  if (size_nibble >= 0)
    value = (guint8) ((guint) size_nibble << 4 | (value & 0x0f));
  if (freq_nibble >= 0)
    value = (guint8) ((value & 0xf0) | freq_nibble);
  return value;
}

/* The bytes that the digest is over: up to the checksum, which is the last of a multiple of 16. */
static gsize
hashed_length (const FgImageInfo *image)
{
  const FgImageSegment *last =
      &g_array_index (image->segments, FgImageSegment, image->segments->len - 1);

  return (((gsize) last->offset + last->length) | 15) + 1;
}

static void
renew_digest (guint8 *data, gsize end)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize digest_len = DIGEST_LEN;

  g_checksum_update (checksum, data, (gssize) end);
  g_checksum_get_digest (checksum, data + end, &digest_len);
}

/**
 * fg_patch_header:
 * @data: (inout): an image that goes to where @chip boots from
 * @image: what it is
 * @board: (nullable): what was detected
 *
 * Bytes 2 and 3 lie outside the image's checksum, but inside the digest that images of the ESP32
 * family may carry: that one is computed anew. The CRC of an EA image covers them too, and a
 * signature does: such images are left as they are.
 */
void
fg_patch_header (guint8 *data,
                 gsize len,
                 const FgImageInfo *image,
                 const FgJob *job,
                 const FgBoardInfo *board,
                 const FgChip *chip)
{
  gboolean hashed = image->kind == FG_IMAGE_ESP32 && data[HASH_APPENDED_AT] == 1;

  if (image->kind != FG_IMAGE_ESP8266_V1 && image->kind != FG_IMAGE_ESP32)
    return;
  if (board != NULL && (board->security.secure_boot || board->security.secure_download))
    return;
  if (image->kind == FG_IMAGE_ESP32
      && (image->truncated || image->segments->len == 0
          || (hashed && hashed_length (image) + DIGEST_LEN > len)))
    return;
  data[2] = patched_mode (job, board, data[2]);
  data[3] = patched_size_freq (job, board, chip, data[3]);
  if (hashed)
    renew_digest (data, hashed_length (image));
}
