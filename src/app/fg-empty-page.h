/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * No port at all: what to check, and what can be done without a board.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_EMPTY_PAGE (fg_empty_page_get_type ())
G_DECLARE_FINAL_TYPE (FgEmptyPage, fg_empty_page, FG, EMPTY_PAGE, GtkWidget)

G_END_DECLS
