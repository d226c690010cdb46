/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-partition.h"

#include "fg-wire.h"

#include <string.h>

/* ESP-IDF components/partition_table/gen_esp32part.py and
 * components/bootloader_support/include/esp_flash_partitions.h. */
#define ROW_LEN 32
#define TABLE_LEN 0xc00u /* at most, with the row of the digest */
#define MAX_ROWS (TABLE_LEN / ROW_LEN)
#define DIGEST_AT 16 /* in its row */
#define DIGEST_LEN 16
#define LABEL_LEN 16
#define APP_ALIGN 0x10000u
#define DATA_ALIGN 0x1000u

static const guint8 row_magic[] = { 0xaa, 0x50 };
static const guint8 digest_magic[] = { 0xeb, 0xeb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static const struct {
  guint8 type, subtype;
  const char *name;
} type_names[] = {
  { FG_PARTITION_APP, 0x00, "app, factory" }, { FG_PARTITION_APP, 0x20, "app, test" },
  { FG_PARTITION_DATA, 0x00, "OTA data" },    { FG_PARTITION_DATA, 0x01, "PHY data" },
  { FG_PARTITION_DATA, 0x02, "NVS" },         { FG_PARTITION_DATA, 0x03, "core dump" },
  { FG_PARTITION_DATA, 0x04, "NVS keys" },    { FG_PARTITION_DATA, 0x05, "eFuse emulation" },
  { FG_PARTITION_DATA, 0x06, "data" },        { FG_PARTITION_DATA, 0x81, "FAT" },
  { FG_PARTITION_DATA, 0x82, "SPIFFS" },      { FG_PARTITION_DATA, 0x83, "LittleFS" },
};

static void
read_row (const guint8 *p, FgPartition *row)
{
  memset (row, 0, sizeof *row);
  row->type = p[2];
  row->subtype = p[3];
  row->offset = fg_get_u32 (p + 4);
  row->size = fg_get_u32 (p + 8);
  memcpy (row->label, p + 12, LABEL_LEN);
  for (char *c = row->label; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      *c = '?';
  row->flags = fg_get_u32 (p + 28);
}

static void
check_digest (FgPartitionTable *self, const guint8 *data, gsize pos, GPtrArray *findings)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 computed[DIGEST_LEN];
  gsize n = sizeof computed;

  g_checksum_update (md5, data, (gssize) pos);
  g_checksum_get_digest (md5, computed, &n);
  self->has_md5 = TRUE;
  self->md5_ok = memcmp (computed, data + pos + DIGEST_AT, DIGEST_LEN) == 0;
  if (!self->md5_ok)
    fg_findings_add (findings, FG_SEVERITY_ERROR, "md5", (gint64) (pos + DIGEST_AT),
                     "The MD5 at 0x%" G_GSIZE_MODIFIER
                     "X does not belong to the rows before it: the table is damaged",
                     pos + DIGEST_AT);
}

static void
check_row (const FgPartitionTable *self, guint i, GPtrArray *findings)
{
  const FgPartition *row = &g_array_index (self->rows, FgPartition, i);
  guint32 align = row->type == FG_PARTITION_APP ? APP_ALIGN : DATA_ALIGN;
  gint64 at = (gint64) i * ROW_LEN;

  if (row->size == 0)
    fg_findings_add (findings, FG_SEVERITY_ERROR, "partition", at, "Partition “%s” has no size",
                     row->label);
  if (row->offset > G_MAXUINT32 - row->size)
    fg_findings_add (findings, FG_SEVERITY_ERROR, "partition", at,
                     "Partition “%s” ends beyond 4 GB", row->label);
  if (row->offset % align != 0)
    fg_findings_add (findings, FG_SEVERITY_ERROR, "partition", at,
                     "Partition “%s” is at 0x%X, which is not a multiple of 0x%X", row->label,
                     row->offset, align);
  for (guint k = 0; k < i; k++) {
    const FgPartition *other = &g_array_index (self->rows, FgPartition, k);

    if ((guint64) other->offset + other->size > row->offset
        && (guint64) row->offset + row->size > other->offset)
      fg_findings_add (findings, FG_SEVERITY_ERROR, "partition", at,
                       "Partitions “%s” and “%s” overlap at 0x%X", other->label, row->label,
                       MAX (row->offset, other->offset));
  }
}

/* Reads rows up to the end mark. FALSE: something else comes first. */
static gboolean
read_rows (FgPartitionTable *self, const guint8 *data, gsize len, GPtrArray *findings)
{
  gsize pos = 0;

  for (; pos / ROW_LEN < MAX_ROWS && len - pos >= ROW_LEN; pos += ROW_LEN) {
    FgPartition row;

    if (memcmp (data + pos, row_magic, sizeof row_magic) == 0) {
      read_row (data + pos, &row);
      g_array_append_val (self->rows, row);
      self->length = pos + ROW_LEN;
    } else if (!self->has_md5 && memcmp (data + pos, digest_magic, sizeof digest_magic) == 0) {
      check_digest (self, data, pos, findings);
      self->length = pos + ROW_LEN;
    } else if (data[pos] == 0xff && data[pos + 1] == 0xff) {
      return TRUE;
    } else {
      fg_findings_add (findings, FG_SEVERITY_ERROR, "partition", (gint64) pos,
                       "Row %" G_GSIZE_FORMAT " at 0x%" G_GSIZE_MODIFIER
                       "X is neither a partition nor the end: the table is damaged",
                       pos / ROW_LEN + 1, pos);
      return FALSE;
    }
  }
  if (len - pos > 0 && len - pos < ROW_LEN && data[pos] != 0xff)
    fg_findings_add (findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "The file ends inside row %" G_GSIZE_FORMAT ": it is incomplete",
                     pos / ROW_LEN + 1);
  return TRUE;
}

/**
 * fg_partition_table_read:
 * @data: what may be a table, with anything behind it
 * @findings: (element-type FgFinding): what is wrong is added
 *
 * Returns: (transfer full) (nullable): %NULL when the bytes do not begin with a row
 */
FgPartitionTable *
fg_partition_table_read (const guint8 *data, gsize len, GPtrArray *findings)
{
  g_autoptr (FgPartitionTable) self = NULL;
  gboolean ended;

  if (len < ROW_LEN || memcmp (data, row_magic, sizeof row_magic) != 0)
    return NULL;
  self = g_new0 (FgPartitionTable, 1);
  self->rows = g_array_new (FALSE, FALSE, sizeof (FgPartition));
  ended = read_rows (self, data, len, findings);
  for (guint i = 0; i < self->rows->len; i++)
    check_row (self, i, findings);
  if (ended && !self->has_md5)
    fg_findings_add (findings, FG_SEVERITY_WARNING, "md5", (gint64) self->length,
                     "The table has no MD5 row: it is very old, or it is incomplete");
  return g_steal_pointer (&self);
}

FgPartitionTable *
fg_partition_table_copy (const FgPartitionTable *self)
{
  FgPartitionTable *copy = g_memdup2 (self, sizeof *self);

  copy->rows = g_array_copy (self->rows);
  return copy;
}

void
fg_partition_table_free (FgPartitionTable *self)
{
  g_array_unref (self->rows);
  g_free (self);
}

/**
 * fg_partition_table_find:
 * @subtype: -1: any
 *
 * Returns: (nullable): the first such partition
 */
const FgPartition *
fg_partition_table_find (const FgPartitionTable *self, int type, int subtype)
{
  for (guint i = 0; i < self->rows->len; i++) {
    const FgPartition *row = &g_array_index (self->rows, FgPartition, i);

    if (row->type == type && (subtype < 0 || row->subtype == subtype))
      return row;
  }
  return NULL;
}

/**
 * fg_partition_table_boot_app:
 *
 * Returns: (nullable): the partition that the bootloader starts while the OTA data are blank:
 *   factory, else the first of the OTA ones (bootloader_support/src/bootloader_utility.c)
 */
const FgPartition *
fg_partition_table_boot_app (const FgPartitionTable *self)
{
  const FgPartition *row = fg_partition_table_find (self, FG_PARTITION_APP, 0x00);

  if (row == NULL)
    row = fg_partition_table_find (self, FG_PARTITION_APP, 0x10);
  return row != NULL ? row : fg_partition_table_find (self, FG_PARTITION_APP, -1);
}

/** fg_partition_dup_type: Returns: (transfer full): "app, OTA 0", "NVS", "type 0x40, subtype 0x00"
 */
char *
fg_partition_dup_type (const FgPartition *row)
{
  if (row->type == FG_PARTITION_APP && row->subtype >= 0x10 && row->subtype < 0x20)
    return g_strdup_printf ("app, OTA %u", row->subtype - 0x10u);
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (type_names[i].type == row->type && type_names[i].subtype == row->subtype)
      return g_strdup (type_names[i].name);
  return g_strdup_printf ("type 0x%02X, subtype 0x%02X", row->type, row->subtype);
}
