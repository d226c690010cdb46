/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-advice.h"
#include "fg-firmware-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define MB (1024u * 1024u)

/* A piece as it comes out of fg_bundle_open(). */
static FgFirmwareItem *
item_new (const char *name, guint32 offset, FgBundlePlaced placed, gconstpointer data, gsize length)
{
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  FgBundleItem *piece = g_new0 (FgBundleItem, 1);

  piece->firmware = fg_firmware_new (name, offset, bytes);
  piece->content = fg_inspect (bytes);
  piece->source = g_strdup (name);
  piece->placed = placed;
  return fg_firmware_item_new (file, piece);
}

/* Nothing that anybody recognises. */
static FgFirmwareItem *
data_new (const char *name, guint32 offset, FgBundlePlaced placed, gsize length)
{
  g_autofree guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 7 + i / 256);
  return item_new (name, offset, placed, data, length);
}

/* "error: text [remedy]" for each advice. */
static char *
describe (const GPtrArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++) {
    const FgAdvice *advice = g_ptr_array_index (list, i);
    g_autofree char *remedy = fg_advice_dup_remedy_label (advice);

    g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "",
                            fg_severity_name (advice->severity), advice->message);
    if (remedy != NULL)
      g_string_append_printf (text, " [%s]", remedy);
  }
  return g_string_free (text, FALSE);
}

typedef struct {
  const char *name;
  const char *typed; /* as the offset; NULL: nothing */
  guint32 offset;
  FgBundlePlaced placed;
  guint32 flash_size; /* 0: no board */
  gsize length;
  const char *expected;
} Case;

static const Case cases[] = {
  { "fine", NULL, 0x10000, FG_BUNDLE_BY_NAME, MB, 5000, "" },
  { "no-board", NULL, 0xff000, FG_BUNDLE_BY_NAME, 0, 5000, "" },
  { "no-number", "0x1000g", 0x10000, FG_BUNDLE_BY_NAME, MB, 5000,
    "error: The offset is not a number: type 0x10000, 65536 or 64K." },
  { "emptied", "", 0x10000, FG_BUNDLE_BY_NAME, MB, 5000,
    "error: Its content does not tell where it goes: type an offset." },
  { "kilobytes", "64K", 0, FG_BUNDLE_UNPLACED, MB, 5000, "" },
  { "unaligned", "0x10010", 0, FG_BUNDLE_UNPLACED, MB, 5000,
    "error: An offset is a multiple of 0x1000, the size of a sector. [Move to 0x10000]" },
  { "fits-just", "0xFE000", 0, FG_BUNDLE_UNPLACED, MB, 8192, "" },
  { "too-long", "0xFF000", 0, FG_BUNDLE_UNPLACED, MB, 8192,
    "error: It does not fit: it ends at 0x101000, and the flash has 1 MB." },
  { "too-far", "0xFFFFF000", 0, FG_BUNDLE_UNPLACED, MB, 4096,
    "error: It does not fit: it ends at 0x100000000, and the flash has 1 MB." },
  { "overlaps", "0x42000", 0, FG_BUNDLE_UNPLACED, MB, 4096,
    "error: It overlaps with other.bin, which ends at 0x42388: each file needs sectors of 4 KB "
    "of its own." },
  { "behind", "0x43000", 0, FG_BUNDLE_UNPLACED, MB, 4096, "" },
};

static void
test_place (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GListStore) items = g_list_store_new (FG_TYPE_FIRMWARE_ITEM);
  g_autoptr (FgFirmwareItem) other = data_new ("other.bin", 0x40000, FG_BUNDLE_BY_NAME, 9096);
  g_autoptr (FgFirmwareItem) item = data_new ("this.bin", c->offset, c->placed, c->length);
  FgBoardInfo board = { .chip = fg_chip_get (FG_CHIP_ESP8266), .flash_size = c->flash_size };
  FgAdviceContext context = { .board = c->flash_size != 0 ? &board : NULL,
                              .hints = { .flash_size = c->flash_size } };
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *found = NULL;

  g_list_store_append (items, other);
  g_list_store_append (items, item);
  if (c->typed != NULL)
    fg_firmware_item_type_offset (item, c->typed);
  list = fg_advice_about_item (G_LIST_MODEL (items), 1, &context);
  found = describe (list);
  g_assert_cmpstr (found, ==, c->expected);
}

static void
test_text (void)
{
  const char page[] = "<!DOCTYPE html>\n<html><body>404 not found</body></html>\n";
  const char text[] = "-- init.lua\nprint ('hello')\nnode.restart ()\nprint ('hello again')\n";
  const struct {
    const char *text;
    FgBundlePlaced placed;
    FgSeverity severity;
  } texts[] = {
    { page, FG_BUNDLE_UNPLACED, FG_SEVERITY_ERROR },
    { page, FG_BUNDLE_BY_USER, FG_SEVERITY_ERROR },
    { text, FG_BUNDLE_UNPLACED, FG_SEVERITY_ERROR },
    { text, FG_BUNDLE_BY_USER, FG_SEVERITY_WARNING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GListStore) items = g_list_store_new (FG_TYPE_FIRMWARE_ITEM);
    g_autoptr (FgFirmwareItem) item =
        item_new ("text.bin", 0x1000, texts[i].placed, texts[i].text, strlen (texts[i].text));
    FgAdviceContext context = { 0 };
    g_autoptr (GPtrArray) list = NULL;

    g_list_store_append (items, item);
    list = fg_advice_about_item (G_LIST_MODEL (items), 0, &context);
    g_assert_cmpuint (list->len, ==, 1);
    g_assert_cmpint (((FgAdvice *) g_ptr_array_index (list, 0))->severity, ==, texts[i].severity);
  }
}

static void
test_mode (void)
{
  g_autoptr (GListStore) items = g_list_store_new (FG_TYPE_FIRMWARE_ITEM);
  g_autoptr (FgFirmwareItem) item = data_new ("this.bin", 0, FG_BUNDLE_BY_USER, 4096);
  FgBoardInfo board = { .chip = fg_chip_get (FG_CHIP_ESP8266),
                        .variant = (char *) "ESP8285N08",
                        .recommended_mode = FG_FLASH_MODE_DOUT };
  FgAdviceContext context = { .board = &board, .mode = FG_FLASH_MODE_QIO };
  g_autoptr (GPtrArray) wrong = NULL, right = NULL;
  g_autofree char *found = NULL;

  g_list_store_append (items, item);
  wrong = fg_advice_about_all (G_LIST_MODEL (items), &context);
  found = describe (wrong);
  g_assert_cmpstr (found, ==,
                   "warning: The flash of this ESP8285N08 is known to work in mode DOUT only. "
                   "[Use DOUT]");
  context.mode = FG_FLASH_MODE_AUTO;
  right = fg_advice_about_all (G_LIST_MODEL (items), &context);
  g_assert_cmpuint (right->len, ==, 0);
}

/* Data that nobody knows go to the start, as long as nothing else is there. */
static void
test_placed_anew (void)
{
  const FgPlaceHints hints = { 0 };
  g_autoptr (FgFirmwareItem) item = data_new ("this.bin", 0, FG_BUNDLE_UNPLACED, 4096);

  fg_firmware_item_place (item, &hints, TRUE);
  g_assert_cmpint (fg_firmware_item_get_place (item), ==, FG_ITEM_UNPLACED);
  fg_firmware_item_place (item, &hints, FALSE);
  g_assert_cmpint (fg_firmware_item_get_place (item), ==, FG_ITEM_PLACED);
  fg_firmware_item_move (item, 0x20000);
  fg_firmware_item_place (item, &hints, TRUE);
  g_assert_cmpuint (fg_firmware_item_get_offset (item), ==, 0x20000);
}

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_dir_make_tmp ("folder-XXXXXX", &error);
  g_autofree char *first = g_build_filename (path, "b.bin", NULL);
  g_autofree char *second = g_build_filename (path, "a.HEX", NULL);
  g_autofree char *list = g_build_filename (path, "flasher_args.json", NULL);
  g_auto (GStrv) none = NULL, two = NULL, only = NULL;

  none = fg_firmware_folder_list (path, &error);
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE);
  g_clear_error (&error);
  g_file_set_contents (first, "x", 1, NULL);
  g_file_set_contents (second, "x", 1, NULL);
  two = fg_firmware_folder_list (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  g_assert_cmpstr (two[0], ==, second);
  g_file_set_contents (list, "x", 1, NULL);
  only = fg_firmware_folder_list (path, &error);
  g_assert_cmpuint (g_strv_length (only), ==, 1);
  g_assert_cmpstr (only[0], ==, list);
  g_remove (first);
  g_remove (second);
  g_remove (list);
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/advice/place/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_place);
  }
  g_test_add_func ("/advice/text", test_text);
  g_test_add_func ("/advice/mode", test_mode);
  g_test_add_func ("/advice/placed-anew", test_placed_anew);
  g_test_add_func ("/advice/folder", test_folder);
  return g_test_run ();
}
