/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-socket-transport.h"

#include "fg-error.h"
#include "fg-fd-transport.h"
#include "fg-net-address.h"
#include "fg-socket-connect.h"

#include <errno.h>
#include <fcntl.h>

FgTransport *
fg_socket_transport_open (const char *port, GCancellable *cancellable, GError **error)
{
  g_auto (FgNetAddress) address = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  FgTransport *transport;
  int fd;

  if (!fg_net_address_parse (&address, port, error))
    return NULL;
  connection = fg_socket_connect (address.place, port, cancellable, error);
  if (connection == NULL)
    return NULL;
  fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED, "%s: %s", port, g_strerror (errno));
    return NULL;
  }
  transport = fg_fd_transport_new (fd, port);
  transport->is_remote = TRUE;
  return transport;
}
