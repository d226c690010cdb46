/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Which parts of a flash have a meaning of their own: partitions, and sectors that the SDK uses. */

#include "fg-chip.h"
#include "fg-partition.h"

G_BEGIN_DECLS

typedef struct {
  char *name;     /* (owned) "factory", "SDK init data" */
  guint32 offset; /* bytes */
  guint32 length; /* bytes */
} FgZone;

/*
 * (transfer full) (element-type FgZone) by offset. @table: (nullable); @flash_size: bytes, 0: not
 * known; @sdk_major: of the ESP8266's SDK, 0: not known, which is taken for 2.
 */
GPtrArray *fg_zones_new (const FgChip *chip,
                         const FgPartitionTable *table,
                         guint32 flash_size,
                         guint sdk_major);

G_END_DECLS
