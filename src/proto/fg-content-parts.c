/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content-parts.h"

#include "fg-recognise.h"

#include <string.h>

#define SECTOR 4096u
#define TABLE_FIRST 0x1000u
#define TABLE_LAST 0x20000u /* nobody moves the table farther */

static gboolean
is_blank (const guint8 *data, gsize len)
{
  return len > 0 && data[0] == 0xff && memcmp (data, data + 1, len - 1) == 0;
}

/* Where a bootloader begins, after nothing but FF. */
static FgContent *
find_bootloader (const guint8 *data, gsize len, guint32 *offset)
{
  static const guint32 places[] = { 0x1000, 0x2000 }; /* FgChip's boot_offset, but for 0 */

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (FgContent) content = NULL;

    if (len <= places[i] || !is_blank (data, places[i]))
      return NULL;
    content = fg_recognise (data + places[i], len - places[i]);
    if (fg_content_has_header (content) && content->chip != NULL
        && content->chip->boot_offset == places[i]) {
      *offset = places[i];
      return g_steal_pointer (&content);
    }
  }
  return NULL;
}

/* A table at the usual place, else one with a right digest where a project has moved it. */
static FgPartitionTable *
find_table (const guint8 *data, gsize len, gsize after, guint32 *offset, GPtrArray *findings)
{
  for (guint32 at = TABLE_FIRST; at <= TABLE_LAST && at < len; at += SECTOR) {
    g_autoptr (GPtrArray) found = fg_findings_new ();
    g_autoptr (FgPartitionTable) table = NULL;

    if (at < after)
      continue;
    table = fg_partition_table_read (data + at, len - at, found);
    if (table == NULL || (at != FG_PARTITION_TABLE_OFFSET && !table->md5_ok))
      continue;
    *offset = at;
    for (guint i = 0; i < found->len; i++) {
      const FgFinding *finding = found->pdata[i];

      fg_findings_add (findings, finding->severity, finding->code, at + finding->position,
                       "Partition table at 0x%X: %s", at, finding->message);
    }
    return g_steal_pointer (&table);
  }
  return NULL;
}

static void
take_findings (FgContent *self, const FgContent *part, guint32 offset)
{
  for (guint i = 0; i < part->findings->len; i++) {
    const FgFinding *finding = part->findings->pdata[i];

    if (finding->severity == FG_SEVERITY_INFO)
      continue;
    fg_findings_add (self->findings, finding->severity, finding->code,
                     finding->position < 0 ? offset : offset + finding->position, "%s at 0x%X: %s",
                     part->title, offset, finding->message);
  }
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const FgPartition *x = a;
  const FgPartition *y = b;

  return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Data in an unknown form are not wrong inside a partition. */
static void
take_partition (FgContent *self, const FgPartition *row, const guint8 *data, gsize len)
{
  gsize size = MIN (row->size, len - row->offset);
  g_autoptr (FgContent) part = NULL;

  if (is_blank (data + row->offset, size))
    return;
  part = fg_recognise (data + row->offset, size);
  fg_content_add_part (self, row->offset, (guint32) size, part->kind, part->title, row->label);
  if (row->type == FG_PARTITION_APP) {
    take_findings (self, part, row->offset);
    if (self->app == NULL)
      self->app = g_steal_pointer (&part->app);
  }
}

/* Each byte is looked at once, however the table may overlap. */
static void
take_partitions (FgContent *self, const guint8 *data, gsize len)
{
  g_autoptr (GArray) rows = g_array_copy (self->partitions->rows);
  guint64 done = 0;

  g_array_sort (rows, compare_rows);
  for (guint i = 0; i < rows->len; i++) {
    const FgPartition *row = &g_array_index (rows, FgPartition, i);

    if (row->offset < done || row->offset >= len)
      continue;
    take_partition (self, row, data, len);
    done = (guint64) row->offset + row->size;
  }
}

/* A file that was cut between two parts looks whole, but for the program that it lacks. */
static void
check_program (FgContent *self)
{
  const FgPartition *row = fg_partition_table_boot_app (self->partitions);

  if (row != NULL && row->offset >= self->length)
    fg_findings_add (self->findings, FG_SEVERITY_WARNING, "truncated", (gint64) self->length,
                     "The file ends before the program, which belongs at 0x%X: it is incomplete, "
                     "or the program is in another file",
                     row->offset);
}

static void
list_first_parts (FgContent *self, guint32 boot_at, guint32 table_at)
{
  g_autofree char *title = g_strdup_printf ("%s bootloader", self->chip->name);
  gsize boot_len = self->image->end != 0 ? self->image->end : self->length - boot_at;

  fg_content_add_part (self, boot_at, (guint32) boot_len, FG_CONTENT_BOOTLOADER, title, NULL);
  if (self->partitions != NULL)
    fg_content_add_part (self, table_at, (guint32) self->partitions->length, FG_CONTENT_PARTITIONS,
                         fg_content_kind_title (FG_CONTENT_PARTITIONS), NULL);
}

static void
set_title (FgContent *self)
{
  g_autofree char *name = NULL;

  if (self->app != NULL && self->app->project != NULL)
    name = g_strjoin (" ", self->app->project, self->app->version, NULL);
  g_free (self->title);
  g_free (self->summary);
  self->title = name != NULL ? g_steal_pointer (&name)
                             : g_strdup_printf ("%s firmware",
                                                self->chip != NULL ? self->chip->name : "Merged");
  self->summary = g_strdup_printf ("merged, %u parts", self->parts->len);
}

/* Takes over what the bootloader's own header says. */
static void
adopt (FgContent *self, FgContent *boot, guint32 boot_at)
{
  take_findings (self, boot, boot_at);
  self->chip = boot->chip;
  g_clear_pointer (&self->image, fg_image_info_free);
  self->image = g_steal_pointer (&boot->image);
  for (guint i = 0; i < self->image->segments->len; i++)
    g_array_index (self->image->segments, FgImageSegment, i).offset += boot_at;
  self->boot = g_steal_pointer (&boot->boot);
}

/**
 * fg_content_take_apart:
 * @self: as fg_recognise() has left it
 *
 * If there is a bootloader with a partition table behind it, the file becomes a merged image with
 * its parts listed.
 */
void
fg_content_take_apart (FgContent *self, const guint8 *data, gsize len)
{
  g_autoptr (FgContent) behind = NULL;
  guint32 boot_at = 0;
  guint32 table_at = 0;

  if (self->kind == FG_CONTENT_DATA)
    behind = find_bootloader (data, len, &boot_at);
  if (behind != NULL)
    adopt (self, behind, boot_at);
  else if (self->kind != FG_CONTENT_BOOTLOADER || self->image->end == 0)
    return;
  self->partitions =
      find_table (data, len, boot_at + MAX (self->image->end, SECTOR), &table_at, self->findings);
  if (self->partitions == NULL && behind == NULL)
    return; /* just a bootloader */
  fg_content_set_kind (self, FG_CONTENT_MERGED);
  fg_content_set_place (self, FG_PLACE_FIXED, 0);
  list_first_parts (self, boot_at, table_at);
  if (self->partitions != NULL) {
    take_partitions (self, data, len);
    check_program (self);
  } else {
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "There is a bootloader at 0x%X and no partition table behind it: "
                     "the file is incomplete",
                     boot_at);
  }
  set_title (self);
}
