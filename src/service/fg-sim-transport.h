/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A simulated board inside this process, at its real pace. Boards live as long as the process: what
 * was flashed stays on them, and one that a fault has unplugged is plugged in again by opening it.
 * Any thread; one opener at a time.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

/* @spec: what follows "sim:"; two equal ones are one board. */
FgTransport *fg_sim_transport_open (const char *spec, const char *name, GError **error);

G_END_DECLS
