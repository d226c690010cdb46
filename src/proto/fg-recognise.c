/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-recognise.h"

#include "fg-content-data.h"
#include "fg-content-fs.h"
#include "fg-content-image.h"

#include <string.h>

#define IMAGE_MAGIC 0xe9
#define V2_MAGIC 0xea
#define SHORTEST 8u /* bytes of an image header */

typedef gboolean (*Reader) (FgContent *self, const guint8 *data, gsize len);

static gboolean
read_partitions (FgContent *self, const guint8 *data, gsize len)
{
  self->partitions = fg_partition_table_read (data, len, self->findings);
  if (self->partitions == NULL)
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_PARTITIONS);
  self->summary = g_strdup_printf ("%u partitions", self->partitions->rows->len);
  fg_content_set_place (self, FG_PLACE_FIXED, FG_PARTITION_TABLE_OFFSET);
  return TRUE;
}

static gboolean
read_blank (FgContent *self, const guint8 *data, gsize len)
{
  if (self->image->kind != FG_IMAGE_BLANK)
    return FALSE;
  fg_content_set_kind (self, FG_CONTENT_BLANK);
  return TRUE;
}

/* All that follows would be right if the first byte were: that one byte is the damage. */
static gboolean
read_headless (FgContent *self, const guint8 *data, gsize len)
{
  g_autofree guint8 *copy = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FgImageInfo) image = NULL;

  if (len < SHORTEST || data[1] < 1 || data[1] > 16 || data[0] == IMAGE_MAGIC)
    return FALSE;
  copy = g_memdup2 (data, len);
  copy[0] = IMAGE_MAGIC;
  bytes = g_bytes_new_static (copy, len);
  image = fg_image_inspect (bytes);
  if (image->chip == NULL || image->end == 0 || !image->checksum_ok)
    return FALSE;
  fg_findings_add (self->findings, FG_SEVERITY_ERROR, "header", 0,
                   "The first byte is 0x%02X and would have to be 0x%02X for a %s image: "
                   "the file is damaged",
                   data[0], IMAGE_MAGIC, image->chip->name);
  return TRUE;
}

static void
read_data (FgContent *self, const guint8 *data, gsize len)
{
  if (len > 0 && len < SHORTEST && (data[0] == IMAGE_MAGIC || data[0] == V2_MAGIC))
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "The file ends inside the image header: it is incomplete");
  else
    read_headless (self, data, len);
}

/* The surest signs come first. */
static const Reader readers[] = {
  fg_content_read_fat,
  fg_content_read_image,
  read_partitions,
  fg_content_read_ota_data,
  read_blank,
  fg_content_read_mistake,
  fg_content_read_init_data,
  fg_content_read_nvs,
  fg_content_read_littlefs,
  fg_content_read_spiffs,
  fg_content_read_irom,
};

static void
take_nodemcu (FgContent *self, const guint8 *data, gsize len)
{
  if (self->image->title == NULL)
    return;
  self->nodemcu = fg_nodemcu_find (data, len);
}

/**
 * fg_recognise:
 * @data: @len bytes, whatever they are
 *
 * Never fails: what is wrong is in `findings`.
 *
 * Returns: (transfer full)
 */
FgContent *
fg_recognise (const guint8 *data, gsize len)
{
  FgContent *self = fg_content_new (len);
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, len);
  gboolean found = FALSE;

  self->image = fg_image_inspect (bytes);
  take_nodemcu (self, data, len);
  for (guint i = 0; !found && i < G_N_ELEMENTS (readers); i++)
    found = readers[i](self, data, len);
  if (!found)
    read_data (self, data, len);
  if (self->nodemcu != NULL
      && (self->kind == FG_CONTENT_ESP8266_V1 || self->kind == FG_CONTENT_ESP8266_V2
          || self->kind == FG_CONTENT_ESP8266_IROM)) {
    g_free (self->title);
    self->title = g_strdup (self->image->title);
    if (self->summary == NULL)
      self->summary = g_strdup (self->image->details);
  }
  if (self->title == NULL)
    self->title = g_strdup (fg_content_kind_title (self->kind));
  return self;
}
