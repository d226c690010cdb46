/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void
tcp_hang_up (FgSimPort *port)
{
  if (port->data_fd >= 0)
    close (port->data_fd);
  port->data_fd = -1;
  port->client = FALSE;
}

static void
tcp_unplug (FgSimPort *port)
{
  tcp_hang_up (port);
  if (port->event_fd >= 0)
    close (port->event_fd);
  port->event_fd = -1;
}

static gboolean
start_listening (FgSimTcp *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (self->number) };
  socklen_t len = sizeof address;
  const int on = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  self->port.event_fd = fd;
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
      || bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 4) != 0
      || getsockname (fd, (struct sockaddr *) &address, &len) != 0)
    return FALSE;
  self->number = ntohs (address.sin_port);
  return TRUE;
}

static gboolean
tcp_plug (FgSimPort *port, GError **error)
{
  FgSimTcp *self = (FgSimTcp *) port;
  g_autofree char *which = NULL;

  if (!start_listening (self)) {
    int saved = errno;

    which = g_strdup_printf ("TCP port %u", self->number);
    tcp_unplug (port);
    errno = saved;
    return fg_sim_port_fail (error, "listen on", which);
  }
  g_free (port->name);
  port->name = g_strdup_printf ("%s://127.0.0.1:%u", self->scheme, self->number);
  return TRUE;
}

/* Another client while one is there is turned away, unless that one has gone: it is served when the
 * last bytes of the former have been read. */
static gboolean
tcp_handle_event (FgSimPort *port)
{
  const int on = 1;
  struct pollfd hang_up = { port->data_fd, POLLRDHUP, 0 };
  int fd;

  if (port->client && poll (&hang_up, 1, 0) > 0)
    return FALSE;
  fd = accept4 (port->event_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0)
    return FALSE;
  if (port->client) {
    close (fd);
    return FALSE;
  }
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  port->data_fd = fd;
  port->client = TRUE;
  return FALSE; /* that is seen when reading */
}

static guint
tcp_get_baud (FgSimPort *port)
{
  return 0;
}

static void
tcp_free (FgSimPort *port)
{
  tcp_unplug (port);
  g_free (port->name);
  g_free (port);
}

const FgSimPortOps fg_sim_tcp_ops = {
  .plug = tcp_plug,
  .unplug = tcp_unplug,
  .handle_event = tcp_handle_event,
  .hang_up = tcp_hang_up,
  .get_baud = tcp_get_baud,
  .free = tcp_free,
};

void
fg_sim_tcp_init (FgSimTcp *self, const FgSimPortOps *ops, const char *scheme, guint16 number)
{
  self->port = (FgSimPort){ .ops = ops, .data_fd = -1, .event_fd = -1 };
  self->scheme = scheme;
  self->number = number;
}

/** fg_sim_tcp_new: @port: on 127.0.0.1; 0 picks a free one */
FgSimPort *
fg_sim_tcp_new (guint16 port)
{
  FgSimTcp *self = g_new0 (FgSimTcp, 1);

  fg_sim_tcp_init (self, &fg_sim_tcp_ops, "socket", port);
  return &self->port;
}
