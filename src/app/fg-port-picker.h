/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The drop-down of ports. What the user chose stays chosen while it is there, and comes back when
 * it is plugged in again; until then the likeliest port is shown. Signal "changed".
 */

#include "fg-port-monitor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_PORT_PICKER (fg_port_picker_get_type ())
G_DECLARE_FINAL_TYPE (FgPortPicker, fg_port_picker, FG, PORT_PICKER, GtkWidget)

void fg_port_picker_set_monitor (FgPortPicker *self, FgPortMonitor *monitor);
/* (nullable) (transfer none) */
FgPort *fg_port_picker_get_port (FgPortPicker *self);
/* Chooses the port as if the user had. */
void fg_port_picker_choose (FgPortPicker *self, const char *path);

G_END_DECLS
