/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-fd-transport.h"

#include "fg-port-error.h"
#include "fg-socket-connect.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Waits for @events until @deadline_us. Returns the events, 0 at the deadline, -1 with errno. */
static int
wait_for (int fd, short events, gint64 deadline_us)
{
  while (TRUE) {
    gint64 left_us = MAX (deadline_us - g_get_monotonic_time (), 0);
    struct pollfd pfd = { .fd = fd, .events = events };
    int n = poll (&pfd, 1, (int) ((left_us + 999) / 1000));

    if (n > 0)
      return pfd.revents;
    if (n == 0)
      return 0;
    if (errno != EINTR)
      return -1;
  }
}

/**
 * fg_fd_transport_read:
 *
 * What was received before a hang-up is still delivered.
 */
gssize
fg_fd_transport_read (FgTransport *base, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  FgFdTransport *self = (FgFdTransport *) base;
  gint64 deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  while (TRUE) {
    int events = wait_for (self->fd, POLLIN, deadline_us);
    gssize n;

    if (events == 0)
      return 0;
    if (events < 0 || (events & POLLNVAL) != 0) {
      fg_port_error_set_io (error, base->name, "Reading from", events < 0 ? errno : EBADF);
      return -1;
    }
    n = read (self->fd, buf, len);
    if (n > 0) {
      if (self->is_socket)
        fg_socket_ack_soon (self->fd);
      return n;
    }
    if (n < 0 && errno == EINTR)
      continue;
    /* Woken with nothing to read: a false alarm, unless the other side is gone. */
    if (n < 0 && errno == EAGAIN && (events & (POLLHUP | POLLERR)) == 0) {
      if (g_get_monotonic_time () >= deadline_us)
        return 0;
      continue;
    }
    if (n == 0 || errno == EAGAIN)
      fg_port_error_set_disconnected (error, base->name);
    else
      fg_port_error_set_io (error, base->name, "Reading from", errno);
    return -1;
  }
}

static gssize
write_some (FgFdTransport *self, const guint8 *buf, gsize len)
{
  if (self->is_socket)
    return send (self->fd, buf, len, MSG_NOSIGNAL);
  return write (self->fd, buf, len);
}

gboolean
fg_fd_transport_write_within (
    FgFdTransport *self, const guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  const char *name = self->base.name;
  gint64 deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  gsize done = 0;

  while (done < len) {
    gssize n = write_some (self, buf + done, len - done);
    int events;

    if (n > 0) {
      done += (gsize) n;
      continue;
    }
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != EAGAIN) {
      fg_port_error_set_io (error, name, "Writing to", errno);
      return FALSE;
    }
    events = wait_for (self->fd, POLLOUT, deadline_us);
    if (events == 0) {
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT,
                   "%s took only %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes in %u ms", name,
                   done, len, timeout_ms);
      return FALSE;
    }
    if (events < 0 || (events & POLLNVAL) != 0) {
      fg_port_error_set_io (error, name, "Writing to", events < 0 ? errno : EBADF);
      return FALSE;
    }
    if ((events & (POLLHUP | POLLERR)) != 0) {
      fg_port_error_set_disconnected (error, name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fg_fd_transport_write (FgTransport *base, const guint8 *buf, gsize len, GError **error)
{
  return fg_fd_transport_write_within ((FgFdTransport *) base, buf, len, FG_FD_WRITE_DEADLINE_MS,
                                       error);
}

void
fg_fd_transport_free (FgTransport *base)
{
  FgFdTransport *self = (FgFdTransport *) base;

  close (self->fd);
  g_free (self);
}

static const FgTransportOps fd_ops = {
  .read = fg_fd_transport_read,
  .write = fg_fd_transport_write,
  .free = fg_fd_transport_free,
};

void
fg_fd_transport_init (FgFdTransport *self, const FgTransportOps *ops, int fd, const char *name)
{
  int type;
  socklen_t type_len = sizeof type;

  fg_transport_init (&self->base, ops, name);
  self->fd = fd;
  self->is_socket = getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &type_len) == 0;
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
}

/**
 * fg_fd_transport_new:
 * @fd: (transfer full): an open descriptor
 *
 * Returns: (transfer full): a transport without modem lines and without a rate
 */
FgTransport *
fg_fd_transport_new (int fd, const char *name)
{
  FgFdTransport *self = g_new0 (FgFdTransport, 1);

  fg_fd_transport_init (self, &fd_ops, fd, name);
  return &self->base;
}
