/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A board behind a raw TCP connection: ser2net, an emulator, fulgurite-sim --listen. No modem lines
 * and no rate. Any thread.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

/* @port: socket://HOST:PORT. Waits at most 10 s. */
FgTransport *fg_socket_transport_open (const char *port, GCancellable *cancellable, GError **error);

G_END_DECLS
