/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * For dispose() of a widget that is made by a template: takes its children away, all of them. GTK
 * 4.8's gtk_widget_dispose_template() leaves those that are not bound.
 */
void fg_template_dispose (GtkWidget *widget, GType type);

G_END_DECLS
