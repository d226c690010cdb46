/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Firmware for tests, made and not taken from anywhere. */

#include <glib.h>

/*
 * An ESP8266 image with @segments segments of RAM code, a right checksum, and data that never
 * repeats up to @total bytes (more when the segments need it).
 */
static inline GBytes *
fg_make_image (guint8 mode, guint8 size_freq, guint segments, guint total)
{
  GByteArray *image = g_byte_array_new ();
  const guint8 header[8] = { 0xe9, (guint8) segments, mode, size_freq, 0x04, 0x00, 0x10, 0x40 };
  guint8 checksum = 0xef;
  guint32 noise = 12345;

  g_byte_array_append (image, header, sizeof header);
  for (guint i = 0; i < segments; i++) {
    guint len = 64 + i * 20;
    const guint8 start[8] = { 0x00, (guint8) (i * 8), 0x10, 0x40, (guint8) len, 0, 0, 0 };

    g_byte_array_append (image, start, sizeof start);
    for (guint k = 0; k < len; k++) {
      guint8 byte = (guint8) (noise >> 16);

      noise = noise * 1103515245 + 12345;
      checksum ^= byte;
      g_byte_array_append (image, &byte, 1);
    }
  }
  while (image->len % 16 != 15)
    g_byte_array_append (image, (const guint8 *) "", 1);
  g_byte_array_append (image, &checksum, 1);
  while (image->len < total) {
    guint8 byte = (guint8) (noise >> 16);

    noise = noise * 1103515245 + 12345;
    g_byte_array_append (image, &byte, 1);
  }
  return g_byte_array_free_to_bytes (image);
}

/*
 * An image of the ESP32 family for the chip with @chip_id, 4 MB and 40 MHz, with a right SHA-256
 * when @hashed, and then data that shrinks well up to @total bytes.
 */
static inline GBytes *
fg_make_image_later (guint8 chip_id, guint8 mode, gboolean hashed, guint total)
{
  const guint8 start[8] = { 0x00, 0x00, 0x08, 0x40, 96, 0, 0, 0 }; /* 96 bytes at 0x40080000 */
  guint8 header[24] = { 0xe9, 1, mode, 0x20, 0x04, 0x00, 0x08, 0x40 };
  GByteArray *image = g_byte_array_new ();
  g_autoptr (GChecksum) sha = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 checksum = 0xef;
  guint8 digest[32];
  gsize digest_len = sizeof digest;

  header[12] = chip_id;
  header[17] = header[18] = 0xff; /* any revision */
  header[23] = hashed;
  g_byte_array_append (image, header, sizeof header);
  g_byte_array_append (image, start, sizeof start);
  for (guint8 i = 0; i < 96; i++) {
    checksum ^= i;
    g_byte_array_append (image, &i, 1);
  }
  while (image->len % 16 != 15)
    g_byte_array_append (image, (const guint8 *) "", 1);
  g_byte_array_append (image, &checksum, 1);
  g_checksum_update (sha, image->data, image->len);
  g_checksum_get_digest (sha, digest, &digest_len);
  if (hashed)
    g_byte_array_append (image, digest, sizeof digest);
  for (guint i = 0; image->len < total; i++) {
    guint8 byte = (guint8) (i / 64 * 7 + i % 3);

    g_byte_array_append (image, &byte, 1);
  }
  return g_byte_array_free_to_bytes (image);
}
