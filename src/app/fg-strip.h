/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The flash to scale. Before a job a map with a size scale; from its start on a thin map and below
 * it a lens on the region in work, sector by sector, with a head where the chip is now. Pointing at
 * a sector, or moving a cursor to it by keyboard, tells what it is: arrows by a sector, with Ctrl
 * to where something else begins, Page Up and Down by 64 KB, Home and End.
 */

#include "fg-flash-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_STRIP (fg_strip_get_type ())
G_DECLARE_FINAL_TYPE (FgStrip, fg_strip, FG, STRIP, GtkWidget)

void fg_strip_set_map (FgStrip *self, FgFlashMap *map);
/* What a screen reader says about it: its name, and all of it in a sentence. */
void fg_strip_set_words (FgStrip *self, const char *name, const char *sentence);

G_END_DECLS
