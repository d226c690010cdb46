/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One patch of a legend: a sector in one state.
 */

#include "fg-progress.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_SWATCH (fg_swatch_get_type ())
G_DECLARE_FINAL_TYPE (FgSwatch, fg_swatch, FG, SWATCH, GtkWidget)

GtkWidget *fg_swatch_new (FgSectorState state);

G_END_DECLS
