/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-open.h"

#include "assert-refused.h"
#include "fg-error.h"
#include "fg-fd-transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  GSocketListener *listener;
  char *port;
} Server;

static Server
server_new (const char *host)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (host, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;
  Server server = { .listener = g_socket_listener_new () };
  gboolean is_v6 = strchr (host, ':') != NULL;

  g_socket_listener_add_address (server.listener, wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  server.port = g_strdup_printf (is_v6 ? "socket://[%s]:%u" : "socket://%s:%u", host,
                                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  return server;
}

static void
server_clear (Server *server)
{
  g_socket_listener_close (server->listener);
  g_clear_object (&server->listener);
  g_clear_pointer (&server->port, g_free);
}

/* One byte there and back, then a hang-up. @data: the host */
static void
test_exchange (gconstpointer data)
{
  Server server = server_new (data);
  g_autoptr (GSocketConnection) peer = NULL;
  g_autoptr (FgTransport) wire = NULL;
  g_autoptr (GError) error = NULL;
  gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  guint8 byte = 0xc0;
  int no_delay = 0;
  socklen_t len = sizeof no_delay;

  wire = fg_open (server.port, NULL, &error);
  g_assert_no_error (error);
  peer = g_socket_listener_accept (server.listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (fg_transport_has_lines (wire));
  g_assert_false (fg_transport_has_baud (wire));
  g_assert_cmpint (
      getsockopt (((FgFdTransport *) wire)->fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &len), ==, 0);
  g_assert_cmpint (no_delay, !=, 0);

  g_assert_true (fg_transport_write (wire, &byte, 1, &error));
  byte = 0;
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (peer)), &byte, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (byte, ==, 0xc0);
  byte = 0xdb;
  g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (peer)), &byte, 1, NULL,
                         &error);
  g_assert_no_error (error);
  byte = 0;
  g_assert_cmpint (fg_transport_read (wire, &byte, 1, deadline_us, NULL, &error), ==, 1);
  g_assert_cmpuint (byte, ==, 0xdb);

  g_io_stream_close (G_IO_STREAM (peer), NULL, NULL);
  g_assert_cmpint (fg_transport_read (wire, &byte, 1, deadline_us, NULL, &error), ==, -1);
  g_assert_error (error, FG_ERROR, FG_ERROR_DISCONNECTED);
  server_clear (&server);
}

static void
test_refused (void)
{
  Server server = server_new ("127.0.0.1");
  g_autofree char *port = g_strdup (server.port);

  server_clear (&server);
  assert_refused (port, FG_ERROR_PORT_MISSING, "refused the connection: nothing listens");
}

static void
test_unknown_host (void)
{
  assert_refused ("socket://no-such-host.invalid:4000", FG_ERROR_PORT_MISSING,
                  "no-such-host.invalid");
}

static void
test_malformed (void)
{
  static const char *const ports[] = {
    "socket://",           "socket://host",        "socket://host:",      "socket://:4000",
    "socket://host:0",     "socket://host:x",      "socket://host:70000", "socket://host:-1",
    "socket://host:4000/", "socket://u@host:4000", "socket://[::1:4000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    assert_refused (ports[i], FG_ERROR_USAGE, ports[i]);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (30 * G_TIME_SPAN_MILLISECOND);
  g_cancellable_cancel (data);
  return NULL;
}

/* A host that does not take the connection: its queue is full, so that it drops our packets. */
static void
test_cancel (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int waiting[4];
  g_autofree char *port = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 start_us;
  GThread *thread;

  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, len), ==, 0);
  g_assert_cmpint (listen (listener, 0), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &address, &len), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++) {
    waiting[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    connect (waiting[i], (struct sockaddr *) &address, len);
  }
  port = g_strdup_printf ("socket://127.0.0.1:%u", ntohs (address.sin_port));
  start_us = g_get_monotonic_time ();
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (fg_open (port, cancellable, &error));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 230 * G_TIME_SPAN_MILLISECOND);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    close (waiting[i]);
  close (listener);
}

int
main (int argc, char *argv[])
{
  /* A machine without a name server must not make this test wait for one. */
  g_setenv ("RES_OPTIONS", "timeout:1 attempts:1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/socket/ipv4", "127.0.0.1", test_exchange);
  g_test_add_data_func ("/socket/ipv6", "::1", test_exchange);
  g_test_add_func ("/socket/refused", test_refused);
  g_test_add_func ("/socket/unknown-host", test_unknown_host);
  g_test_add_func ("/socket/malformed", test_malformed);
  g_test_add_func ("/socket/cancel", test_cancel);
  return g_test_run ();
}
