/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A TCP connection for small commands, kept alive, with a deadline. Any thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) @place: "HOST:PORT", well-formed; @name: what messages call it. Waits at most
 * 10 s. FG_ERROR_PORT_MISSING, G_IO_ERROR_CANCELLED. */
GSocketConnection *
fg_socket_connect (const char *place, const char *name, GCancellable *cancellable, GError **error);

/* After each read: ser2net sends an answer in pieces and holds the second back until the first is
 * acknowledged, which this system would put off for 40 ms (reading 64 KB took 24 s, not 1.3 s). */
void fg_socket_ack_soon (int fd);

G_END_DECLS
