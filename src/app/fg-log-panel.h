/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The log: the last lines with their time, to read, copy, save and clear. Bounded.
 */

#include "fg-progress.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_LOG_PANEL (fg_log_panel_get_type ())
G_DECLARE_FINAL_TYPE (FgLogPanel, fg_log_panel, FG, LOG_PANEL, GtkWidget)

/* @time_us: wall-clock time in microseconds. */
void fg_log_panel_append (FgLogPanel *self, FgLogLevel level, const char *line, gint64 time_us);
/* (transfer full) */
char *fg_log_panel_dup_text (FgLogPanel *self);

G_END_DECLS
