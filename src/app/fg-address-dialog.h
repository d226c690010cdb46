/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks for a board that no scan finds: a network address or the path of a terminal.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_ADDRESS_DIALOG (fg_address_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FgAddressDialog, fg_address_dialog, FG, ADDRESS_DIALOG, GtkDialog)

/* It responds GTK_RESPONSE_ACCEPT only with an address that can be understood. */
FgAddressDialog *fg_address_dialog_new (GtkWindow *parent);
/* (transfer full) what a job takes as its port */
char *fg_address_dialog_dup_path (FgAddressDialog *self);
/* (transfer full) what people call it */
char *fg_address_dialog_dup_title (FgAddressDialog *self);

G_END_DECLS
