/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the window knows about each sector of the flash: before a job what will happen to it, then
 * what happened. The strip, its legend and the failed page show it. Main thread.
 *
 * Signal: "changed"
 */

#include "fg-plan.h"
#include "fg-zones.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  FG_MAP_EMPTY,  /* nothing to show */
  FG_MAP_PLAN,   /* what would happen */
  FG_MAP_BUSY,   /* what is happening */
  FG_MAP_DONE,   /* what happened */
  FG_MAP_BROKEN, /* what happened before it was cancelled or failed */
} FgFlashMapMode;

typedef struct {
  char *name;     /* (owned) of the file */
  guint32 offset; /* bytes, whole sectors */
  guint32 length; /* bytes, whole sectors */
} FgFlashMapRegion;

#define FG_TYPE_FLASH_MAP (fg_flash_map_get_type ())
G_DECLARE_FINAL_TYPE (FgFlashMap, fg_flash_map, FG, FLASH_MAP, GObject)

FgFlashMap *fg_flash_map_new (void);

void fg_flash_map_clear (FgFlashMap *self);
void fg_flash_map_set_plan (FgFlashMap *self, const FgPlan *plan, gboolean erase_all);
/* What parts of the flash mean; (transfer full) (element-type FgZone). */
void fg_flash_map_set_zones (FgFlashMap *self, GPtrArray *zones);
/* For a job without a plan of ours whose flash size became known. */
void fg_flash_map_set_size (FgFlashMap *self, guint32 flash_size);
void fg_flash_map_start (FgFlashMap *self);
void fg_flash_map_update (FgFlashMap *self, guint32 offset, guint32 length, FgSectorState state);
/* While nothing is written; writing and verifying move it by themselves. */
void fg_flash_map_set_head (FgFlashMap *self, guint32 address);
void fg_flash_map_finish (FgFlashMap *self);
/* What was planned is still old; once something was written, what was right already counts as
 * verified. @failed: the sector in work when it failed is broken off. */
void fg_flash_map_break_off (FgFlashMap *self, gboolean failed);

FgFlashMapMode fg_flash_map_get_mode (FgFlashMap *self);
/* Bytes; where the flash size is not known, a round size that holds every region. */
guint32 fg_flash_map_get_size (FgFlashMap *self);
gboolean fg_flash_map_get_size_known (FgFlashMap *self);
guint fg_flash_map_get_n_regions (FgFlashMap *self);
const FgFlashMapRegion *fg_flash_map_get_region (FgFlashMap *self, guint index);
guint fg_flash_map_get_n_zones (FgFlashMap *self);
const FgZone *fg_flash_map_get_zone (FgFlashMap *self, guint index);
/* NULL: that address has no meaning of its own. */
const FgZone *fg_flash_map_find_zone (FgFlashMap *self, guint32 address);
/* The region in work, or the first one. NULL: there is none. */
const FgFlashMapRegion *fg_flash_map_get_current (FgFlashMap *self);
/* The address the chip works at; negative: none. */
gint64 fg_flash_map_get_head (FgFlashMap *self);
FgSectorState fg_flash_map_get_state (FgFlashMap *self, guint sector);
/* Sectors in the regions that are in @state. */
guint fg_flash_map_count (FgFlashMap *self, FgSectorState state);
/* Sectors outside the regions; @state says what becomes, or became, of them. */
guint fg_flash_map_count_rest (FgFlashMap *self, FgSectorState *state);
/* (transfer full) "0x00000 – 0x00FFF and 0x3F000 – 0x78FFF" */
char *fg_flash_map_dup_ranges (FgFlashMap *self, FgSectorState state);
gboolean fg_flash_map_was_touched (FgFlashMap *self);

G_END_DECLS
