/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-inspect.h"

#include "fg-made.h"
#include "fg-placement.h"

#include <string.h>
#include <time.h>

#define TIME_LIMIT (CLOCKS_PER_SEC / 10) /* of the processor, for one hostile file */

/* "kind | chip | title | offset", and the code of each finding. */
static char *
tell (const FgContent *content)
{
  GString *text = g_string_new (NULL);
  FgPlaceHints hints = { 0 };
  guint32 offset;

  g_string_printf (text, "%s | %s | %s | ", fg_content_kind_name (content->kind),
                   content->chip != NULL ? content->chip->name : "-", content->title);
  if (fg_place_find (content, &hints, &offset))
    g_string_append_printf (text, "0x%x", offset);
  else
    g_string_append (text, "?");
  for (guint i = 0; i < content->findings->len; i++) {
    const FgFinding *finding = content->findings->pdata[i];

    g_string_append_printf (text, " %c%s", "i?!"[finding->severity], finding -> code);
  }
  return g_string_free (text, FALSE);
}

static const struct {
  const char *name;
  const char *told;
  const char *summary; /* NULL: none */
} made_rows[] = {
  { "v1", "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0", NULL },
  { "nodemcu-3", "esp8266-v1 | ESP8266 | NodeMCU 3.0.0.0 | 0x0",
    "3 modules · built 2021-12-30 14:50" },
  { "v2", "esp8266-v2 | ESP8266 | ESP8266 firmware for OTA or rBoot | 0x1000 iloader", NULL },
  { "rtos", "esp8266-rtos | ESP8266 | ESP8266 RTOS SDK program | 0x10000", NULL },
  { "sketch", "esp8266-v1 | ESP8266 | ESP8266 Arduino program | 0x0", NULL },
  { "irom", "esp8266-irom | ESP8266 | ESP8266 program code, second file | 0x10000", NULL },
  { "init-data", "init-data | ESP8266 | ESP8266 SDK init data | ?", "version 8" },
  { "app", "esp32-app | ESP32 | blink 1.2.3 | 0x10000",
    "ESP-IDF v5.1 · built Jan  2 2025 12:34:56" },
  { "app-c3", "esp32-app | ESP32-C3 | blink 1.2.3 | 0x10000",
    "ESP-IDF v5.1 · built Jan  2 2025 12:34:56" },
  { "bootloader", "bootloader | ESP32 | ESP32 bootloader | 0x1000",
    "ESP-IDF v5.1 · built Jan  2 2025 12:34:56" },
  { "partitions", "partition-table | - | Partition table | 0x8000", "5 partitions" },
  { "merged", "merged | ESP32 | blink 1.2.3 | 0x0", "merged, 3 parts" },
  { "merged-c3", "merged | ESP32-C3 | blink 1.2.3 | 0x0", "merged, 3 parts" },
  { "ota-data", "ota-data | - | OTA data | ?", "sequence number 1" },
  { "ota-data-blank", "ota-data | - | OTA data | ?", "blank: the first program starts" },
  { "blank", "blank | - | Blank (all FF) | ?", NULL },
  { "nvs", "nvs | - | NVS settings | ?", "1 entries in wifi" },
  { "littlefs", "littlefs | - | LittleFS file system | ?",
    "version 2.1 · 16 KB in blocks of 4096" },
  { "spiffs", "spiffs | - | SPIFFS file system | ?", "pages of 256, blocks of 4096" },
  { "fat", "fat | - | FAT file system | ?", "8 KB" },
};

static void
test_made (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = fg_made (made_rows[i].name);
  g_autoptr (FgContent) content = fg_inspect (bytes);
  g_autofree char *told = tell (content);

  g_assert_cmpstr (told, ==, made_rows[i].told);
  g_assert_cmpstr (content->summary, ==, made_rows[i].summary);
  g_assert_cmpuint (content->facts->len, >, 0);
}

/* The real files, where they are. */
static const struct {
  const char *file;
  const char *told;
  const char *summary;
} shared_rows[] = {
  { "nodemcu-2.2.1/nodemcu.bin", "esp8266-v1 | ESP8266 | NodeMCU 2.2.1 | 0x0",
    "13 modules · built 2019-07-16 14:01" },
  { "nodemcu-0.9.5/nodemcu_integer_0.9.5_20150318.bin",
    "esp8266-v1 | ESP8266 | NodeMCU 0.9.5 | 0x0", "built 20150318" },
  { "nodemcu-0.9.5/0x00000.bin", "esp8266-v1 | ESP8266 | NodeMCU 0.9.5 | 0x0", "built 20150213" },
  { "nodemcu-0.9.5/0x10000.bin",
    "esp8266-irom | ESP8266 | ESP8266 program code, second file | 0x10000", NULL },
  { "nodemcu-0.9.5/blank.bin", "blank | - | Blank (all FF) | ?", NULL },
  { "nodemcu-0.9.5/esp_init_data_default.bin", "init-data | ESP8266 | ESP8266 SDK init data | ?",
    "version 0" },
  { "esp32-nat-router/bootloader.bin", "bootloader | ESP32 | ESP32 bootloader | 0x1000",
    "ESP-IDF v5.5.4 · built Jun 19 2026 20:21:50" },
  { "esp32-nat-router/partition-table.bin", "partition-table | - | Partition table | 0x8000",
    "6 partitions" },
  { "esp32-nat-router/ota_data_initial.bin", "ota-data | - | OTA data | ?",
    "blank: the first program starts" },
  { "esp32-nat-router/esp32_nat_router.bin",
    "esp32-app | ESP32 | esp32_nat_router 2.4.14 | 0x10000",
    "ESP-IDF v5.5.4 · built Jun 19 2026 20:21:36" },
};

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
test_shared (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = shared_file (shared_rows[i].file);
  g_autoptr (FgContent) content = fg_inspect (bytes);
  g_autofree char *told = tell (content);

  g_assert_cmpstr (told, ==, shared_rows[i].told);
  g_assert_cmpstr (content->summary, ==, shared_rows[i].summary);
}

/* One byte of a file is changed. */
static const struct {
  const char *name;
  guint at;
  guint8 value;
  const char *told;
  gint64 position; /* of the first finding */
  const char *message;
} damage_rows[] = {
  { "v1", 0, 0x00, "data | - | Data | ? !header", 0, "first byte is 0x00" },
  { "v1", 1, 0xff, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 !segments", 1,
    "announces 255 segments" },
  { "v1", 2, 0xff, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 !header", 2,
    "flash mode in the header is 255" },
  { "v1", 3, 0xff, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 ?header", 3, "flash size" },
  { "v1", 6, 0x00, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 !entry", 4,
    "would start at 0x40000004" },
  { "v1", 50, 0x00, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 !checksum", 0x11f, "checksum" },
  { "v1", 13, 0xff, "esp8266-v1 | ESP8266 | ESP8266 firmware | 0x0 !truncated", 0x120,
    "Segment 1 needs" },
  { "v2", 40, 0x00,
    "esp8266-v2 | ESP8266 | ESP8266 firmware for OTA or rBoot | 0x1000 iloader "
    "!crc32",
    -1, "" },
  { "v2", 272, 0x00,
    "esp8266-v2 | ESP8266 | ESP8266 firmware for OTA or rBoot | 0x1000 iloader "
    "!header",
    -1, "" },
  { "sketch", 0x1000, 0x00, "esp8266-v1 | ESP8266 | ESP8266 Arduino program | 0x0 !header", 0x1000,
    "no image header at 0x1000" },
  { "sketch", 0x1100, 0x00, "esp8266-v1 | ESP8266 | ESP8266 Arduino program | 0x0 !checksum",
    0x11ef, "The program at 0x1000" },
  { "app", 12, 0xfe, "esp32-app | - | blink 1.2.3 | 0x10000 !chip", 12, "chip number 254" },
  { "app", 23, 0xff, "esp32-app | ESP32 | blink 1.2.3 | 0x10000 !header", 23,
    "can only be 0 or 1" },
  { "app", 200, 0xff, "esp32-app | ESP32 | blink 1.2.3 | 0x10000 !checksum", 0x1bf, "checksum" },
  { "app", 0x1c3, 0x00, "esp32-app | ESP32 | blink 1.2.3 | 0x10000 !sha256", 0x1c0, "SHA-256" },
  { "partitions", 0x2d, 0x01, "partition-table | - | Partition table | 0x8000 !md5", 0xb0, "MD5" },
  { "partitions", 0x20, 0x00, "partition-table | - | Partition table | 0x8000 !partition", 0x20,
    "Row 2 at 0x20" },
  { "merged", 0x20100, 0x00, "merged | ESP32 | blink 1.2.3 | 0x0 !checksum", 0x201bf,
    "blink 1.2.3 at 0x20000: The checksum" },
  { "merged", 0x8025, 0x00, "merged | ESP32 | blink 1.2.3 | 0x0 !md5", 0x80b0,
    "Partition table at 0x8000" },
  { "littlefs", 28, 0x05, "littlefs | - | LittleFS file system | ? !truncated", 0x4000, "20 KB" },
  { "fat", 19, 0x20, "fat | - | FAT file system | ? !truncated", 0x2000, "16 KB" },
};

static void
test_damage (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) good = fg_made (damage_rows[i].name);
  gsize len = g_bytes_get_size (good);
  guint8 *copy = g_memdup2 (g_bytes_get_data (good, NULL), len);
  g_autoptr (GBytes) bad = g_bytes_new_take (copy, len);
  g_autoptr (FgContent) content = NULL;
  g_autofree char *told = NULL;
  const FgFinding *first;

  g_assert_cmpuint (copy[damage_rows[i].at], !=, damage_rows[i].value);
  copy[damage_rows[i].at] = damage_rows[i].value;
  content = fg_inspect (bad);
  told = tell (content);
  g_assert_cmpstr (told, ==, damage_rows[i].told);
  first = content->findings->pdata[0];
  g_assert_cmpint (first->position, ==, damage_rows[i].position);
  if (strstr (first->message, damage_rows[i].message) == NULL)
    g_error ("“%s” does not say “%s”", first->message, damage_rows[i].message);
}

static FgContent *
inspect_hostile (const guint8 *data, gsize len)
{
  /* a copy of its own, so that a read past the end is seen by the sanitizer */
  g_autoptr (GBytes) bytes = g_bytes_new (data, len);
  clock_t begun = clock (); /* other programs may slow us down */
  FgContent *content = fg_inspect (bytes);

  g_assert_cmpint (clock () - begun, <, TIME_LIMIT);
  return content;
}

static gboolean
complains (const FgContent *content)
{
  const FgFinding *worst = fg_findings_worst (content->findings);

  return worst != NULL && worst->severity >= FG_SEVERITY_WARNING;
}

/* Bytes of the file that one can do without: padding, or code whose end nobody tells. */
static gsize
needed (const char *name, gsize len)
{
  static const struct {
    const char *name;
    gsize needed;
  } rows[] = {
    { "nodemcu-3", 0x120 }, { "v2", 400 },           { "irom", 0 },   { "partitions", 0xc0 },
    { "blank", 0 },         { "ota-data-blank", 0 }, { "spiffs", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].name, name))
      return rows[i].needed;
  return len;
}

/* Long files are cut everywhere near their start and end, and now and then between. */
static gsize
next_cut (gsize cut, gsize len)
{
  return cut < 700 || len - cut <= 300 ? cut + 1 : MIN (cut + 97, len - 300);
}

/* As long as it is still known what it is, it is known to be incomplete. */
static void
test_truncated (gconstpointer data)
{
  const FgMade *made = data;
  g_autoptr (GBytes) bytes = made->make ();
  gsize len;
  const guint8 *whole = g_bytes_get_data (bytes, &len);
  g_autoptr (FgContent) right = inspect_hostile (whole, len);

  for (gsize cut = 0; cut < len; cut = next_cut (cut, len)) {
    g_autoptr (FgContent) content = inspect_hostile (whole, cut);

    if (content->kind == right->kind && cut < needed (made->name, len) && !complains (content))
      g_error ("%s cut at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " has no finding", made->name,
               cut, len);
  }
}

/* Each of the first bytes at 0, at 255 and at random: no crash, no hang, and text is text. */
static void
test_header_bytes (gconstpointer data)
{
  const FgMade *made = data;
  g_autoptr (GBytes) bytes = made->make ();
  gsize len;
  const guint8 *whole = g_bytes_get_data (bytes, &len);
  g_autofree guint8 *copy = g_memdup2 (whole, len);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize at = 0; at < MIN (len, 64); at++) {
    const guint8 values[] = { 0x00, 0xff, (guint8) g_rand_int (random) };

    for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
      g_autoptr (FgContent) content = NULL;

      copy[at] = values[i];
      content = inspect_hostile (copy, len);
      g_assert_nonnull (content->title);
      for (guint k = 0; k < content->findings->len; k++) {
        const FgFinding *finding = content->findings->pdata[k];

        g_assert_true (g_utf8_validate (finding->message, -1, NULL));
        g_assert_cmpint (finding->position, <=, (gint64) len);
      }
    }
    copy[at] = whole[at];
  }
}

/* Banners without end, and partitions that all are the whole file. */
static void
test_absurd_counts (void)
{
  g_autoptr (GByteArray) banners = g_byte_array_new ();
  g_autoptr (GBytes) merged = fg_made ("merged");
  GByteArray *many = g_bytes_unref_to_array (g_bytes_ref (merged));
  g_autoptr (FgContent) first = NULL;
  g_autoptr (FgContent) second = NULL;

  while (banners->len < 2 << 20)
    g_byte_array_append (banners, (const guint8 *) "\xe9NodeMCU ", 9);
  first = inspect_hostile (banners->data, banners->len);
  g_byte_array_set_size (many, 2 << 20);
  for (guint row = 0; row < 95; row++)
    memcpy (many->data + 0x8000 + row * 32, "\xaa\x50\x00\x10\x00\x00\x00\x00\x00\x00\x20\x00", 12);
  second = inspect_hostile (many->data, many->len);
  g_assert_cmpuint (second->parts->len, <=, 3);
  g_byte_array_unref (many);
}

typedef struct {
  const char *name;
  guint32 flash_size;
  guint sdk_major;
  gboolean table;
  gint64 offset; /* -1: not known */
} PlaceRow;

static const PlaceRow place_rows[] = {
  { "init-data", 0, 0, FALSE, -1 },
  { "init-data", 512 << 10, 2, FALSE, 0x7c000 },
  { "init-data", 4 << 20, 2, FALSE, 0x3fc000 },
  { "init-data", 4 << 20, 0, FALSE, 0x3fc000 },
  { "init-data", 4 << 20, 3, FALSE, 0xf000 },
  { "init-data", 0, 3, FALSE, 0xf000 },
  { "app", 0, 0, FALSE, 0x10000 },
  { "app", 0, 0, TRUE, 0x20000 },
  { "bootloader", 0, 0, TRUE, 0x1000 },
  { "ota-data", 0, 0, FALSE, -1 },
  { "ota-data", 0, 0, TRUE, 0xd000 },
  { "nvs", 0, 0, TRUE, 0x9000 },
  { "spiffs", 0, 0, TRUE, 0x40000 },
  { "littlefs", 0, 0, TRUE, 0x40000 },
  { "fat", 0, 0, TRUE, -1 },
  { "blank", 4 << 20, 2, TRUE, -1 },
};

static void
test_place (gconstpointer data)
{
  const PlaceRow *row = data;
  g_autoptr (GBytes) table_bytes = fg_made ("partitions");
  g_autoptr (FgContent) table = fg_inspect (table_bytes);
  g_autoptr (GBytes) bytes = fg_made (row->name);
  g_autoptr (FgContent) content = fg_inspect (bytes);
  FgPlaceHints hints = { .flash_size = row->flash_size, .sdk_major = row->sdk_major };
  guint32 offset = 0;
  gboolean known;

  if (row->table)
    fg_place_hints_learn (&hints, table);
  known = fg_place_find (content, &hints, &offset);
  g_assert_cmpint (known ? (gint64) offset : -1, ==, row->offset);
}

static void
test_hints (void)
{
  g_autoptr (GBytes) bytes = fg_made ("nodemcu-3");
  g_autoptr (FgContent) content = fg_inspect (bytes);
  FgPlaceHints hints = { 0 };

  fg_place_hints_learn (&hints, content);
  g_assert_cmpuint (hints.sdk_major, ==, 3);
  g_assert_cmpstr (content->nodemcu->sdk, ==, "3.0.1-dev(fce080e)");
  g_assert_cmpstr (content->nodemcu->release, ==, "3.0.0-release_20211229 +1");
  g_assert_cmpstr (content->nodemcu->numbers, ==, "float");
  g_assert_cmpstr (content->nodemcu->ssl, ==, "true");
  g_assert_cmpstr (content->nodemcu->lua, ==, "5.1.4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (made_rows); i++) {
    g_autofree char *path = g_strdup_printf ("/inspect/made/%s", made_rows[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_made);
  }
  for (guint i = 0; i < G_N_ELEMENTS (shared_rows); i++) {
    g_autoptr (GBytes) there = shared_file (shared_rows[i].file);
    g_autofree char *path = g_strdup_printf ("/inspect/real/%s", shared_rows[i].file);
    if (there != NULL) /* real firmware is not part of the tree */
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_shared);
  }
  for (guint i = 0; i < G_N_ELEMENTS (damage_rows); i++) {
    g_autofree char *path =
        g_strdup_printf ("/inspect/damage/%s-0x%x", damage_rows[i].name, damage_rows[i].at);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damage);
  }
  for (const FgMade *made = fg_made_files (); made->name != NULL; made++) {
    g_autofree char *cut = g_strdup_printf ("/inspect/truncated/%s", made->name);
    g_autofree char *header = g_strdup_printf ("/inspect/header-bytes/%s", made->name);

    g_test_add_data_func (cut, made, test_truncated);
    g_test_add_data_func (header, made, test_header_bytes);
  }
  for (guint i = 0; i < G_N_ELEMENTS (place_rows); i++) {
    g_autofree char *path = g_strdup_printf ("/inspect/place/%u-%s", i, place_rows[i].name);
    g_test_add_data_func (path, &place_rows[i], test_place);
  }
  g_test_add_func ("/inspect/absurd-counts", test_absurd_counts);
  g_test_add_func ("/inspect/hints", test_hints);
  return g_test_run ();
}
