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
