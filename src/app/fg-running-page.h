/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a running job does, phase by phase, in place of the form: nothing there could be changed.
 */

#include "fg-job.h"
#include "fg-port.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_RUNNING_PAGE (fg_running_page_get_type ())
G_DECLARE_FINAL_TYPE (FgRunningPage, fg_running_page, FG, RUNNING_PAGE, GtkWidget)

void fg_running_page_start (FgRunningPage *self, const FgJob *job, FgPort *port);
void fg_running_page_set_board (FgRunningPage *self, const FgBoardInfo *board);
/* @file: the name of the file that is in work, nullable. */
void fg_running_page_update (FgRunningPage *self, const FgProgress *progress, const char *file);

G_END_DECLS
