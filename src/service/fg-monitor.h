/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * FgMonitor: what a board says, as it comes, and a way to answer. The object lives on the main
 * thread; a worker has the port. Memory is bounded at any rate.
 *
 * Property (read-only, notified): "state" int, an FgMonitorState
 * Signals, all on the main thread:
 *   "text"   (boxed GBytes, int64 wall-clock time of its first byte in microseconds)
 *   "status" (int FgMonitorState, utf8 message, nullable): the port's name while it listens, else
 *            why not; also what an open port cannot do
 */

#include "fg-monitor-link.h"

G_BEGIN_DECLS

#define FG_TYPE_MONITOR (fg_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FgMonitor, fg_monitor, FG, MONITOR, GObject)

FgMonitor *fg_monitor_new (void);
void fg_monitor_start_async (FgMonitor *self,
                             const char *port,
                             guint baud,
                             gboolean reset,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean fg_monitor_start_finish (FgMonitor *self, GAsyncResult *result, GError **error);
void fg_monitor_stop (FgMonitor *self);

FgMonitorState fg_monitor_get_state (FgMonitor *self);
guint64 fg_monitor_get_dropped (FgMonitor *self);
gboolean fg_monitor_send (FgMonitor *self, const char *bytes, gsize len);
void fg_monitor_set_baud (FgMonitor *self, guint baud);
void fg_monitor_reset (FgMonitor *self);
void fg_monitor_enter_loader (FgMonitor *self);

G_END_DECLS
