/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-rig.h"

#include <string.h>

#define HOUR_US (3600 * G_GINT64_CONSTANT (1000000))

Rig *
rig_new (const char *spec)
{
  g_autoptr (GError) error = NULL;
  Rig *self = g_new0 (Rig, 1);

  self->board = fg_sim_board_new (spec, &error);
  g_assert_no_error (error);
  self->heard = g_byte_array_new ();
  self->now_us = 1000;
  self->status_len = g_str_has_prefix (spec, "esp8") ? 2 : 4;
  fg_sim_board_set_host_baud (self->board, 115200, self->now_us);
  return self;
}

/* To a loader it is no frame, and enough to know the rate by. */
static void
let_measure (Rig *self)
{
  for (guint i = 0; i < 32; i++)
    rig_put (self, "55");
  rig_settle (self);
  g_byte_array_set_size (self->heard, 0);
}

Rig *
rig_new_loader (const char *spec)
{
  const char *dump = g_str_has_prefix (spec, "esp8266") ? g_getenv ("FG_ROM_DUMP") : NULL;
  g_autofree char *whole =
      g_strconcat (spec, ",timing=none,boot=loader", dump != NULL ? ",rom=" : NULL, dump, NULL);
  Rig *self = rig_new (whole);

  if (dump != NULL)
    let_measure (self);
  return self;
}

Rig *
rig_new_synced (const char *keys)
{
  g_autofree char *spec = g_strdup_printf ("esp8266%s%s", *keys != '\0' ? "," : "", keys);

  return rig_new_chip (spec);
}

Rig *
rig_new_chip (const char *spec)
{
  Rig *self = rig_new_loader (spec);

  rig_put (self, "c0 00 08 24 00 00 00 00 00 07 07 12 20"
                 " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"
                 " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0");
  rig_settle (self);
  g_byte_array_set_size (self->heard, 0);
  return self;
}

void
rig_free (Rig *self)
{
  fg_sim_board_free (self->board);
  g_byte_array_unref (self->heard);
  g_free (self);
}

GBytes *
rig_bytes (const char *hex)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (*hex != '\0') {
    guint8 byte;

    if (*hex == ' ') {
      hex++;
      continue;
    }
    byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
    g_byte_array_append (bytes, &byte, 1);
    hex += 2;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

char *
rig_hex (const guint8 *data, gsize len)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < len; i++)
    g_string_append_printf (text, "%s%02x", i == 0 ? "" : " ", data[i]);
  return g_string_free (text, FALSE);
}

void
rig_put_bytes (Rig *self, const guint8 *data, gsize len)
{
  fg_sim_board_put (self->board, data, len, self->now_us);
}

void
rig_put (Rig *self, const char *hex)
{
  g_autoptr (GBytes) bytes = rig_bytes (hex);
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  rig_put_bytes (self, data, len);
}

static void
append_escaped (GByteArray *out, const guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++) {
    if (data[i] == 0xc0)
      g_byte_array_append (out, (const guint8 *) "\xdb\xdc", 2);
    else if (data[i] == 0xdb)
      g_byte_array_append (out, (const guint8 *) "\xdb\xdd", 2);
    else
      g_byte_array_append (out, data + i, 1);
  }
}

void
rig_request (Rig *self, guint8 op, guint32 checksum, const guint8 *data, gsize len)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 header[8] = { 0x00, op, (guint8) len, (guint8) (len >> 8), (guint8) checksum };

  g_byte_array_append (out, (const guint8 *) "\xc0", 1);
  append_escaped (out, header, sizeof header);
  append_escaped (out, data, len);
  g_byte_array_append (out, (const guint8 *) "\xc0", 1);
  rig_put_bytes (self, out->data, out->len);
}

void
rig_request_words (Rig *self, guint8 op, gsize n, const guint32 *words)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  for (gsize i = 0; i < n; i++) {
    guint32 word = GUINT32_TO_LE (words[i]);

    g_byte_array_append (data, (const guint8 *) &word, 4);
  }
  rig_request (self, op, 0, data->data, data->len);
}

guint8
rig_checksum (const guint8 *data, gsize len)
{
  guint8 sum = 0xef;

  for (gsize i = 0; i < len; i++)
    sum ^= data[i];
  return sum;
}

void
rig_block (Rig *self, guint8 op, guint32 sequence, const guint8 *payload, gsize len)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  const guint32 header[4] = { GUINT32_TO_LE ((guint32) len), GUINT32_TO_LE (sequence), 0, 0 };

  g_byte_array_append (data, (const guint8 *) header, sizeof header);
  g_byte_array_append (data, payload, (guint) len);
  rig_request (self, op, rig_checksum (payload, len), data->data, data->len);
}

static void
collect (Rig *self)
{
  guint8 buffer[512];
  gsize n;

  while ((n = fg_sim_board_get (self->board, buffer, sizeof buffer, self->now_us)) > 0)
    g_byte_array_append (self->heard, buffer, (guint) n);
}

void
rig_run (Rig *self, gint64 us)
{
  gint64 end = self->now_us + us;

  collect (self);
  while (TRUE) {
    gint64 next = fg_sim_board_next_event (self->board, self->now_us);

    if (next > end)
      break;
    self->now_us = MAX (next, self->now_us);
    collect (self);
  }
  self->now_us = end;
  collect (self);
}

void
rig_settle (Rig *self)
{
  gint64 end = self->now_us + HOUR_US;

  collect (self);
  while (TRUE) {
    gint64 next = fg_sim_board_next_event (self->board, self->now_us);

    if (next > end)
      return;
    self->now_us = MAX (next, self->now_us);
    collect (self);
  }
}

char *
rig_frame (Rig *self)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint i = 0;

  while (i < self->heard->len && self->heard->data[i] != 0xc0)
    i++;
  for (i++; i < self->heard->len; i++) {
    guint8 byte = self->heard->data[i];

    if (byte == 0xc0) {
      g_byte_array_remove_range (self->heard, 0, i + 1);
      return rig_hex (frame->data, frame->len);
    }
    if (byte == 0xdb) {
      i++;
      g_assert_cmpuint (i, <, self->heard->len);
      byte = self->heard->data[i] == 0xdc ? 0xc0 : 0xdb;
    }
    g_byte_array_append (frame, &byte, 1);
  }
  return g_strdup ("");
}

char *
rig_text (Rig *self)
{
  gboolean any = self->heard->len > 0;
  char *text = g_strndup (any ? (const char *) self->heard->data : "", self->heard->len);

  g_byte_array_set_size (self->heard, 0);
  return text;
}

static GBytes *
take_reply (Rig *self)
{
  g_autofree char *hex = rig_frame (self);
  g_autoptr (GBytes) reply = rig_bytes (hex);
  const guint8 *bytes = g_bytes_get_data (reply, NULL);

  g_assert_cmpuint (g_bytes_get_size (reply), >=, 8 + self->status_len);
  g_assert_cmpuint (bytes[0], ==, 0x01);
  g_assert_cmpuint (g_bytes_get_size (reply), ==, 8 + bytes[2] + 256u * bytes[3]);
  return g_steal_pointer (&reply);
}

guint
rig_data (Rig *self, char **hex)
{
  g_autoptr (GBytes) reply = take_reply (self);
  const guint8 *bytes = g_bytes_get_data (reply, NULL);
  gsize len = g_bytes_get_size (reply) - 8 - self->status_len;
  guint failure = bytes[8 + len] == 0 ? 0 : bytes[8 + len + 1];

  g_assert_cmpuint (self->heard->len, ==, 0);
  *hex = rig_hex (bytes + 8, len);
  return failure;
}

guint
rig_status (Rig *self)
{
  g_autofree char *data = NULL;
  guint failure = rig_data (self, &data);

  g_assert_cmpstr (data, ==, "");
  return failure;
}

guint32
rig_read_reg (Rig *self, guint32 address)
{
  g_autoptr (GBytes) reply = NULL;
  const guint8 *bytes;

  rig_command (self, 0x0a, address);
  rig_settle (self);
  reply = take_reply (self);
  bytes = g_bytes_get_data (reply, NULL);
  g_assert_cmpuint (bytes[1], ==, 0x0a);
  g_assert_cmpuint (bytes[8], ==, 0);
  return bytes[4] | (guint32) bytes[5] << 8 | (guint32) bytes[6] << 16 | (guint32) bytes[7] << 24;
}

void
rig_write_reg (Rig *self, guint32 address, guint32 value)
{
  g_assert_cmpuint (rig_do (self, 0x09, address, value, 0xffffffff, 0), ==, 0);
}
