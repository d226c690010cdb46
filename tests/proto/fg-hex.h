/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Bytes as text that one can read: "c0 01 db" and back. */

#include <glib.h>

static inline GByteArray *
fg_hex_parse (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  while (*text != '\0') {
    if (g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1])) {
      guint8 byte = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));

      g_byte_array_append (bytes, &byte, 1);
      text++;
    }
    text++;
  }
  return bytes;
}

static inline char *
fg_hex_format (const guint8 *data, gsize len)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < len; i++)
    g_string_append_printf (text, "%s%02x", i == 0 ? "" : " ", data[i]);
  return g_string_free (text, FALSE);
}
