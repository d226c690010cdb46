/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Terminals as wires: claiming one for this program alone, raw 8N1 at any rate, modem lines. Works
 * on what libserialport refuses, such as a pseudo-terminal. Any thread; never waits for a carrier.
 */

#include "fg-fd-transport.h"

G_BEGIN_DECLS

/* Opens the port at @path for us alone: nobody else who asks, here or in another program, gets it
 * until the descriptor is closed. Changes no setting. -1 and @error on failure. */
int fg_tty_claim (const char *path, GError **error);
/* A transport on the tty at @path; with modem lines where the tty has them. */
FgTransport *fg_tty_open (const char *path, GError **error);

/* The pieces that fg-serial shares. Errors name @name. */
gboolean fg_tty_lock (int fd, const char *path, GError **error);
gboolean fg_tty_has_lines (int fd);
gboolean fg_tty_set_lines (int fd, const char *name, gboolean dtr, gboolean rts, GError **error);
/* Waits until everything written has left; FG_ERROR_TIMEOUT after 10 s. */
gboolean fg_tty_drain (int fd, const char *name, GError **error);
/* Closing leaves the lines alone, and read() tells silence from a hang-up. */
gboolean fg_tty_tune (int fd, const char *name, GError **error);
/* FG_ERROR_UNSUPPORTED when the adapter chose a rate more than 3 % off @baud. */
gboolean fg_tty_check_baud (int fd, const char *name, guint baud, GError **error);

G_END_DECLS
