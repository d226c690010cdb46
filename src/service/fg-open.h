/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * From a port's name to an open transport; see DESIGN section 3 for the names. Blocking, at most
 * 10 s; any thread.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

/* (transfer full) What @port stands for, to be tried in this order: @port itself, or for "auto"
 * every likely port. FG_ERROR_PORT_MISSING. */
char **fg_open_candidates (const char *port, GError **error);
FgTransport *fg_open (const char *port, GCancellable *cancellable, GError **error);

G_END_DECLS
