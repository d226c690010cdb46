/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The sectors of a plan and what has become of each. No I/O. */

#include "fg-plan.h"

G_BEGIN_DECLS

typedef struct {
  guint32 address;
  const guint8 *data; /* (unowned) what it shall hold; inside the plan */
  guint region;       /* index in the plan */
  FgSectorState state;
} FgSector;

typedef struct {
  const FgPlan *plan;         /* (unowned) outlives this */
  const FgReporter *reporter; /* (unowned) (nullable) */
  GArray *list;               /* (owned) (element-type FgSector) by address */
  FgSectorState right;        /* what comparing makes of planned sectors that are right */
  guint32 wrong_at; /* after verifying: the first byte that is wrong, as exactly as is known */
} FgSectors;

void fg_sectors_init (FgSectors *self, const FgPlan *plan, const FgReporter *reporter);
void fg_sectors_clear (FgSectors *self);
FgSector *fg_sectors_at (const FgSectors *self, guint index);
guint fg_sectors_count (const FgSectors *self, FgSectorState state);
void fg_sectors_mark (FgSectors *self, guint first, guint n, FgSectorState state);
guint fg_sectors_run (const FgSectors *self, guint first, FgSectorState state, guint max);
void fg_sectors_set_bad_flash (guint32 address, guint n, GError **error);
gboolean fg_sector_is_blank (const FgSector *sector);

G_END_DECLS
