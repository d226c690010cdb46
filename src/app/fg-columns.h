/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Layout: equal columns, as many as fit; the rest goes into further rows. Four children become
 * two rows of two, never three and one.
 * Properties, in pixels: "column-width" (the least), "column-spacing", "row-spacing".
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_COLUMNS (fg_columns_get_type ())
G_DECLARE_FINAL_TYPE (FgColumns, fg_columns, FG, COLUMNS, GtkWidget)

G_END_DECLS
