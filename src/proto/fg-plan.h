/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What goes where: the files of a job, checked against each other, the chip and its flash, with
 * headers patched and padded to whole words. Pure: no I/O.
 */

#include "fg-job.h"

G_BEGIN_DECLS

typedef struct {
  guint32 offset; /* bytes; a multiple of FG_SECTOR_SIZE */
  guint32 length; /* bytes of the file */
  GBytes *bytes;  /* (owned) what will be on the flash: patched, padded with FF to a sector */
  char *name;     /* (owned) of the file */
} FgPlanRegion;

typedef struct {
  GPtrArray *regions;  /* (owned) (element-type FgPlanRegion) by offset */
  GPtrArray *warnings; /* (owned) (element-type utf8) sentences in English */
  guint32 flash_size;  /* bytes; 0: not known */
} FgPlan;

/* @board may be NULL: then only what the files alone tell is checked. */
FgPlan *fg_plan_new (const FgJob *job, const FgBoardInfo *board, GError **error);
void fg_plan_free (FgPlan *self);
gboolean fg_plan_check_reach (const FgJob *job, const char *what, guint64 end, GError **error);
guint32 fg_plan_sectors (const FgPlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgPlan, fg_plan_free)

G_END_DECLS
