/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content-facts.h"

/* An empty value is left out. */
static void
add_text (FgContent *self, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    fg_content_add_fact (self, label, "%s", value);
}

static const char *
sum_text (FgImageSum sum)
{
  return sum == FG_IMAGE_SUM_OK ? "correct" : "wrong";
}

static void
add_header (FgContent *self)
{
  const FgImageInfo *image = self->image;
  guint mhz =
      image->chip != NULL ? fg_flash_freq_from_nibble (image->chip, image->size_freq & 0x0f) : 0;
  guint32 size =
      image->chip != NULL ? fg_flash_size_from_nibble (image->chip, image->size_freq >> 4) : 0;
  g_autofree char *size_text = fg_size_format (size);
  g_autofree char *mhz_text = g_strdup_printf ("%u MHz", mhz);

  fg_content_add_fact (
      self, "Made for", "flash mode %s, %s, %s",
      image->mode <= FG_FLASH_MODE_DOUT ? fg_flash_mode_name (image->mode) : "unknown",
      mhz != 0 ? mhz_text : "unknown frequency", size != 0 ? size_text : "unknown size");
  fg_content_add_fact (self, "Entry", "0x%08x", image->entry);
}

static void
add_sums (FgContent *self)
{
  const FgImageInfo *image = self->image;

  if (image->end != 0)
    fg_content_add_fact (self, "Checksum", "0x%02x, %s", image->checksum_stored,
                         image->checksum_ok ? "correct" : "wrong");
  if (image->crc32 != FG_IMAGE_SUM_NONE)
    fg_content_add_fact (self, "CRC", "%s", sum_text (image->crc32));
  if (image->sha256 != FG_IMAGE_SUM_NONE) {
    g_autoptr (GString) hex = g_string_new (NULL);

    for (guint i = 0; i < sizeof image->digest; i++)
      g_string_append_printf (hex, "%02x", image->digest[i]);
    fg_content_add_fact (self, "SHA-256", "%s, %s", sum_text (image->sha256), hex->str);
  }
}

static void
add_image (FgContent *self)
{
  const FgImageInfo *image = self->image;

  add_header (self);
  if (image->max_revision != 0)
    fg_content_add_fact (self, "Revisions", "%u.%u to %u.%u", image->min_revision / 100u,
                         image->min_revision % 100u, image->max_revision / 100u,
                         image->max_revision % 100u);
  else if (image->min_revision != 0)
    fg_content_add_fact (self, "Revisions", "%u.%u and later", image->min_revision / 100u,
                         image->min_revision % 100u);
  for (guint i = 0; i < image->segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (image->segments, FgImageSegment, i);

    fg_content_add_fact (self, i == 0 ? "Segments" : "",
                         "%6u bytes at 0x%08x, in the file at 0x%05x", segment->length,
                         segment->address, segment->offset);
  }
  add_sums (self);
}

static void
add_program (FgContent *self)
{
  const FgAppDesc *app = self->app;

  add_text (self, "Project", app->project);
  add_text (self, "Version", app->version);
  add_text (self, "ESP-IDF", app->idf);
  add_text (self, "Built", app->built);
  if (app->secure_version != 0)
    fg_content_add_fact (self, "Secure", "version %u", app->secure_version);
  add_text (self, "ELF SHA-256", app->elf_sha256);
}

static void
add_nodemcu (FgContent *self)
{
  const FgNodemcuInfo *nodemcu = self->nodemcu;

  add_text (self, "Release", nodemcu->release);
  add_text (self, "Branch", nodemcu->branch);
  add_text (self, "Commit", nodemcu->commit);
  add_text (self, "Built", nodemcu->built);
  add_text (self, "Lua", nodemcu->lua);
  add_text (self, "Numbers", nodemcu->numbers);
  add_text (self, "SDK", nodemcu->sdk);
  add_text (self, "SSL", nodemcu->ssl);
  add_text (self, "LFS", nodemcu->lfs);
  add_text (self, "Modules", nodemcu->modules);
}

static void
add_partitions (FgContent *self)
{
  for (guint i = 0; i < self->partitions->rows->len; i++) {
    const FgPartition *row = &g_array_index (self->partitions->rows, FgPartition, i);
    g_autofree char *type = fg_partition_dup_type (row);
    g_autofree char *size = fg_size_format (row->size);

    fg_content_add_fact (self, i == 0 ? "Partitions" : "", "0x%06x  %-16s  %8s  %s%s", row->offset,
                         row->label, size, type, (row->flags & 1) != 0 ? ", encrypted" : "");
  }
}

static void
add_parts (FgContent *self)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const FgContentPart *part = self->parts->pdata[i];
    g_autofree char *size = fg_size_format (part->length);

    fg_content_add_fact (self, i == 0 ? "Parts" : "", "0x%06x  %8s  %s%s%s", part->offset, size,
                         part->title, part->partition != NULL ? ", in " : "",
                         part->partition != NULL ? part->partition : "");
  }
}

void
fg_content_add_facts (FgContent *self)
{
  g_autofree char *size = fg_size_format (self->length);

  add_text (self, "Chip", self->chip != NULL ? self->chip->name : NULL);
  if (self->length < 1024)
    fg_content_add_fact (self, "Length", "%s", size);
  else
    fg_content_add_fact (self, "Length", "%s (%" G_GSIZE_FORMAT " bytes)", size, self->length);
  if (self->app != NULL)
    add_program (self);
  else if (self->boot != NULL)
    add_text (self, "ESP-IDF", self->boot->idf);
  if (self->nodemcu != NULL)
    add_nodemcu (self);
  if (fg_content_has_header (self))
    add_image (self);
  add_parts (self);
  if (self->partitions != NULL)
    add_partitions (self);
}
