/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How the states of a flash sector look: hue, brightness and pattern all differ, so that no state
 * is told by its hue alone. Shared by the strip and its legend. Colours come from the style sheet.
 */

#include "fg-progress.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A named colour of the style sheet as it is for @widget, with its opacity times @alpha. */
GdkRGBA fg_paint_color (GtkWidget *widget, const char *name, double alpha);
void
fg_paint_rect (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float w, float h);
void fg_paint_sector (GtkWidget *widget,
                      GtkSnapshot *snapshot,
                      FgSectorState state,
                      const graphene_rect_t *area);

G_END_DECLS
