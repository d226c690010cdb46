/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-intel-hex.h"
#include "fg-uf2.h"

#include "fg-error.h"

#include <string.h>

/* "ADDRESS:LENGTH …" */
static char *
tell (const GPtrArray *pieces)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++) {
    const FgPiece *piece = pieces->pdata[i];

    g_string_append_printf (text, "%s%x:%x", i > 0 ? " " : "", piece->address, piece->bytes->len);
  }
  return g_string_free (text, FALSE);
}

/* The checksums were computed by hand from the specification's rule. */
static const struct {
  const char *name;
  const char *text;
  const char *told;
  const char *message; /* part of it; NULL: the file is right */
} hex_rows[] = {
  { "one", ":0400000001020304F2\n:00000001FF\n", "0:4", NULL },
  { "dos-lines", ":0400000001020304F2\r\n:00000001FF\r\n", "0:4", NULL },
  { "no-last-newline", ":0400000001020304F2\n:00000001FF", "0:4", NULL },
  { "joined", ":020000000102FB\n:020002000304F5\n:00000001FF\n", "0:4", NULL },
  { "out-of-order", ":020002000304F5\n:020000000102FB\n:00000001FF\n", "0:4", NULL },
  { "gap-in-a-sector", ":020000000102FB\n:020010000102EB\n:00000001FF\n", "0:12", NULL },
  { "gap", ":020000000102FB\n:022000000102DB\n:00000001FF\n", "0:2 2000:2", NULL },
  { "within-a-sector", ":020010000102EB\n:00000001FF\n", "0:12", NULL },
  { "linear", ":020000040001F9\n:020000000102FB\n:00000001FF\n", "10000:2", NULL },
  { "segment", ":020000021000EC\n:020000000102FB\n:00000001FF\n", "10000:2", NULL },
  { "start-is-ignored", ":0400000500000000F7\n:020000000102FB\n:00000001FF\n", "0:2", NULL },
  { "after-the-end", ":020000000102FB\n:00000001FF\nwhatever\n", "0:2", NULL },
  { "empty", ":00000001FF\n", NULL, "holds no data" },
  { "checksum", ":0400000001020304F3\n:00000001FF\n", NULL,
    "line 1 of the Intel HEX file has a "
    "wrong checksum" },
  { "no-end", ":0400000001020304F2\n", NULL, "without an end record" },
  { "cut", ":0400000001020304F2\n:0400000001", NULL, "line 2" },
  { "odd", ":0400000001020304F\n:00000001FF\n", NULL, "line 1" },
  { "no-digit", ":04000000010203G4F2\n:00000001FF\n", NULL, "at column 16" },
  { "no-colon", ":0400000001020304F2\n0400000001020304F2\n", NULL, "line 2" },
  { "type", ":00000009F7\n", NULL, "of type 9" },
  { "far", ":020000041000EA\n:020000000102FB\n:00000001FF\n", NULL, "0x10000000, where no flash" },
  { "twice", ":020000000102FB\n:020001000102FA\n:00000001FF\n", NULL, "twice" },
};

static void
test_hex (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  const guint8 *text = (const guint8 *) hex_rows[i].text;
  gsize len = strlen (hex_rows[i].text);
  g_autoptr (GPtrArray) pieces = fg_intel_hex_read (text, len, &error);
  g_autofree char *told = pieces != NULL ? tell (pieces) : NULL;

  g_assert_true (fg_intel_hex_is (text, len));
  g_assert_cmpstr (told, ==, hex_rows[i].told);
  if (hex_rows[i].message == NULL) {
    g_assert_no_error (error);
    return;
  }
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE_KIND);
  if (strstr (error->message, hex_rows[i].message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, hex_rows[i].message);
}

static void
fill (guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++)
    data[i] = (guint8) (i * 7 + (i >> 8));
}

static void
test_hex_round (void)
{
  g_autoptr (GString) file = g_string_new (NULL);
  g_autoptr (GPtrArray) pieces = NULL;
  guint8 data[300];

  fill (data, sizeof data);
  fg_intel_hex_write (file, 0xff80, data, sizeof data); /* across 64 KB */
  fg_intel_hex_end (file);
  pieces = fg_intel_hex_read ((const guint8 *) file->str, file->len, NULL);
  g_assert_cmpuint (pieces->len, ==, 1);
  g_assert_cmpmem (((FgPiece *) pieces->pdata[0])->bytes->data + 0xf80, sizeof data, data,
                   sizeof data);
}

static GByteArray *
make_uf2 (const FgChip *chip)
{
  GByteArray *file = g_byte_array_new ();
  guint8 data[600];

  fill (data, sizeof data);
  fg_uf2_write (file, chip, 0x1000, data, sizeof data);
  return file;
}

static void
test_uf2_round (void)
{
  g_autoptr (GByteArray) file = make_uf2 (fg_chip_get (FG_CHIP_ESP32S3));
  g_autoptr (GPtrArray) pieces = NULL;
  const FgChip *chip = NULL;
  guint8 data[600];

  fill (data, sizeof data);
  g_assert_cmpuint (file->len, ==, 3 * 512);
  g_assert_true (fg_uf2_is (file->data, file->len));
  pieces = fg_uf2_read (file->data, file->len, &chip, NULL);
  g_assert_cmpuint (pieces->len, ==, 1);
  g_assert_cmpstr (chip->name, ==, "ESP32-S3");
  g_assert_cmpmem (((FgPiece *) pieces->pdata[0])->bytes->data, sizeof data, data, sizeof data);
}

/* One byte is changed; the family id of the ESP32-S3 is c47e5767. */
static const struct {
  const char *name;
  guint at;
  guint8 value;
  int code;
  const char *message;
} uf2_rows[] = {
  { "first-magic", 512, 0, FG_ERROR_FILE_KIND, "block 1 of the UF2 file (at 0x200) has wrong" },
  { "second-magic", 1024 + 5, 0, FG_ERROR_FILE_KIND, "block 2" },
  { "end-magic", 511, 0, FG_ERROR_FILE_KIND, "block 0" },
  { "size", 17, 0xff, FG_ERROR_FILE_KIND, "more than it can" },
  { "address", 15, 0xff, FG_ERROR_FILE_KIND, "no flash is" },
  { "number", 20, 3, FG_ERROR_FILE_KIND, "beyond the count" },
  { "count", 24, 0, FG_ERROR_FILE_KIND, "beyond the count" },
  { "no-family", 9, 0, FG_ERROR_WRONG_CHIP, "another family (0x00000000)" },
  { "other-family", 28, 0x66, FG_ERROR_WRONG_CHIP, "another family (0xC47E5766)" },
  { "twice", 512 + 13, 0x10, FG_ERROR_FILE_KIND, "twice" },
};

static void
test_uf2_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GByteArray) file = make_uf2 (fg_chip_get (FG_CHIP_ESP32S3));
  g_autoptr (GError) error = NULL;
  const FgChip *chip = NULL;

  file->data[uf2_rows[i].at] = uf2_rows[i].value;
  g_assert_null (fg_uf2_read (file->data, file->len, &chip, &error));
  g_assert_error (error, FG_ERROR, uf2_rows[i].code);
  if (strstr (error->message, uf2_rows[i].message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, uf2_rows[i].message);
}

static void
test_uf2_cut (void)
{
  g_autoptr (GByteArray) file = make_uf2 (fg_chip_get (FG_CHIP_ESP32));

  for (guint len = 8; len < file->len; len += 17) {
    g_autofree guint8 *cut = g_memdup2 (file->data, len);
    g_autoptr (GError) error = NULL;
    const FgChip *chip = NULL;

    g_assert_null (fg_uf2_read (cut, len, &chip, &error));
    g_assert_error (error, FG_ERROR, FG_ERROR_FILE_KIND);
  }
}

/* A file for two chips: the board decides. */
static void
test_uf2_chips (void)
{
  g_autoptr (GByteArray) file = make_uf2 (fg_chip_get (FG_CHIP_ESP32S3));
  g_autoptr (GByteArray) other = make_uf2 (fg_chip_get (FG_CHIP_ESP32S2));
  g_autoptr (GPtrArray) pieces = NULL;
  g_autoptr (GError) error = NULL;
  const FgChip *chip = NULL;

  g_byte_array_append (file, other->data, other->len);
  g_assert_null (fg_uf2_read (file->data, file->len, &chip, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP);
  g_clear_error (&error);
  chip = fg_chip_get (FG_CHIP_ESP32S2);
  pieces = fg_uf2_read (file->data, file->len, &chip, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pieces->len, ==, 1);
  chip = fg_chip_get (FG_CHIP_ESP32);
  g_assert_null (fg_uf2_read (file->data, file->len, &chip, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (hex_rows); i++) {
    g_autofree char *path = g_strdup_printf ("/addressed/hex/%s", hex_rows[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_hex);
  }
  for (guint i = 0; i < G_N_ELEMENTS (uf2_rows); i++) {
    g_autofree char *path = g_strdup_printf ("/addressed/uf2-bad/%s", uf2_rows[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_uf2_bad);
  }
  g_test_add_func ("/addressed/hex-round", test_hex_round);
  g_test_add_func ("/addressed/uf2-round", test_uf2_round);
  g_test_add_func ("/addressed/uf2-cut", test_uf2_cut);
  g_test_add_func ("/addressed/uf2-chips", test_uf2_chips);
  return g_test_run ();
}
