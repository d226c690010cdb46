/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-fd-transport.h"

#include "fg-error.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_US (10 * G_TIME_SPAN_SECOND)

typedef struct {
  FgTransport *wire;
  int peer;
} Pair;

static Pair
pair_new (void)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  return (Pair){ fg_fd_transport_new (fds[0], "test wire"), fds[1] };
}

static void
pair_clear (Pair *pair)
{
  fg_transport_free (pair->wire);
  if (pair->peer >= 0)
    close (pair->peer);
}

static void
test_silence (void)
{
  Pair pair = pair_new ();
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  guint8 buf[8];

  g_assert_cmpint (pair.wire->ops->read (pair.wire, buf, sizeof buf, 0, &error), ==, 0);
  g_assert_cmpint (pair.wire->ops->read (pair.wire, buf, sizeof buf, 30, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 30 * G_TIME_SPAN_MILLISECOND);
  pair_clear (&pair);
}

static void
test_exchange (void)
{
  Pair pair = pair_new ();
  g_autoptr (GError) error = NULL;
  guint8 buf[8] = { 0 };

  g_assert_true (fg_transport_write (pair.wire, (const guint8 *) "hello", 5, &error));
  g_assert_cmpint (read (pair.peer, buf, sizeof buf), ==, 5);
  g_assert_cmpmem (buf, 5, "hello", 5);
  g_assert_cmpint (write (pair.peer, "abc", 3), ==, 3);
  g_assert_cmpint (fg_transport_read (pair.wire, buf, sizeof buf, 0, NULL, &error), ==, 3);
  g_assert_cmpmem (buf, 3, "abc", 3);
  g_assert_no_error (error);
  g_assert_cmpuint (pair.wire->bytes_written, ==, 5);
  g_assert_cmpuint (pair.wire->bytes_read, ==, 3);
  g_assert_false (fg_transport_has_lines (pair.wire));
  g_assert_false (fg_transport_has_baud (pair.wire));
  pair_clear (&pair);
}

/* What came before the hang-up is not lost; then reading and writing both say what happened. */
static void
test_hang_up (void)
{
  Pair pair = pair_new ();
  g_autoptr (GError) read_error = NULL;
  g_autoptr (GError) write_error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  guint8 buf[8];

  g_assert_cmpint (write (pair.peer, "last", 4), ==, 4);
  close (pair.peer);
  pair.peer = -1;
  g_assert_cmpint (pair.wire->ops->read (pair.wire, buf, sizeof buf, 1000, NULL), ==, 4);
  g_assert_cmpint (pair.wire->ops->read (pair.wire, buf, sizeof buf, 1000, &read_error), ==, -1);
  g_assert_error (read_error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_cmpstr (read_error->message, ==, "test wire: the board was disconnected");
  g_assert_false (fg_transport_write (pair.wire, buf, sizeof buf, &write_error));
  g_assert_error (write_error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_TIME_SPAN_SECOND);
  pair_clear (&pair);
}

/* An adapter that takes nothing any more. */
static void
test_write_deadline (void)
{
  Pair pair = pair_new ();
  g_autoptr (GError) error = NULL;
  gsize len = 16 * 1024 * 1024;
  g_autofree guint8 *buf = g_malloc0 (len);
  gint64 start_us = g_get_monotonic_time ();

  g_assert_false (fg_fd_transport_write_within ((FgFdTransport *) pair.wire, buf, len, 50, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "of 16777216 bytes in 50 ms"));
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 50 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_TIME_SPAN_SECOND);
  pair_clear (&pair);
}

/* A peer that is gone while a write waits for room. */
static gpointer
close_peer (gpointer data)
{
  g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  close (GPOINTER_TO_INT (data));
  return NULL;
}

static void
test_write_hang_up (void)
{
  Pair pair = pair_new ();
  g_autoptr (GError) error = NULL;
  gsize len = 16 * 1024 * 1024;
  g_autofree guint8 *buf = g_malloc0 (len);
  gint64 start_us = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("unplug", close_peer, GINT_TO_POINTER (pair.peer));

  pair.peer = -1;
  g_assert_false (fg_transport_write (pair.wire, buf, len, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_TIME_SPAN_SECOND);
  g_thread_join (thread);
  pair_clear (&pair);
}

typedef struct {
  GCancellable *cancellable;
  gint64 cancelled_us;
} Cancel;

static gpointer
cancel_soon (gpointer data)
{
  Cancel *cancel = data;

  g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  cancel->cancelled_us = g_get_monotonic_time ();
  g_cancellable_cancel (cancel->cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  Pair pair = pair_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Cancel cancel = { .cancellable = cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_soon, &cancel);
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  guint8 byte;

  g_assert_cmpint (fg_transport_read (pair.wire, &byte, 1, deadline_us, cancellable, &error), ==,
                   -1);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - cancel.cancelled_us, <, 200 * G_TIME_SPAN_MILLISECOND);
  pair_clear (&pair);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fd-transport/silence", test_silence);
  g_test_add_func ("/fd-transport/exchange", test_exchange);
  g_test_add_func ("/fd-transport/hang-up", test_hang_up);
  g_test_add_func ("/fd-transport/write-deadline", test_write_deadline);
  g_test_add_func ("/fd-transport/write-hang-up", test_write_hang_up);
  g_test_add_func ("/fd-transport/cancel", test_cancel);
  return g_test_run ();
}
