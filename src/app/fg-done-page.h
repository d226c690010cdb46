/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a job that went well has done; never more than its result says.
 */

#include "fg-job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_DONE_PAGE (fg_done_page_get_type ())
G_DECLARE_FINAL_TYPE (FgDonePage, fg_done_page, FG, DONE_PAGE, GtkWidget)

/* @what: what was flashed, "NodeMCU 2.2.1" or a file's name. */
void
fg_done_page_show (FgDonePage *self, const FgJob *job, const FgResult *result, const char *what);
/* TRUE: every byte of every region was verified. */
gboolean fg_done_page_is_verified (const FgResult *result);

G_END_DECLS
