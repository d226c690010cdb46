/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What went wrong, what to do, what is on the flash now and whether the board will start.
 */

#include "fg-flash-map.h"
#include "fg-port.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_FAILED_PAGE (fg_failed_page_get_type ())
G_DECLARE_FINAL_TYPE (FgFailedPage, fg_failed_page, FG, FAILED_PAGE, GtkWidget)

/* @map: NULL for a job that does not write; broken off otherwise.
 * @last: what the job reported last. */
void fg_failed_page_show (
    FgFailedPage *self, const GError *error, FgPort *port, FgFlashMap *map, const FgProgress *last);
G_END_DECLS
