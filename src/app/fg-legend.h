/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The strip in words: a patch and a count for each state that there is; as many beside each other
 * as fit. It also gives the sentence that a screen reader says for the strip.
 */

#include "fg-flash-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_LEGEND (fg_legend_get_type ())
G_DECLARE_FINAL_TYPE (FgLegend, fg_legend, FG, LEGEND, GtkWidget)

void fg_legend_set_map (FgLegend *self, FgFlashMap *map);
/* (transfer full) "Unchanged 36, Written 19, To do 16" */
char *fg_legend_dup_sentence (FgLegend *self);

G_END_DECLS
