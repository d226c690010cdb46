/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-command.h"

#include "fg-error.h"
#include "fg-hex.h"
#include "fg-wire.h"

#include <gio/gio.h>
#include <string.h>

typedef struct {
  const char *name;
  guint8 op;
  const char *data;
  const char *wire; /* PROTOCOL-FACTS 16 */
} BuildCase;

static const BuildCase build_cases[] = {
  { "sync", FG_OP_SYNC, "07071220 5555555555555555555555555555555555555555555555555555555555555555",
    "c0 00 08 24 00 00 00 00 00 07 07 12 20 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 "
    "55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0" },
  { "read-reg", FG_OP_READ_REG, "00100040", "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0" },
  { "change-baudrate", FG_OP_CHANGE_BAUDRATE, "00080700 00c20100",
    "c0 00 0f 08 00 00 00 00 00 00 08 07 00 00 c2 01 00 c0" },
};

static void
test_build (gconstpointer data)
{
  const BuildCase *c = data;
  g_autoptr (GByteArray) bytes = fg_hex_parse (c->data);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *wire = NULL;

  fg_command_build (c->op, bytes->data, bytes->len, 0, out);
  wire = fg_hex_format (out->data, out->len);
  g_assert_cmpstr (wire, ==, c->wire);
}

static void
test_build_data (void)
{
  const guint8 payload[] = { 0xc0, 0xdb, 0x00, 0xff };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *wire = NULL;

  fg_command_build_data (FG_OP_FLASH_DATA, 0, payload, sizeof payload, out);
  wire = fg_hex_format (out->data, out->len);
  /* the checksum word is EF ^ C0 ^ DB ^ 00 ^ FF = 0B, little-endian */
  g_assert_cmpstr (wire, ==,
                   "c0 00 03 14 00 0b 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 db "
                   "dc db dd 00 ff c0");
}

static void
test_checksum (void)
{
  guint8 ff[1024];

  memset (ff, 0xff, sizeof ff);
  g_assert_cmphex (fg_checksum (ff, 0), ==, 0xef);
  g_assert_cmphex (fg_checksum (ff, sizeof ff), ==, 0xef);
}

typedef struct {
  const char *name;
  const char *frame;
  guint8 op;
  gsize expected_len;
  int match; /* -1: no reply at all */
  guint reason;
  guint32 value;
} MatchCase;

static const MatchCase match_cases[] = {
  { "ok", "010a0200 78563412 0000", FG_OP_READ_REG, 0, FG_MATCH_OK, 0, 0x12345678 },
  { "ok-four-status-bytes", "010a0400 00000000 0000abcd", FG_OP_READ_REG, 0, FG_MATCH_OK, 0, 0 },
  { "ok-stale-code", "01020200 00000000 0005", FG_OP_FLASH_BEGIN, 0, FG_MATCH_OK, 0, 0 },
  { "refused", "01030200 00000000 0107", FG_OP_FLASH_DATA, 0, FG_MATCH_REFUSED, 0x0107, 0 },
  { "stub-refused", "01030200 00000000 c100", FG_OP_FLASH_DATA, 0, FG_MATCH_REFUSED, 0xc100, 0 },
  { "unsupported-under-old-op", "01080200 07071220 0105", FG_OP_SPI_ATTACH, 0, FG_MATCH_UNSUPPORTED,
    0, 0x20120707 },
  { "late-sync-reply", "01080200 07071220 0000", FG_OP_READ_REG, 0, FG_MATCH_OTHER, 0, 0x20120707 },
  { "md5-raw", "01131200 00000000 000102030405060708090a0b0c0d0e0f 0000", FG_OP_SPI_FLASH_MD5, 16,
    FG_MATCH_OK, 0, 0 },
  { "md5-error-is-short", "01130200 00000000 0105", FG_OP_SPI_FLASH_MD5, 16, FG_MATCH_REFUSED,
    0x0105, 0 },
  { "md5-success-without-digest", "01130200 00000000 0000", FG_OP_SPI_FLASH_MD5, 16, FG_MATCH_OTHER,
    0, 0 },
  { "no-status", "010a0000 00000000", FG_OP_READ_REG, 0, FG_MATCH_OTHER, 0, 0 },
  { "length-field-rules", "010a0200 00000000 0000 0100", FG_OP_READ_REG, 0, FG_MATCH_OK, 0, 0 },
  { "too-short", "010a0200 000000", FG_OP_READ_REG, 0, -1, 0, 0 },
  { "a-request", "000a0400 00000000 00100040", FG_OP_READ_REG, 0, -1, 0, 0 },
};

static void
test_match (gconstpointer data)
{
  const MatchCase *c = data;
  g_autoptr (GByteArray) frame = fg_hex_parse (c->frame);
  FgReply reply;
  guint reason = 0;

  g_assert_cmpint (fg_reply_parse (frame->data, frame->len, &reply), ==, c->match >= 0);
  if (c->match < 0)
    return;
  g_assert_cmpint ((int) fg_reply_match (&reply, c->op, c->expected_len, &reason), ==, c->match);
  g_assert_cmphex (reason, ==, c->reason);
  g_assert_cmphex (reply.value, ==, c->value);
}

static void
test_names (void)
{
  g_assert_cmpstr (fg_op_name (FG_OP_FLASH_BEGIN), ==, "FLASH_BEGIN");
  g_assert_cmpstr (fg_op_name (0xee), ==, "?");
  g_assert_cmpuint (fg_op_timeout_ms (FG_OP_SYNC), ==, 100);
  g_assert_cmpstr (fg_reason_text (0x0107), ==, "the checksum of the data is wrong");
  g_assert_cmpstr (fg_reason_text (0x0199), ==, "unknown reason");
}

/* Every code has a name of its own: the command line's contract. */
static void
test_error_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  for (int code = FG_ERROR_PORT_MISSING; code <= FG_ERROR_USAGE; code++) {
    g_autoptr (GError) error = g_error_new (FG_ERROR, code, "x");
    const char *name = fg_error_code_name (error);

    g_assert_nonnull (name);
    g_assert_true (g_hash_table_add (seen, (gpointer) name));
  }
  g_assert_cmpstr (fg_error_code_name (cancelled), ==, "cancelled");
  g_assert_cmpstr (fg_error_code_name (foreign), ==, "error");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (build_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/command/build/%s", build_cases[i].name);
    g_test_add_data_func (path, &build_cases[i], test_build);
  }
  for (guint i = 0; i < G_N_ELEMENTS (match_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/command/match/%s", match_cases[i].name);
    g_test_add_data_func (path, &match_cases[i], test_match);
  }
  g_test_add_func ("/command/build/flash-data", test_build_data);
  g_test_add_func ("/command/checksum", test_checksum);
  g_test_add_func ("/command/names", test_names);
  g_test_add_func ("/error/names", test_error_names);
  return g_test_run ();
}
