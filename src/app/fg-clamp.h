/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Layout: one centred child that never gets wider than "maximum-size" pixels.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_CLAMP (fg_clamp_get_type ())
G_DECLARE_FINAL_TYPE (FgClamp, fg_clamp, FG, CLAMP, GtkWidget)

G_END_DECLS
