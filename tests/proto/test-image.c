/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-image.h"

#include "fg-make-image.h"

#include <string.h>

static GBytes *
shared_file (const char *name)
{
  const char *shared = g_getenv ("FG_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : ".", "firmware", name, NULL);
  char *data;
  gsize len;

  return g_file_get_contents (path, &data, &len, NULL) ? g_bytes_new_take (data, len) : NULL;
}

static void
test_v1 (void)
{
  g_autoptr (GBytes) bytes = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 3, 5000);
  g_autoptr (FgImageInfo) info = fg_image_inspect (bytes);

  g_assert_cmpint (info->kind, ==, FG_IMAGE_ESP8266_V1);
  g_assert_cmpstr (info->chip->name, ==, "ESP8266");
  g_assert_cmpuint (info->mode, ==, FG_FLASH_MODE_DIO);
  g_assert_cmphex (info->size_freq, ==, 0x40);
  g_assert_cmpuint (info->segments->len, ==, 3);
  g_assert_true (info->checksum_ok);
  g_assert_false (info->truncated);
  g_assert_null (info->problem);
}

/* Cut anywhere, nothing is read that is not there, and the damage is seen. */
static void
test_truncated (void)
{
  g_autoptr (GBytes) whole = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 2, 0);

  for (gsize len = 1; len < g_bytes_get_size (whole); len++) {
    /* a copy of its own, so that a read past the end is seen by the sanitizer */
    g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (whole, NULL), len);
    g_autoptr (FgImageInfo) info = fg_image_inspect (cut);

    if (info->kind == FG_IMAGE_ESP8266_V1)
      g_assert_true (info->truncated && info->problem != NULL);
  }
}

static void
test_wrong_checksum (void)
{
  g_autoptr (GBytes) good = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 2, 300);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (good, NULL), g_bytes_get_size (good));
  g_autoptr (GBytes) bad = NULL;
  g_autoptr (FgImageInfo) info = NULL;

  copy[100] ^= 0x10;
  bad = g_bytes_new (copy, g_bytes_get_size (good));
  info = fg_image_inspect (bad);
  g_assert_cmpint (info->kind, ==, FG_IMAGE_ESP8266_V1);
  g_assert_false (info->checksum_ok);
  g_assert_cmphex (info->checksum_stored ^ info->checksum_computed, ==, 0x10);
  g_assert_nonnull (strstr (info->problem, "damaged"));
}

typedef struct {
  const char *name;
  const char *bytes;
  gsize len;
  FgImageKind kind;
  const char *problem; /* part of it; NULL: none */
} SmallCase;

static const SmallCase small_cases[] = {
  { "web-page", "<!DOCTYPE html><title>404</title>", 33, FG_IMAGE_TEXT, "web page" },
  { "text", "print('hello')\n", 15, FG_IMAGE_TEXT, "text file" },
  { "blank", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9, FG_IMAGE_BLANK, NULL },
  { "data", "\x00\xfe\xef?\xe0\xbf#@", 8, FG_IMAGE_DATA, NULL },
  { "empty", "", 0, FG_IMAGE_DATA, NULL },
  { "one-byte", "\xe9", 1, FG_IMAGE_DATA, NULL },
  { "too-many-segments", "\xe9\x40\x00\x00\x00\x00\x10\x40\x00\x00\x10\x40", 12,
    FG_IMAGE_ESP8266_V1, "announces 64 segments" },
  { "huge-segment", "\xe9\x01\x00\x00\x00\x00\x10\x40\x00\x00\x10\x40\xff\xff\xff\xff", 16,
    FG_IMAGE_ESP8266_V1, "incomplete" },
  { "v2-without-image", "\xea\x04\x02\x40\x00\x00\x10\x40\x00\x00\x00\x00\xff\xff\xff\x7f", 16,
    FG_IMAGE_ESP8266_V2, "incomplete" },
};

static void
test_small (gconstpointer data)
{
  const SmallCase *c = data;
  g_autoptr (GBytes) bytes = g_bytes_new (c->bytes, c->len);
  g_autoptr (FgImageInfo) info = fg_image_inspect (bytes);

  g_assert_cmpint (info->kind, ==, c->kind);
  if (c->problem == NULL)
    g_assert_null (info->problem);
  else
    g_assert_nonnull (strstr (info->problem, c->problem));
}

typedef struct {
  const char *file;
  FgImageKind kind;
  const char *chip;
  const char *title;
  const char *details;
} SharedCase;

static const SharedCase shared_cases[] = {
  { "nodemcu-2.2.1/nodemcu.bin", FG_IMAGE_ESP8266_V1, "ESP8266", "NodeMCU 2.2.1",
    "13 modules · built 2019-07-16 14:01" },
  { "nodemcu-0.9.5/nodemcu_integer_0.9.5_20150318.bin", FG_IMAGE_ESP8266_V1, "ESP8266",
    "NodeMCU 0.9.5", "built 20150318" },
  { "nodemcu-0.9.5/0x00000.bin", FG_IMAGE_ESP8266_V1, "ESP8266", "NodeMCU 0.9.5",
    "built 20150213" },
  { "nodemcu-0.9.5/blank.bin", FG_IMAGE_BLANK, NULL, NULL, NULL },
  { "nodemcu-0.9.5/esp_init_data_default.bin", FG_IMAGE_DATA, NULL, NULL, NULL },
  { "esp32-nat-router/bootloader.bin", FG_IMAGE_ESP32, "ESP32", NULL, NULL },
  { "esp32-nat-router/esp32_nat_router.bin", FG_IMAGE_ESP32, "ESP32", NULL, NULL },
  { "esp32-nat-router/partition-table.bin", FG_IMAGE_DATA, NULL, NULL, NULL },
};

static void
test_shared (gconstpointer data)
{
  const SharedCase *c = data;
  g_autoptr (GBytes) bytes = shared_file (c->file);
  g_autoptr (FgImageInfo) info = fg_image_inspect (bytes);

  g_assert_cmpstr (fg_image_kind_name (info->kind), ==, fg_image_kind_name (c->kind));
  g_assert_cmpstr (info->chip != NULL ? info->chip->name : NULL, ==, c->chip);
  g_assert_cmpstr (info->title, ==, c->title);
  g_assert_cmpstr (info->details, ==, c->details);
  g_assert_null (info->problem);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/v1", test_v1);
  g_test_add_func ("/image/truncated", test_truncated);
  g_test_add_func ("/image/wrong-checksum", test_wrong_checksum);
  for (guint i = 0; i < G_N_ELEMENTS (small_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/image/small/%s", small_cases[i].name);
    g_test_add_data_func (path, &small_cases[i], test_small);
  }
  for (guint i = 0; i < G_N_ELEMENTS (shared_cases); i++) {
    g_autoptr (GBytes) there = shared_file (shared_cases[i].file);
    g_autofree char *path = g_strdup_printf ("/image/real/%s", shared_cases[i].file);
    if (there != NULL) /* real firmware is not part of the tree */
      g_test_add_data_func (path, &shared_cases[i], test_shared);
  }
  return g_test_run ();
}
