/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content-data.h"

#include "fg-intel-hex.h"
#include "fg-uf2.h"
#include "fg-wire.h"

#include <string.h>
#include <zlib.h>

#define SECTOR 4096u

/* ESP-IDF components/bootloader_support/include/esp_flash_partitions.h, esp_ota_select_entry_t:
 * one such entry at the start of each of two sectors. */
#define OTA_LEN (2 * SECTOR)
#define OTA_CRC 28
#define OTA_ENTRY 32

/* The SDK's esp_init_data_default*.bin: the second byte is its version. */
#define INIT_LEN 128u
static const guint8 init_start[] = { 0x05, 0x00, 0x04, 0x02, 0x05, 0x05, 0x05, 0x02 };
#define INIT_VERSION 1
#define INIT_VERSION_MAX 0x20

/* ESP-IDF components/nvs_flash/src/nvs_page.hpp: header, entry state bitmap, entries of 32 bytes.
 */
#define NVS_CRC 28
#define NVS_BITMAP 32
#define NVS_ENTRIES 64
#define NVS_ENTRY 32
#define NVS_ENTRIES_PER_PAGE 126
#define NVS_WRITTEN 2
#define NVS_KEY 8
#define NVS_KEY_LEN 16
#define NVS_MAX_NAMES 16

/* Code of the ESP8266 keeps its constants between the functions: addresses of RAM and of itself.
 * Other data hold such words by chance only. */
#define IROM_LOOK 16384u
#define IROM_LINKED 0x40200000u
#define IROM_RARE 512 /* in so many words at least one of each sort */
#define IROM_LATE 0x40000u

static gboolean
all_bytes_are (const guint8 *data, gsize len, guint8 value)
{
  return len > 0 && data[0] == value && memcmp (data, data + 1, len - 1) == 0;
}

/* The ROM's CRC, started with all ones: zlib's with that start. */
static guint32
rom_crc (const guint8 *data, guint len)
{
  return (guint32) crc32 (0xffffffff, data, len);
}

static gboolean
is_ota_entry (const guint8 *p)
{
  return fg_get_u32 (p) != 0xffffffff && fg_get_u32 (p + OTA_CRC) == rom_crc (p, 4);
}

gboolean
fg_content_read_ota_data (FgContent *self, const guint8 *data, gsize len)
{
  gboolean blank = len == OTA_LEN && all_bytes_are (data, len, 0xff);
  guint32 newest = 0;

  if (!blank && !(len >= OTA_ENTRY && len <= OTA_LEN && is_ota_entry (data))
      && !(len == OTA_LEN && all_bytes_are (data, SECTOR, 0xff) && is_ota_entry (data + SECTOR)))
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_OTA_DATA);
  fg_content_set_partition (self, 0x00);
  for (gsize at = 0; at + OTA_ENTRY <= len; at += SECTOR)
    if (is_ota_entry (data + at))
      newest = MAX (newest, fg_get_u32 (data + at));
  if (newest == 0)
    self->summary = g_strdup ("blank: the first program starts");
  else
    self->summary = g_strdup_printf ("sequence number %u", newest);
  if (len < OTA_LEN)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "OTA data have two sectors, 8192 bytes, and the file has %" G_GSIZE_FORMAT
                     ": it is incomplete",
                     len);
  return TRUE;
}

gboolean
fg_content_read_init_data (FgContent *self, const guint8 *data, gsize len)
{
  guint8 start[sizeof init_start];

  if (len < sizeof start || len > SECTOR || data[INIT_VERSION] > INIT_VERSION_MAX)
    return FALSE;
  memcpy (start, data, sizeof start);
  start[INIT_VERSION] = 0;
  if (memcmp (start, init_start, sizeof start) != 0)
    return FALSE;
  if (len > INIT_LEN && !all_bytes_are (data + INIT_LEN, len - INIT_LEN, 0xff))
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_ESP8266_INIT);
  self->chip = fg_chip_get (FG_CHIP_ESP8266);
  self->summary = g_strdup_printf ("version %u", data[INIT_VERSION]);
  fg_content_set_place (self, FG_PLACE_INIT_DATA, 0);
  if (len < INIT_LEN)
    fg_findings_add (
        self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
        "Init data have 128 bytes and the file has %" G_GSIZE_FORMAT ": it is incomplete", len);
  return TRUE;
}

/* Full, active or being freed; the bits are cleared one after the other. */
static gboolean
is_nvs_page (const guint8 *page)
{
  guint32 state = fg_get_u32 (page);

  return (state == 0xfffffffe || state == 0xfffffffc || state == 0xfffffff8)
         && page[8] >= 0xfe /* version 1 or 2 */
         && fg_get_u32 (page + NVS_CRC) == rom_crc (page + 4, NVS_CRC - 4);
}

static guint
nvs_entry_state (const guint8 *page, guint i)
{
  return page[NVS_BITMAP + i / 4] >> (i % 4 * 2) & 3;
}

/* Names are entries of the namespace number 0. Counts the others, too. */
static guint
read_nvs_page (const guint8 *page, GPtrArray *names)
{
  guint values = 0;
  guint span;

  for (guint i = 0; i < NVS_ENTRIES_PER_PAGE; i += span) {
    const guint8 *entry = page + NVS_ENTRIES + (gsize) i * NVS_ENTRY;

    span = 1;
    if (nvs_entry_state (page, i) != NVS_WRITTEN)
      continue;
    span = CLAMP (entry[2], 1, NVS_ENTRIES_PER_PAGE);
    if (entry[0] != 0) {
      values++;
    } else if (names->len < NVS_MAX_NAMES) {
      char *name = fg_dup_fixed_text (entry + NVS_KEY, NVS_KEY_LEN);

      if (name != NULL)
        g_ptr_array_add (names, name);
    }
  }
  return values;
}

gboolean
fg_content_read_nvs (FgContent *self, const guint8 *data, gsize len)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  guint values = 0;

  if (len < NVS_ENTRIES || !is_nvs_page (data))
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_NVS);
  fg_content_set_partition (self, 0x02);
  for (gsize at = 0; len - at >= SECTOR; at += SECTOR)
    if (is_nvs_page (data + at))
      values += read_nvs_page (data + at, names);
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **) names->pdata);
  self->summary = g_strdup_printf ("%u entries%s%s", values, *list != '\0' ? " in " : "", list);
  if (len % SECTOR != 0)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "The file ends inside a page of 4096 bytes: it is incomplete");
  return TRUE;
}

gboolean
fg_content_read_irom (FgContent *self, const guint8 *data, gsize len)
{
  guint words = (guint) MIN (len, IROM_LOOK) / 4;
  guint own = 0, late = 0, ram = 0;
  guint enough = MAX (words / IROM_RARE, 4);

  for (guint i = 0; i < words; i++) {
    guint32 word = fg_get_u32 (data + (gsize) i * 4);

    if (word >= IROM_LINKED && word < IROM_LINKED + 0x100000) {
      own++;
      late += word >= IROM_LINKED + IROM_LATE;
    } else if ((word >= 0x3ffe8000 && word < 0x40000000)
               || (word >= 0x40100000 && word < 0x40108000)) {
      ram++;
    }
  }
  if (own < enough || ram < enough)
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_ESP8266_IROM);
  self->chip = fg_chip_get (FG_CHIP_ESP8266);
  /* old SDKs linked it for 0x40000, so that the first half could grow */
  fg_content_set_place (self, FG_PLACE_FIXED, late * 10 > own * 9 ? IROM_LATE : 0x10000);
  return TRUE;
}

static const char *
container_title (const guint8 *data, gsize len)
{
  if (len >= 4 && memcmp (data, "PK\003\004", 4) == 0)
    return "Zip archive";
  if (len >= 3 && memcmp (data, "\x1f\x8b\x08", 3) == 0)
    return "Compressed file (gzip)";
  if (fg_uf2_is (data, len))
    return "UF2 file";
  if (fg_intel_hex_is (data, len))
    return "Intel HEX file";
  return NULL;
}

gboolean
fg_content_read_mistake (FgContent *self, const guint8 *data, gsize len)
{
  const char *container = container_title (data, len);

  if (container != NULL) {
    fg_content_set_kind (self, FG_CONTENT_CONTAINER);
    self->title = g_strdup (container);
  } else if (len >= 4
             && memcmp (data,
                        "\x7f"
                        "ELF",
                        4)
                    == 0) {
    fg_content_set_kind (self, FG_CONTENT_ELF);
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "elf", 0,
                     "This is the program for a debugger (ELF): flash the .bin that was built "
                     "with it");
  } else if (self->image->kind == FG_IMAGE_TEXT) {
    fg_content_set_kind (self, FG_CONTENT_TEXT);
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, self->image->code, 0, "%s",
                     self->image->problem);
  } else {
    return FALSE;
  }
  return TRUE;
}
