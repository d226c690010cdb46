/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The lower half of the strip while a job runs: the region in work, sector by sector. */

#include "fg-flash-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Pixels, from the top: a thin map, a funnel, the cells and a line of text. */
#define FG_STRIP_THIN_HEIGHT 12
#define FG_STRIP_LENS_GAP 14
#define FG_STRIP_CELL_HEIGHT 30
#define FG_STRIP_TEXT_GAP 4

/* @note: (nullable) the line of text, in place of what the lens says by itself. */
void fg_strip_lens_snapshot (
    GtkWidget *widget, FgFlashMap *map, GtkSnapshot *snapshot, float width, const char *note);
/* @align: 0: @x is its left edge, 1: its right one */
void fg_strip_paint_text (GtkWidget *widget,
                          GtkSnapshot *snapshot,
                          const char *text,
                          float x,
                          float y,
                          float align,
                          const GdkRGBA *color);

G_END_DECLS
