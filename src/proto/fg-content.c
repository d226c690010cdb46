/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content.h"

static const struct {
  const char *name;  /* stable, for programs */
  const char *title; /* for people, when the content has no better one */
} kinds[] = {
  [FG_CONTENT_DATA] = { "data", "Data" },
  [FG_CONTENT_BLANK] = { "blank", "Blank (all FF)" },
  [FG_CONTENT_TEXT] = { "text", "Text" },
  [FG_CONTENT_ELF] = { "elf", "ELF program" },
  [FG_CONTENT_CONTAINER] = { "container", "Container" },
  [FG_CONTENT_ESP8266_V1] = { "esp8266-v1", "ESP8266 firmware" },
  [FG_CONTENT_ESP8266_V2] = { "esp8266-v2", "ESP8266 firmware for OTA or rBoot" },
  [FG_CONTENT_ESP8266_RTOS] = { "esp8266-rtos", "ESP8266 RTOS SDK program" },
  [FG_CONTENT_ESP8266_IROM] = { "esp8266-irom", "ESP8266 program code, second file" },
  [FG_CONTENT_ESP8266_INIT] = { "init-data", "ESP8266 SDK init data" },
  [FG_CONTENT_ESP32_APP] = { "esp32-app", "ESP32 program" },
  [FG_CONTENT_BOOTLOADER] = { "bootloader", "Bootloader" },
  [FG_CONTENT_PARTITIONS] = { "partition-table", "Partition table" },
  [FG_CONTENT_OTA_DATA] = { "ota-data", "OTA data" },
  [FG_CONTENT_NVS] = { "nvs", "NVS settings" },
  [FG_CONTENT_LITTLEFS] = { "littlefs", "LittleFS file system" },
  [FG_CONTENT_SPIFFS] = { "spiffs", "SPIFFS file system" },
  [FG_CONTENT_FAT] = { "fat", "FAT file system" },
  [FG_CONTENT_MERGED] = { "merged", "Merged firmware" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == FG_N_CONTENT_KINDS);

static void
fact_free (gpointer data)
{
  FgFact *fact = data;

  g_free (fact->value);
  g_free (fact);
}

static void
part_free (gpointer data)
{
  FgContentPart *part = data;

  g_free (part->title);
  g_free (part->partition);
  g_free (part);
}

/** fg_content_new: Returns: (transfer full): nothing known but the length */
FgContent *
fg_content_new (gsize length)
{
  FgContent *self = g_new0 (FgContent, 1);

  self->length = length;
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->facts = g_ptr_array_new_with_free_func (fact_free);
  self->findings = fg_findings_new ();
  return self;
}

void
fg_content_free (FgContent *self)
{
  g_clear_pointer (&self->image, fg_image_info_free);
  g_clear_pointer (&self->nodemcu, fg_nodemcu_info_free);
  g_clear_pointer (&self->app, fg_app_desc_free);
  g_clear_pointer (&self->boot, fg_app_desc_free);
  g_clear_pointer (&self->partitions, fg_partition_table_free);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->facts);
  g_ptr_array_unref (self->findings);
  g_free (self->title);
  g_free (self->summary);
  g_free (self);
}

/** fg_content_kind_name: Returns: (transfer none): the stable name that the command line prints */
const char *
fg_content_kind_name (FgContentKind kind)
{
  return kinds[kind].name;
}

/** fg_content_kind_title: Returns: (transfer none): in English, for people */
const char *
fg_content_kind_title (FgContentKind kind)
{
  return kinds[kind].title;
}

/** fg_content_has_header: whether mode, frequency, size and entry of `image` mean something */
gboolean
fg_content_has_header (const FgContent *self)
{
  return self->image != NULL
         && (self->image->kind == FG_IMAGE_ESP8266_V1 || self->image->kind == FG_IMAGE_ESP8266_V2
             || self->image->kind == FG_IMAGE_ESP32);
}

void
fg_content_set_kind (FgContent *self, FgContentKind kind)
{
  self->kind = kind;
}

void
fg_content_set_place (FgContent *self, FgPlaceRule rule, guint32 offset)
{
  self->place = rule;
  self->offset = offset;
}

/** fg_content_set_partition: it belongs into the data partition of @subtype */
void
fg_content_set_partition (FgContent *self, int subtype)
{
  self->place = FG_PLACE_PARTITION;
  self->subtype = subtype;
}

/** fg_content_add_fact: @label: static */
void
fg_content_add_fact (FgContent *self, const char *label, const char *format, ...)
{
  FgFact *fact = g_new0 (FgFact, 1);
  va_list args;

  va_start (args, format);
  fact->label = label;
  fact->value = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->facts, fact);
}

/** fg_content_add_part: @partition: (nullable): see #FgContentPart; all strings are copied */
void
fg_content_add_part (FgContent *self,
                     guint32 offset,
                     guint32 length,
                     FgContentKind kind,
                     const char *title,
                     const char *partition)
{
  FgContentPart *part = g_new0 (FgContentPart, 1);

  part->offset = offset;
  part->length = length;
  part->kind = kind;
  part->title = g_strdup (title);
  part->partition = g_strdup (partition);
  g_ptr_array_add (self->parts, part);
}
