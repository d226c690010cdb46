/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rfc2217-telnet.h"

#include <stdlib.h>
#include <string.h>

/* What the other side sends after our requests, what we answer, the bytes of the port, and the
 * commands as "CODE:VALUE". All in hexadecimal; a blank is passed over. */
typedef struct {
  const char *name;
  const char *in;
  const char *out;
  const char *data;
  const char *commands;
} Row;

static const Row rows[] = {
  { "plain", "c0 01 02 c0", "", "c00102c0", "" },
  { "escaped", "28 ff ff fc ff ff ff ff", "", "28fffcffff", "" },
  { "no newline rules", "0d 00 0d 0a 00", "", "0d000d0a00", "" },
  { "nop and are-you-there", "61 ff f1 62 ff f6 63", "", "616263", "" },
  { "agreed to what we asked", "ff fd 00 ff fb 00 ff fd 03 ff fb 03 ff fd 2c", "", "", "" },
  { "said twice", "ff fd 00 ff fd 00 ff fd 2c ff fd 2c", "", "", "" },
  { "echo is refused", "ff fb 01 ff fe 01", "ff fe 01", "", "" },
  { "terminal type is refused", "ff fd 18", "ff fc 18", "", "" },
  { "option 255", "ff fb ff 61", "ff fe ff", "61", "" },
  { "shared from both ends", "ff fb 2c", "ff fd 2c", "", "" },
  { "taken back", "ff fd 2c ff fe 2c", "ff fc 2c", "", "" },
  { "refused stays silent", "ff fe 2c ff fc 00", "", "", "" },
  { "refused, then wanted", "ff fe 2c ff fd 2c", "ff fb 2c", "", "" },
  { "command", "ff fa 2c 65 00 01 c2 00 ff f0", "", "", "65:0001c200" },
  { "command amid data", "61 ff fa 2c 69 08 ff f0 62", "", "6162", "69:08" },
  { "escaped value", "ff fa 2c 6f ff ff ff f0", "", "", "6f:ff" },
  { "command 255", "ff fa 2c ff ff 01 ff f0", "", "", "ff:01" },
  { "command without value", "ff fa 2c 6c ff f0", "", "", "6c:" },
  { "other option's", "ff fa 18 01 ff f0 61", "", "61", "" },
  { "empty", "ff fa ff f0 ff fa 2c ff f0 61", "", "61", "" },
  { "two", "ff fa 2c 66 08 ff f0 ff fa 2c 67 01 ff f0", "", "", "66:08 67:01" },
  { "unfinished", "61 ff fa 2c 66 08", "", "61", "" },
};

static GByteArray *
from_hex (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *text != '\0'; text += *text == ' ' ? 1 : 2) {
    const char digits[] = { text[0], text[0] == ' ' ? ' ' : text[1], '\0' };
    guint8 byte = (guint8) strtoul (digits, NULL, 16);

    if (text[0] != ' ')
      g_byte_array_append (bytes, &byte, 1);
  }
  return bytes;
}

static char *
to_hex (const guint8 *bytes, gsize len)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < len; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static void
on_command (guint8 code, const guint8 *value, gsize len, gpointer data)
{
  g_autofree char *hex = to_hex (value, len);

  g_string_append_printf (data, "%s%02x:%s", ((GString *) data)->len > 0 ? " " : "", code, hex);
}

static void
assert_hex (const GByteArray *bytes, const char *expected)
{
  g_autoptr (GByteArray) wanted = from_hex (expected);

  g_assert_cmpmem (bytes->data, bytes->len, wanted->data, wanted->len);
}

/* @step: how many bytes arrive at once */
static void
run_row (const Row *row, gsize step)
{
  g_autoptr (GByteArray) in = from_hex (row->in);
  g_autoptr (GString) commands = g_string_new (NULL);
  FgTelnet telnet;

  g_test_message ("%s, %zu at a time", row->name, step);
  fg_telnet_init (&telnet, on_command, commands);
  fg_telnet_ask (&telnet);
  assert_hex (telnet.out, "ff fb 2c ff fb 00 ff fd 00 ff fb 03 ff fd 03");
  g_byte_array_set_size (telnet.out, 0);
  for (gsize at = 0; at < in->len; at += step)
    fg_telnet_receive (&telnet, in->data + at, MIN (step, in->len - at));
  assert_hex (telnet.out, row->out);
  assert_hex (telnet.data, row->data);
  g_assert_cmpstr (commands->str, ==, row->commands);
  fg_telnet_clear (&telnet);
}

static void
test_receive (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    run_row (&rows[i], 1);
    run_row (&rows[i], 3);
    run_row (&rows[i], 1000);
  }
}

static void
test_send (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  fg_telnet_put_data (out, (const guint8 *) "\xff\x01\xff\xff\x02", 5);
  assert_hex (out, "ff ff 01 ff ff ff ff 02");
  g_byte_array_set_size (out, 0);
  fg_telnet_put_command (out, 1, (const guint8 *) "\0\0\xff\0", 4);
  assert_hex (out, "ff fa 2c 01 00 00 ff ff 00 ff f0");
  g_byte_array_set_size (out, 0);
  fg_telnet_put_command (out, 0, NULL, 0);
  assert_hex (out, "ff fa 2c 00 ff f0");
}

/* A subnegotiation without an end takes no memory without an end. */
static void
test_endless (void)
{
  static const guint8 start[] = { 0xff, 0xfa, 0x2c, 0x64 };
  FgTelnet telnet;
  guint8 junk[4096];

  memset (junk, 0x55, sizeof junk);
  fg_telnet_init (&telnet, on_command, NULL);
  fg_telnet_receive (&telnet, start, sizeof start);
  for (guint i = 0; i < 64; i++)
    fg_telnet_receive (&telnet, junk, sizeof junk);
  g_assert_cmpuint (telnet.sub->len, <=, 1024);
  g_assert_cmpuint (telnet.data->len, ==, 0);
  fg_telnet_clear (&telnet);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rfc2217-telnet/receive", test_receive);
  g_test_add_func ("/rfc2217-telnet/send", test_send);
  g_test_add_func ("/rfc2217-telnet/endless", test_endless);
  return g_test_run ();
}
