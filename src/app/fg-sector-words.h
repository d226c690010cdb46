/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a sector of the flash is, in words: for those who point at it, or cannot see it. */

#include "fg-flash-map.h"

G_BEGIN_DECLS

/* (transfer full) "0x0F000, app.bin: will be written" */
char *fg_sector_words (FgFlashMap *map, guint sector);
/* The sector at which something else begins: @step 1: the next one, -1: the one before. */
guint fg_sector_next_change (FgFlashMap *map, guint sector, int step);

G_END_DECLS
