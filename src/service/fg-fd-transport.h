/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Polled reads and writes, with deadlines, on any descriptor that can be polled: a serial port, a
 * pseudo-terminal, a socket. Backends embed it. One worker owns it.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

typedef struct {
  FgTransport base;
  int fd;             /* (owned) non-blocking */
  gboolean is_socket; /* writing to it may raise SIGPIPE */
} FgFdTransport;

/* No write waits longer for room: a wedged adapter must not hang a job. */
#define FG_FD_WRITE_DEADLINE_MS 10000u

/* Takes @fd over and makes it non-blocking. No modem lines, no rate. */
FgTransport *fg_fd_transport_new (int fd, const char *name);

/* For backends with ops of their own. */
void
fg_fd_transport_init (FgFdTransport *self, const FgTransportOps *ops, int fd, const char *name);
gssize
fg_fd_transport_read (FgTransport *base, guint8 *buf, gsize len, guint timeout_ms, GError **error);
gboolean fg_fd_transport_write (FgTransport *base, const guint8 *buf, gsize len, GError **error);
/* The same with another deadline. */
gboolean fg_fd_transport_write_within (
    FgFdTransport *self, const guint8 *buf, gsize len, guint timeout_ms, GError **error);
/* Closes the descriptor and frees @base. */
void fg_fd_transport_free (FgTransport *base);

G_END_DECLS
