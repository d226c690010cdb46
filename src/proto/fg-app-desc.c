/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-app-desc.h"

#include "fg-wire.h"

#include <string.h>

/* ESP-IDF components/esp_app_format/include/esp_app_desc.h, struct esp_app_desc_t. */
#define APP_MAGIC 0xabcd5432
#define APP_LEN 256
#define APP_VERSION 16
#define APP_PROJECT 48
#define APP_TIME 80
#define APP_DATE 96
#define APP_IDF 112
#define APP_SHA 144
/* components/esp_bootloader_format/include/esp_bootloader_desc.h, struct esp_bootloader_desc_t. */
#define BOOT_MAGIC 0x50
#define BOOT_LEN 80
#define BOOT_VERSION 4
#define BOOT_IDF 8
#define BOOT_BUILT 40
#define BOOT_BUILT_LEN 24
#define TEXT_LEN 32
#define SHORT_LEN 16
#define SHA_LEN 32

/**
 * fg_dup_fixed_text:
 * @field: @size bytes, ended by a NUL or by the field's end
 *
 * Returns: (transfer full) (nullable): printable UTF-8; %NULL when nothing is left
 */
char *
fg_dup_fixed_text (const guint8 *field, gsize size)
{
  g_autofree char *raw = g_strndup ((const char *) field, size);
  g_autofree char *text = g_utf8_make_valid (raw, -1);

  for (char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  g_strstrip (text);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* The start of a segment with room for @size bytes that begins as @is_it says. */
static gsize
find_at_segment (const FgImageInfo *image,
                 const guint8 *data,
                 gsize len,
                 gsize size,
                 gboolean (*is_it) (const guint8 *p))
{
  for (guint i = 0; i < image->segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (image->segments, FgImageSegment, i);

    if (segment->length >= size && segment->offset <= len && len - segment->offset >= size
        && is_it (data + segment->offset))
      return segment->offset;
  }
  return 0;
}

static gboolean
is_app_desc (const guint8 *p)
{
  return fg_get_u32 (p) == APP_MAGIC;
}

static gboolean
is_boot_desc (const guint8 *p)
{
  return p[0] == BOOT_MAGIC && p[2] == 0 && p[3] == 0
         && (p[BOOT_IDF] == 'v' || g_ascii_isxdigit (p[BOOT_IDF]));
}

static char *
dup_hex (const guint8 *bytes, gsize n)
{
  GString *text = g_string_sized_new (2 * n);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/** fg_app_desc_find: Returns: (transfer full) (nullable): %NULL when the image has none */
FgAppDesc *
fg_app_desc_find (const FgImageInfo *image, const guint8 *data, gsize len)
{
  gsize at = find_at_segment (image, data, len, APP_LEN, is_app_desc);
  g_autofree char *date = NULL;
  g_autofree char *time = NULL;
  FgAppDesc *self;

  if (at == 0)
    return NULL;
  self = g_new0 (FgAppDesc, 1);
  self->offset = at;
  self->secure_version = fg_get_u32 (data + at + 4);
  self->version = fg_dup_fixed_text (data + at + APP_VERSION, TEXT_LEN);
  self->project = fg_dup_fixed_text (data + at + APP_PROJECT, TEXT_LEN);
  self->idf = fg_dup_fixed_text (data + at + APP_IDF, TEXT_LEN);
  date = fg_dup_fixed_text (data + at + APP_DATE, SHORT_LEN);
  time = fg_dup_fixed_text (data + at + APP_TIME, SHORT_LEN);
  if (date != NULL)
    self->built = g_strjoin (" ", date, time, NULL); /* reproducible builds have neither */
  self->elf_sha256 = dup_hex (data + at + APP_SHA, SHA_LEN);
  return self;
}

/** fg_boot_desc_find: Returns: (transfer full) (nullable): %NULL when the image has none */
FgAppDesc *
fg_boot_desc_find (const FgImageInfo *image, const guint8 *data, gsize len)
{
  gsize at = find_at_segment (image, data, len, BOOT_LEN, is_boot_desc);
  FgAppDesc *self;

  if (at == 0)
    return NULL;
  self = g_new0 (FgAppDesc, 1);
  self->offset = at;
  self->secure_version = data[at + 1];
  self->version = g_strdup_printf ("%u", fg_get_u32 (data + at + BOOT_VERSION));
  self->idf = fg_dup_fixed_text (data + at + BOOT_IDF, TEXT_LEN);
  self->built = fg_dup_fixed_text (data + at + BOOT_BUILT, BOOT_BUILT_LEN);
  return self;
}

void
fg_app_desc_free (FgAppDesc *self)
{
  g_free (self->project);
  g_free (self->version);
  g_free (self->idf);
  g_free (self->built);
  g_free (self->elf_sha256);
  g_free (self);
}
