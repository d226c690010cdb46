/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The monitor's worker: has the port open, listens, sends, and opens the port again when the board
 * comes back. Blocking: for a thread of its own. */

#include "fg-monitor-link.h"

G_BEGIN_DECLS

/* Until cancelled. FALSE and @error: %G_IO_ERROR_CANCELLED, or an error of fg_open() when the port
 * could not be opened for the first time. */
gboolean
fg_monitor_work (FgMonitorLink *link, const char *port, GCancellable *cancellable, GError **error);

G_END_DECLS
