/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The flash to scale. Before a job a map with a size scale; from its start on a thin map and below
 * it a lens on the region in work, sector by sector, with a head where the chip is now.
 */

#include "fg-flash-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_STRIP (fg_strip_get_type ())
G_DECLARE_FINAL_TYPE (FgStrip, fg_strip, FG, STRIP, GtkWidget)

void fg_strip_set_map (FgStrip *self, FgFlashMap *map);

G_END_DECLS
