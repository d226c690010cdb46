/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-file.h"

#include "fg-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define FILE_NAME "stub.json"

static FgStubImage *
load (const char *text, GError **error)
{
  FgStubImage *image;

  g_assert_true (g_file_set_contents (FILE_NAME, text, -1, NULL));
  image = fg_stub_file_load (FILE_NAME, error);
  g_remove (FILE_NAME);
  return image;
}

/* As esptool has it, with what only others look at. A length that is no multiple of 4 is filled up.
 */
static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgStubImage) image =
      load ("{\"entry\": 1074839556, \"text\": \"AQIDBAU=\", \"text_start\": 1074839552,"
            " \"data\": \"/w==\", \"data_start\": 1073643520, \"bss_start\": 1073643524,"
            " \"version\": [1, 2]}",
            &error);
  gsize len;
  const void *bytes;

  g_assert_no_error (error);
  g_assert_cmphex (image->entry, ==, 0x4010c004);
  g_assert_cmphex (image->text_address, ==, 0x4010c000);
  g_assert_cmphex (image->data_address, ==, 0x3ffe8000);
  bytes = g_bytes_get_data (image->text, &len);
  g_assert_cmpmem (bytes, len, "\1\2\3\4\5\0\0\0", 8);
  bytes = g_bytes_get_data (image->data, &len);
  g_assert_cmpmem (bytes, len, "\xff\0\0\0", 4);
}

static void
test_no_data (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgStubImage) image =
      load ("{\"entry\": 16, \"text\": \"AQIDBA==\", \"text_start\": 16}", &error);

  g_assert_no_error (error);
  g_assert_null (image->data);
}

static const struct {
  const char *label;
  const char *text;
  const char *words;
} bad_rows[] = {
  { "empty", "", "entry" },
  { "no-json", "{\"entry\": ", "Cannot read the stub" },
  { "binary", "\xe9\x01\x02", "Cannot read the stub" },
  { "a-list", "[1]", "entry" },
  { "nothing", "{}", "“entry” is not an address" },
  { "entry-text", "{\"entry\": \"0x10\"}", "“entry” is not an address" },
  { "entry-negative", "{\"entry\": -4}", "“entry” is not an address" },
  { "entry-too-large", "{\"entry\": 4294967296}", "“entry” is not an address" },
  { "no-text", "{\"entry\": 16, \"text_start\": 16}", "“text” is missing" },
  { "text-number", "{\"entry\": 16, \"text_start\": 16, \"text\": 5}", "“text” is missing" },
  { "text-empty", "{\"entry\": 16, \"text_start\": 16, \"text\": \"\"}", "“text” does not hold" },
  { "text-no-base64", "{\"entry\": 16, \"text_start\": 16, \"text\": \"AQ!DBA==\"}",
    "“text” does not hold" },
  { "text-cut", "{\"entry\": 16, \"text_start\": 16, \"text\": \"AQIDB\"}",
    "“text” does not hold" },
  { "text-odd-address", "{\"entry\": 17, \"text_start\": 17, \"text\": \"AQIDBA==\"}",
    "“text_start” is not an address" },
  { "entry-before", "{\"entry\": 12, \"text_start\": 16, \"text\": \"AQIDBA==\"}",
    "“entry” is not inside" },
  { "entry-behind", "{\"entry\": 20, \"text_start\": 16, \"text\": \"AQIDBA==\"}",
    "“entry” is not inside" },
  { "data-without-address",
    "{\"entry\": 16, \"text_start\": 16, \"text\": \"AQIDBA==\", \"data\": \"AQ==\"}",
    "“data_start” is not an address" },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (load (bad_rows[i].text, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE_KIND);
  g_assert_nonnull (strstr (error->message, bad_rows[i].words));
  g_assert_nonnull (strstr (error->message, FILE_NAME));
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fg_stub_file_load ("nowhere.json", &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = g_dir_make_tmp ("fulgurite-stub-file-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (g_chdir (dir), ==, 0);
  g_test_add_func ("/stub-file/good", test_good);
  g_test_add_func ("/stub-file/no-data", test_no_data);
  for (guint i = 0; i < G_N_ELEMENTS (bad_rows); i++) {
    g_autofree char *path = g_strdup_printf ("/stub-file/bad/%s", bad_rows[i].label);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad);
  }
  g_test_add_func ("/stub-file/missing", test_missing);
  status = g_test_run ();
  g_rmdir (dir);
  return status;
}
