/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The application: its options, its actions, and its windows.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_APPLICATION (fg_application_get_type ())
G_DECLARE_FINAL_TYPE (FgApplication, fg_application, FG, APPLICATION, GtkApplication)

FgApplication *fg_application_new (void);

G_END_DECLS
