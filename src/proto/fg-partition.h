/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Partition tables of the ESP-IDF and of Arduino. Reads nothing outside the bytes it is given.
 */

#include "fg-finding.h"

G_BEGIN_DECLS

#define FG_PARTITION_TABLE_OFFSET 0x8000u /* where the table is unless a project moves it */

enum { FG_PARTITION_APP = 0, FG_PARTITION_DATA = 1 };

typedef struct {
  guint8 type, subtype;
  guint32 offset, size; /* bytes */
  char label[17];       /* printable ASCII */
  guint32 flags;        /* bit 0: encrypted, bit 1: read only */
} FgPartition;

typedef struct {
  GArray *rows;     /* (owned) (element-type FgPartition) in the order of the table */
  gsize length;     /* bytes up to the end mark or to the last row */
  gboolean has_md5; /* there is a row with a digest of the others */
  gboolean md5_ok;
} FgPartitionTable;

/* %NULL: these bytes are no partition table. What is wrong with one is added to @findings. */
FgPartitionTable *fg_partition_table_read (const guint8 *data, gsize len, GPtrArray *findings);
FgPartitionTable *fg_partition_table_copy (const FgPartitionTable *self);
void fg_partition_table_free (FgPartitionTable *self);

const FgPartition *fg_partition_table_find (const FgPartitionTable *self, int type, int subtype);
const FgPartition *fg_partition_table_boot_app (const FgPartitionTable *self);
char *fg_partition_dup_type (const FgPartition *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgPartitionTable, fg_partition_table_free)

G_END_DECLS
