/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Firmware that was opened lately, as the desktop remembers it for all programs. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

void fg_recent_add (GFile *file);
/* (transfer full) Entries that do "win.open-path"; the newest first; one that says so when there
 * are none. */
GMenuModel *fg_recent_build_menu (void);

G_END_DECLS
