/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A GListModel of FgPort, likely boards first, that follows plugging and unplugging. Items are
 * changed one by one, so that a selection survives. Main thread.
 */

#include "fg-port.h"

G_BEGIN_DECLS

#define FG_TYPE_PORT_MONITOR (fg_port_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FgPortMonitor, fg_port_monitor, FG, PORT_MONITOR, GObject)

FgPortMonitor *fg_port_monitor_new (void);
void fg_port_monitor_rescan (FgPortMonitor *self);
/* Adds a port that no scan finds, at the end: "sim:esp8266", "socket://…". Twice is once. */
void fg_port_monitor_add (FgPortMonitor *self, const char *path, const char *title);
/* Takes away a port that was added. */
void fg_port_monitor_remove (FgPortMonitor *self, const char *path);
FgPort *fg_port_monitor_find (FgPortMonitor *self, const char *path);

G_END_DECLS
