/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A serial port on another machine, by RFC 2217: rate and modem lines travel along. Servers are
 * ser2net, esp_rfc2217_server, fulgurite-sim --rfc2217. Not encrypted, nobody is asked who he is.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

/* @port: rfc2217://HOST:PORT[?OPTION…], see fg-net-address.h. Waits at most 10 s for the connection
 * and 3 s (or as ?timeout says) for each answer; @cancellable is looked at as long as the transport
 * is open. */
FgTransport *fg_rfc2217_open (const char *port, GCancellable *cancellable, GError **error);

G_END_DECLS
