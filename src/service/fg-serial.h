/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A real serial port, opened and configured by libserialport. Reads and writes are
 * fg-fd-transport's, because its own spin when a board is unplugged. Any thread.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

/* Whether libserialport knows @path; a pseudo-terminal it does not. */
gboolean fg_serial_knows (const char *path);
FgTransport *fg_serial_open (const char *path, GError **error);

G_END_DECLS
