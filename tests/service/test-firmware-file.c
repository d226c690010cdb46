/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-file.h"

#include "fg-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each row is loaded in a folder of its own, where @file holds "firmware". */
static const struct {
  const char *label;
  const char *file;
  const char *what;
  guint32 offset;
} good_rows[] = {
  { "plain", "nodemcu.bin", "nodemcu.bin", 0 },
  { "name-offset", "0x10000.bin", "0x10000.bin", 0x10000 },
  { "name-offset-zero", "0x00000.bin", "0x00000.bin", 0 },
  { "name-offset-after-dash", "app-0x3FC000.bin", "app-0x3FC000.bin", 0x3fc000 },
  { "name-offset-after-word", "eagle.flash_0x1000.bin", "eagle.flash_0x1000.bin", 0x1000 },
  { "no-offset-inside-a-word", "a0x10.bin", "a0x10.bin", 0 },
  { "no-offset-not-hex", "0x10_v2.bin", "0x10_v2.bin", 0 },
  { "no-offset-too-long", "0x100000000.bin", "0x100000000.bin", 0 },
  { "given", "nodemcu.bin", "0x1000=nodemcu.bin", 0x1000 },
  { "given-decimal", "nodemcu.bin", "4096=nodemcu.bin", 0x1000 },
  { "given-unit", "nodemcu.bin", "1M=nodemcu.bin", 0x100000 },
  { "given-wins", "0x10000.bin", "0x2000=0x10000.bin", 0x2000 },
  { "equals-in-name", "a=b.bin", "a=b.bin", 0 },
  { "number-and-equals-in-name", "1=b.bin", "1=b.bin", 0 },
  { "equals-in-both", "a=b.bin", "4K=a=b.bin", 0x1000 },
  { "no-ascii", "Firmware für ESP.bin", "Firmware für ESP.bin", 0 },
};

static void
test_good (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgFirmware) firmware = NULL;
  gsize length;
  const void *bytes;

  g_assert_true (g_file_set_contents (good_rows[i].file, "firmware", 8, NULL));
  firmware = fg_firmware_load (good_rows[i].what, &error);
  g_remove (good_rows[i].file);
  g_assert_no_error (error);
  g_assert_cmphex (firmware->offset, ==, good_rows[i].offset);
  g_assert_cmpstr (firmware->name, ==, good_rows[i].file);
  bytes = g_bytes_get_data (firmware->bytes, &length);
  g_assert_cmpmem (bytes, length, "firmware", 8);
}

static const struct {
  const char *label;
  const char *what;
  int code;
  const char *message;
} bad_rows[] = {
  { "missing", "none.bin", FG_ERROR_FILE, "Cannot read none.bin: No such file or directory" },
  { "folder", "folder", FG_ERROR_FILE, "folder is a folder, not a file" },
  { "folder-at-offset", "0=folder", FG_ERROR_FILE, "folder is a folder, not a file" },
  { "device", "/dev/zero", FG_ERROR_FILE, "/dev/zero is a device or a pipe, not a file" },
  { "pipe", "pipe", FG_ERROR_FILE, "pipe is a device or a pipe, not a file" },
  { "empty", "empty.bin", FG_ERROR_FILE_EMPTY, "empty.bin is empty" },
  { "huge", "huge.bin", FG_ERROR_TOO_LARGE, "huge.bin has 129 MB" },
  { "bad-offset", "12q=empty.bin", FG_ERROR_USAGE, "“12q” is not a size" },
  { "huge-offset", "0x100000000=empty.bin", FG_ERROR_USAGE, "“0x100000000” is not a size" },
  { "no-name", "0x1000=", FG_ERROR_FILE, "Cannot read : No such file" },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (fg_firmware_load (bad_rows[i].what, &error));
  g_assert_error (error, FG_ERROR, bad_rows[i].code);
  if (!g_str_has_prefix (error->message, bad_rows[i].message))
    g_error ("“%s” does not begin with “%s”", error->message, bad_rows[i].message);
}

/* Root may read everything, so that is given up for a moment. */
static void
test_unreadable (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents ("secret.bin", "x", 1, NULL));
  g_assert_cmpint (g_chmod ("secret.bin", 0), ==, 0);
  if (getuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  g_assert_null (fg_firmware_load ("secret.bin", &error));
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "secret.bin"));
  g_assert_nonnull (strstr (error->message, "Permission denied"));
  g_remove ("secret.bin");
}

static void
test_save (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0new\xff", 5);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_set_contents ("out.bin", "old content", -1, NULL));
  g_assert_true (fg_firmware_save ("out.bin", bytes, &error));
  g_assert_true (g_file_get_contents ("out.bin", &text, &length, NULL));
  g_assert_cmpmem (text, length, "\0new\xff", 5);
  g_remove ("out.bin");

  g_assert_false (fg_firmware_save ("folder", bytes, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (fg_firmware_save ("none/out.bin", bytes, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "none/out.bin"));
}

static void
make_folder (void)
{
  g_assert_cmpint (g_mkdir ("folder", 0755), ==, 0);
  g_assert_cmpint (mkfifo ("pipe", 0644), ==, 0);
  g_assert_true (g_file_set_contents ("empty.bin", "", 0, NULL));
  g_assert_true (g_file_set_contents ("huge.bin", "", 0, NULL));
  g_assert_cmpint (truncate ("huge.bin", 129 * 1024 * 1024), ==, 0); /* a hole: takes no room */
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("fg-firmware-XXXXXX", NULL);
  int failed;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  make_folder ();
  for (guint i = 0; i < G_N_ELEMENTS (good_rows); i++) {
    g_autofree char *name = g_strconcat ("/firmware-file/good/", good_rows[i].label, NULL);

    g_test_add_data_func (name, GUINT_TO_POINTER (i), test_good);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_rows); i++) {
    g_autofree char *name = g_strconcat ("/firmware-file/bad/", bad_rows[i].label, NULL);

    g_test_add_data_func (name, GUINT_TO_POINTER (i), test_bad);
  }
  g_test_add_func ("/firmware-file/unreadable", test_unreadable);
  g_test_add_func ("/firmware-file/save", test_save);
  failed = g_test_run ();
  g_rmdir ("folder");
  g_remove ("pipe");
  g_remove ("empty.bin");
  g_remove ("huge.bin");
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  g_rmdir (folder);
  return failed;
}
