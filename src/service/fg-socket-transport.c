/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-socket-transport.h"

#include "fg-error.h"
#include "fg-fd-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define CONNECT_DEADLINE_S 10

/* One attempt to connect, driven by a main context of its own, so that any thread may block on it
 * and the deadline covers the name lookup too. */
typedef struct {
  GSocketConnection *connection; /* (owned) (nullable) */
  GError *error;                 /* (owned) (nullable) */
  gboolean done;
  gboolean expired;
  GCancellable *stop; /* (unowned) */
} Attempt;

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Attempt *attempt = data;

  attempt->connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &attempt->error);
  attempt->done = TRUE;
}

static gboolean
on_deadline (gpointer data)
{
  Attempt *attempt = data;

  attempt->expired = TRUE;
  g_cancellable_cancel (attempt->stop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Attempt *attempt = data;

  g_cancellable_cancel (attempt->stop);
  return G_SOURCE_REMOVE;
}

static void
attach (GSource *source, GSourceFunc callback, Attempt *attempt, GMainContext *context)
{
  g_source_set_callback (source, callback, attempt, NULL);
  g_source_attach (source, context);
}

static void
detach (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
attempt_connect (Attempt *attempt, GSocketConnectable *address, GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  GSource *deadline = g_timeout_source_new_seconds (CONNECT_DEADLINE_S);
  GSource *cancelled = g_cancellable_source_new (cancellable);

  attempt->stop = stop;
  g_main_context_push_thread_default (context);
  g_socket_client_set_enable_proxy (client, FALSE);
  attach (deadline, on_deadline, attempt, context);
  attach (cancelled, G_SOURCE_FUNC (on_cancelled), attempt, context);
  g_socket_client_connect_async (client, address, stop, on_connected, attempt);
  while (!attempt->done)
    g_main_context_iteration (context, TRUE);
  detach (deadline);
  detach (cancelled);
  attempt->stop = NULL;
  g_main_context_pop_thread_default (context);
}

static void
set_connect_error (GError **error, const Attempt *attempt, const char *name)
{
  const GError *cause = attempt->error;

  if (attempt->expired)
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
                 "%s did not take the connection within %d s", name, CONNECT_DEADLINE_S);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
                 "%s refused the connection: nothing listens on this port", name);
  else if (cause->domain == G_RESOLVER_ERROR)
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
                 "%s: no computer of this name is known (%s)", name, cause->message);
  else
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING, "Cannot connect to %s: %s", name,
                 cause->message);
}

/* "HOST:PORT": both must be there. */
static GSocketConnectable *
parse_address (const char *address, const char *name, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (GSocketConnectable) parsed = NULL;

  if (address[0] != '\0' && address[0] != ':' && strpbrk (address, "/@?#") == NULL)
    parsed = g_network_address_parse (address, 0, &parse_error);
  if (parsed != NULL && g_network_address_get_port (G_NETWORK_ADDRESS (parsed)) != 0)
    return g_steal_pointer (&parsed);
  g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
               "“%s” is not of the form socket://HOST:PORT with a port number from 1 to 65535",
               name);
  return NULL;
}

FgTransport *
fg_socket_transport_open (const char *address,
                          const char *name,
                          GCancellable *cancellable,
                          GError **error)
{
  Attempt attempt = { 0 };
  g_autoptr (GSocketConnectable) parsed = parse_address (address, name, error);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) failure = NULL;
  GSocket *socket;
  int fd;

  if (parsed == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  attempt_connect (&attempt, parsed, cancellable);
  connection = attempt.connection;
  failure = attempt.error;
  if (connection == NULL) {
    set_connect_error (error, &attempt, name);
    return NULL;
  }
  /* Commands are small and each waits for its answer: none may be held back to be merged. */
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED, "%s: %s", name, g_strerror (errno));
    return NULL;
  }
  return fg_fd_transport_new (fd, name);
}
