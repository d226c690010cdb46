/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-slip.h"

#include "fg-hex.h"

typedef struct {
  const char *name;
  const char *wire;     /* bytes pushed */
  const char *expected; /* frames in (), noise as bytes, "!" for a dropped frame */
} DecodeCase;

static const DecodeCase decode_cases[] = {
  { "plain", "c0 01 02 c0", "(01 02)" },
  { "escapes", "c0 db dc db dd c0", "(c0 db)" },
  { "bad-escape", "c0 01 db 03 04 c0 05 c0", "! 04 (05)" },
  { "escape-at-end", "c0 01 db c0 c0 02 c0", "! (02)" },
  { "boot-text", "41 42 c0 07 c0", "41 42 (07)" },
  { "shared-delimiter", "c0 01 c0 c0 02 c0", "(01) (02)" },
  { "extra-delimiters", "c0 c0 c0 01 c0 c0 c0", "(01)" },
  { "noise-between", "c0 01 c0 0d 0a c0 02 c0", "(01) 0d 0a (02)" },
  { "half-frame", "c0 01 02", "" },
  { "ohai", "c0 4f 48 41 49 c0", "(4f 48 41 49)" },
};

static void
append_word (GString *text, const char *word)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word);
}

static char *
decode (const char *wire)
{
  g_autoptr (GByteArray) bytes = fg_hex_parse (wire);
  GString *text = g_string_new (NULL);
  FgSlipDecoder decoder;

  fg_slip_decoder_init (&decoder);
  for (guint i = 0; i < bytes->len; i++) {
    FgSlipResult result = fg_slip_decoder_push (&decoder, bytes->data[i]);
    g_autofree char *hex = fg_hex_format (decoder.frame->data, decoder.frame->len);
    g_autofree char *frame = g_strdup_printf ("(%s)", hex);
    g_autofree char *noise = g_strdup_printf ("%02x", bytes->data[i]);

    if (result != FG_SLIP_MORE)
      append_word (text, result == FG_SLIP_FRAME ? frame : result == FG_SLIP_BAD ? "!" : noise);
  }
  fg_slip_decoder_clear (&decoder);
  return g_string_free (text, FALSE);
}

static void
test_decode (gconstpointer data)
{
  const DecodeCase *c = data;
  g_autofree char *got = decode (c->wire);

  g_assert_cmpstr (got, ==, c->expected);
}

static void
test_round_trip (void)
{
  GRand *rand = g_rand_new_with_seed (20150318);

  for (guint round = 0; round < 200; round++) {
    g_autoptr (GByteArray) data = g_byte_array_new ();
    g_autoptr (GByteArray) wire = g_byte_array_new ();
    FgSlipDecoder decoder;
    guint frames = 0;

    g_byte_array_set_size (data, (guint) g_rand_int_range (rand, 1, 300));
    for (guint i = 0; i < data->len; i++)
      data->data[i] = (guint8) (g_rand_boolean (rand) ? 0xc0 + g_rand_int_range (rand, 0, 32)
                                                      : g_rand_int_range (rand, 0, 256));
    fg_slip_encode (data->data, data->len, wire);
    fg_slip_decoder_init (&decoder);
    for (guint i = 0; i < wire->len; i++)
      frames += fg_slip_decoder_push (&decoder, wire->data[i]) == FG_SLIP_FRAME;
    g_assert_cmpuint (frames, ==, 1);
    g_assert_cmpmem (decoder.frame->data, decoder.frame->len, data->data, data->len);
    fg_slip_decoder_clear (&decoder);
  }
  g_rand_free (rand);
}

static void
test_too_long (void)
{
  FgSlipDecoder decoder;
  guint bad = 0;

  fg_slip_decoder_init (&decoder);
  fg_slip_decoder_push (&decoder, 0xc0);
  for (guint i = 0; i < FG_SLIP_MAX_FRAME; i++)
    g_assert_cmpint (fg_slip_decoder_push (&decoder, 0x55), ==, FG_SLIP_MORE);
  for (guint i = 0; i < 10; i++)
    bad += fg_slip_decoder_push (&decoder, 0x55) == FG_SLIP_BAD;
  g_assert_cmpuint (bad, ==, 1);
  g_assert_cmpuint (decoder.frame->len, ==, 0);
  fg_slip_decoder_clear (&decoder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (decode_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/slip/decode/%s", decode_cases[i].name);
    g_test_add_data_func (path, &decode_cases[i], test_decode);
  }
  g_test_add_func ("/slip/round-trip", test_round_trip);
  g_test_add_func ("/slip/too-long", test_too_long);
  return g_test_run ();
}
