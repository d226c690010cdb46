/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A line of text and a smaller, dimmer one below it: the inside of most rows.
 * Properties: "title", "subtitle" (an empty one takes no room), "wrap": break lines, do not cut.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_TWO_LINES (fg_two_lines_get_type ())
G_DECLARE_FINAL_TYPE (FgTwoLines, fg_two_lines, FG, TWO_LINES, GtkWidget)

GtkWidget *fg_two_lines_new (const char *title, const char *subtitle);
void fg_two_lines_set (FgTwoLines *self, const char *title, const char *subtitle);

G_END_DECLS
