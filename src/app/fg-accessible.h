/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * GTK 4.8 says the name of a button with a mnemonic twice: once from its label property and once
 * from its label inside. These say it once.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @name: without a mnemonic, translated. */
void fg_accessible_set_name (GtkWidget *button, const char *name);
/* For every button below @root whose name its .ui file gives. */
void fg_accessible_name_once (GtkWidget *root);

G_END_DECLS
