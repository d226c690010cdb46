/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-socket-connect.h"

#include "fg-error.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define CONNECT_DEADLINE_S 10
/* A link that died without a word is found out in about 20 s, also while nothing is sent. */
#define KEEP_IDLE_S 10
#define KEEP_INTERVAL_S 3
#define KEEP_PROBES 3
#define UNANSWERED_MS 20000

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

static void
tune (GSocket *socket)
{
  /* Commands are small and each waits for its answer: none may be held back to be merged. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEP_PROBES, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MS, NULL);
}

GSocketConnection *
fg_socket_connect (const char *place, const char *name, GCancellable *cancellable, GError **error)
{
  Attempt attempt = { 0 };
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GError) failure = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  address = g_network_address_parse (place, 0, error);
  if (address == NULL)
    return NULL;
  attempt_connect (&attempt, address, cancellable);
  failure = attempt.error;
  if (attempt.connection == NULL) {
    set_connect_error (error, &attempt, name);
    return NULL;
  }
  tune (g_socket_connection_get_socket (attempt.connection));
  return attempt.connection;
}

void
fg_socket_ack_soon (int fd)
{
  const int on = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on); /* refused where it is not TCP */
}
