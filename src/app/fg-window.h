/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The window. It owns the flasher, the list of ports and the settings, and shows what they say.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_WINDOW (fg_window_get_type ())
G_DECLARE_FINAL_TYPE (FgWindow, fg_window, FG, WINDOW, GtkApplicationWindow)

FgWindow *fg_window_new (GtkApplication *application);
/* Adds @file to the firmware that is chosen. */
void fg_window_add_file (FgWindow *self, GFile *file);
/* Adds a simulated board to the ports and chooses it. */
void fg_window_add_demo_board (FgWindow *self);

G_END_DECLS
