/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content-image.h"

#include "fg-wire.h"

#include <string.h>

#define IROM_OFFSET 0x10000u     /* of the code in a combined ESP8266 file */
#define APP_OFFSET 0x10000u      /* of the first program in the usual partition tables */
#define OTA_OFFSET 0x1000u       /* of the SDK's user1.bin */
#define SKETCH_OFFSET 0x1000u    /* of the program behind Arduino's own loader, eboot */
#define EBOOT_ADDRESS 0x4010f000 /* Arduino core, bootloaders/eboot/eboot.ld */
#define MODE_MAX 5
#define BOOT_TEXT "2nd stage bootloader" /* what ESP-IDF's bootloaders say when they start */

/* Where flash is mapped into the address space: esptool targets/<chip>.py, IROM_MAP_START to
 * DROM_MAP_END. A program has segments there, a bootloader has none. */
static gboolean
is_mapped_flash (const FgChip *chip, guint32 address)
{
  switch ((guint) chip->id) {
  case FG_CHIP_ESP8266:
    return address >= 0x40200000 && address < 0x40300000;
  case FG_CHIP_ESP32:
    return (address >= 0x3f400000 && address < 0x3f800000)
           || (address >= 0x400d0000 && address < 0x40400000);
  case FG_CHIP_ESP32S2:
    return (address >= 0x3f000000 && address < 0x3f3f0000)
           || (address >= 0x40080000 && address < 0x40b80000);
  case FG_CHIP_ESP32P4:
  case FG_CHIP_ESP32S31:
    return address >= 0x40000000 && address < 0x4c000000;
  default:
    return (address >= 0x3c000000 && address < 0x3e000000)
           || (address >= 0x42000000 && address < 0x44000000);
  }
}

static const FgImageSegment *
segment_at (const FgImageInfo *image, guint i)
{
  return &g_array_index (image->segments, FgImageSegment, i);
}

static gboolean
uses_mapped_flash (const FgImageInfo *image)
{
  for (guint i = 0; i < image->segments->len; i++)
    if (is_mapped_flash (image->chip, segment_at (image, i)->address))
      return TRUE;
  return FALSE;
}

static gboolean
says_bootloader (const FgImageInfo *image, const guint8 *data, gsize len)
{
  gsize end = image->end != 0 ? image->end : len;

  return memmem (data, end, BOOT_TEXT, strlen (BOOT_TEXT)) != NULL;
}

static void
check_entry (FgContent *self)
{
  const FgImageInfo *image = self->image;

  for (guint i = 0; i < image->segments->len; i++) {
    const FgImageSegment *segment = segment_at (image, i);

    if (image->entry >= segment->address && image->entry - segment->address < segment->length)
      return;
  }
  fg_findings_add (self->findings, FG_SEVERITY_ERROR, "entry", 4,
                   "The program would start at 0x%08X, where no segment of it is: "
                   "the file is damaged",
                   image->entry);
}

static void
check_header (FgContent *self)
{
  const FgImageInfo *image = self->image;

  if (image->mode > MODE_MAX)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "header", 2,
                     "The flash mode in the header is %u, which no chip knows: the file is damaged",
                     image->mode);
  if (image->chip == NULL)
    return;
  if (fg_flash_size_from_nibble (image->chip, image->size_freq >> 4) == 0)
    fg_findings_add (self->findings, FG_SEVERITY_WARNING, "header", 3,
                     "The flash size in the header, 0x%X, is not known", image->size_freq >> 4);
  if (fg_flash_freq_from_nibble (image->chip, image->size_freq & 0x0f) == 0)
    fg_findings_add (self->findings, FG_SEVERITY_WARNING, "header", 3,
                     "The flash frequency in the header, 0x%X, is not known",
                     image->size_freq & 0x0fu);
}

static void
check_segments (FgContent *self)
{
  const FgImageInfo *image = self->image;

  for (guint i = 0; image->chip != NULL && i < image->segments->len; i++) {
    const FgImageSegment *segment = segment_at (image, i);
    gboolean fits = image->chip->id == FG_CHIP_ESP8266
                        ? segment->address == 0
                              || (segment->address >= 0x3ffe8000 && segment->address < 0x40300000)
                        : segment->address == 0
                              || (segment->address >= 0x20000000 && segment->address < 0x70000000);
    if (!fits)
      fg_findings_add (self->findings, FG_SEVERITY_ERROR, "segments", segment->offset - 8,
                       "Segment %u is for address 0x%08X, where the %s has no memory: "
                       "the file is damaged",
                       i + 1, segment->address, image->chip->name);
  }
}

static void
check (FgContent *self)
{
  const FgImageInfo *image = self->image;

  if (image->problem != NULL)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, image->code, (gint64) image->problem_at,
                     "%s", image->problem);
  check_header (self);
  check_segments (self);
  if (!image->truncated && image->segments->len > 0)
    check_entry (self);
}

static void
title_from_app (FgContent *self)
{
  const FgAppDesc *app = self->app;

  if (app->project != NULL && app->version != NULL)
    self->title = g_strdup_printf ("%s %s", app->project, app->version);
  else if (app->project != NULL)
    self->title = g_strdup (app->project);
  if (app->idf != NULL)
    self->summary =
        g_strdup_printf ("ESP-IDF %s%s%s", app->idf, app->built != NULL ? " · built " : "",
                         app->built != NULL ? app->built : "");
}

static void
become_bootloader (FgContent *self, const guint8 *data, gsize len)
{
  self->kind = FG_CONTENT_BOOTLOADER;
  self->boot = fg_boot_desc_find (self->image, data, len);
  self->title = g_strdup_printf ("%s bootloader", self->chip->name);
  if (self->boot != NULL && self->boot->idf != NULL)
    self->summary = g_strdup_printf ("ESP-IDF %s%s%s", self->boot->idf,
                                     self->boot->built != NULL ? " · built " : "",
                                     self->boot->built != NULL ? self->boot->built : "");
  fg_content_set_place (self, FG_PLACE_FIXED, self->chip->boot_offset);
}

static void
become_app (FgContent *self, FgContentKind kind)
{
  self->kind = kind;
  if (self->app != NULL)
    title_from_app (self);
  if (self->title == NULL && kind == FG_CONTENT_ESP32_APP && self->chip != NULL)
    self->title = g_strdup_printf ("%s program", self->chip->name);
  fg_content_set_place (self, FG_PLACE_APP, APP_OFFSET);
}

static void
read_esp32 (FgContent *self, const guint8 *data, gsize len)
{
  self->app = fg_app_desc_find (self->image, data, len);
  if (self->app == NULL && self->chip != NULL
      && (says_bootloader (self->image, data, len)
          || (!self->image->truncated && self->image->segments->len > 0
              && !uses_mapped_flash (self->image))))
    become_bootloader (self, data, len);
  else
    become_app (self, FG_CONTENT_ESP32_APP);
}

static gboolean
is_eboot (const FgImageInfo *image)
{
  return image->segments->len == 1 && segment_at (image, 0)->address == EBOOT_ADDRESS;
}

/* Arduino writes a length and a CRC into the first eight bytes of the first segment after the
 * checksum was made (tools/elf2bin.py), so a checksum that is wrong by those bytes is right. */
static gboolean
sketch_is_damaged (const FgImageInfo *sketch, const guint8 *data)
{
  guint8 patched = 0;

  if (sketch->problem == NULL)
    return FALSE;
  if (sketch->truncated || sketch->segments->len == 0 || segment_at (sketch, 0)->length < 8)
    return TRUE;
  for (guint i = 0; i < 8; i++)
    patched ^= data[segment_at (sketch, 0)->offset + i];
  return (sketch->checksum_stored ^ sketch->checksum_computed) != patched;
}

static void
read_sketch (FgContent *self, const guint8 *data, gsize len)
{
  g_autoptr (GBytes) rest = NULL;
  g_autoptr (FgImageInfo) sketch = NULL;

  self->title = g_strdup ("ESP8266 Arduino program");
  if (len <= SKETCH_OFFSET) {
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "This is Arduino's loader without the program that belongs at 0x%X: "
                     "the file is incomplete",
                     SKETCH_OFFSET);
    return;
  }
  rest = g_bytes_new_static (data + SKETCH_OFFSET, len - SKETCH_OFFSET);
  sketch = fg_image_inspect (rest);
  if (sketch->kind != FG_IMAGE_ESP8266_V1)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "header", SKETCH_OFFSET,
                     "There is no image header at 0x%X, where Arduino's loader looks for the "
                     "program: the file is damaged",
                     SKETCH_OFFSET);
  else if (sketch_is_damaged (sketch, data + SKETCH_OFFSET))
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, sketch->code,
                     (gint64) (SKETCH_OFFSET + sketch->problem_at), "The program at 0x%X: %s",
                     SKETCH_OFFSET, sketch->problem);
  fg_content_add_part (self, 0, (guint32) self->image->end, FG_CONTENT_BOOTLOADER,
                       "Arduino's loader (eboot)", NULL);
  fg_content_add_part (self, SKETCH_OFFSET,
                       (guint32) (sketch->end != 0 ? sketch->end : len - SKETCH_OFFSET),
                       FG_CONTENT_ESP8266_V1, "Program", NULL);
}

static void
read_v1 (FgContent *self, const guint8 *data, gsize len)
{
  fg_content_set_kind (self, FG_CONTENT_ESP8266_V1);
  fg_content_set_place (self, FG_PLACE_FIXED, 0);
  if (self->image->extended) {
    self->app = fg_app_desc_find (self->image, data, len);
    become_app (self, FG_CONTENT_ESP8266_RTOS);
  } else if (self->nodemcu == NULL && is_eboot (self->image)) {
    read_sketch (self, data, len);
  } else if (self->nodemcu == NULL && says_bootloader (self->image, data, len)) {
    become_bootloader (self, data, len);
  } else if (len > IROM_OFFSET && self->image->end <= IROM_OFFSET) {
    fg_content_add_part (self, 0, (guint32) self->image->end, FG_CONTENT_ESP8266_V1,
                         "What the ROM loads into RAM", NULL);
    fg_content_add_part (self, IROM_OFFSET, (guint32) (len - IROM_OFFSET), FG_CONTENT_ESP8266_IROM,
                         "Code that runs from flash", NULL);
  }
}

static void
read_v2 (FgContent *self)
{
  fg_content_set_kind (self, FG_CONTENT_ESP8266_V2);
  fg_content_set_place (self, FG_PLACE_FIXED, OTA_OFFSET);
  fg_findings_add (self->findings, FG_SEVERITY_INFO, "loader", FG_FINDING_NOWHERE,
                   "The ROM cannot start this alone: it needs a loader at 0x0. The SDK's own boot "
                   "expects it at 0x1000, rBoot at 0x2000");
}

gboolean
fg_content_read_image (FgContent *self, const guint8 *data, gsize len)
{
  if (!fg_content_has_header (self))
    return FALSE;
  self->chip = self->image->chip;
  if (self->image->kind == FG_IMAGE_ESP32)
    read_esp32 (self, data, len);
  else if (self->image->kind == FG_IMAGE_ESP8266_V2)
    read_v2 (self);
  else
    read_v1 (self, data, len);
  check (self);
  return TRUE;
}
