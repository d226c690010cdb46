/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The board does not enter its loader by itself: how to help it with its buttons.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_HOLD_BOOT_PAGE (fg_hold_boot_page_get_type ())
G_DECLARE_FINAL_TYPE (FgHoldBootPage, fg_hold_boot_page, FG, HOLD_BOOT_PAGE, GtkWidget)

G_END_DECLS
