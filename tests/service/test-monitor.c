/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-monitor.h"

#include "fg-error.h"
#include "fg-open.h"

#define PORT "sim:esp8266,flash=1M,babble,name=monitor"

typedef struct {
  GError *error;
  gboolean done;
} Stop;

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer data)
{
  Stop *stop = data;

  fg_monitor_start_finish (FG_MONITOR (source), result, &stop->error);
  stop->done = TRUE;
}

static void
on_text (FgMonitor *monitor, GBytes *bytes, gint64 time_us, gpointer data)
{
  g_assert_cmpint (time_us, >, 0);
  *(gsize *) data += g_bytes_get_size (bytes);
}

/* The port can be given up for another program, and taken again; what was heard is told. */
static void
test_give_up_and_take_back (void)
{
  g_autoptr (FgMonitor) monitor = fg_monitor_new ();
  gsize heard = 0;

  g_signal_connect (monitor, "text", G_CALLBACK (on_text), &heard);
  for (guint round = 0; round < 2; round++) {
    Stop stop = { 0 };
    g_autoptr (FgTransport) wire = NULL;

    heard = 0;
    fg_monitor_start_async (monitor, PORT, 74880, TRUE, on_stopped, &stop);
    while (heard < 40)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpint (fg_monitor_get_state (monitor), ==, FG_MONITOR_LISTENING);
    g_assert_null (fg_open (PORT, NULL, NULL));
    fg_monitor_stop (monitor);
    while (!stop.done)
      g_main_context_iteration (NULL, TRUE);
    g_assert_no_error (stop.error);
    g_assert_cmpint (fg_monitor_get_state (monitor), ==, FG_MONITOR_STOPPED);
    g_assert_false (fg_monitor_send (monitor, "x", 1));
    wire = fg_open (PORT, NULL, NULL);
    g_assert_nonnull (wire);
  }
}

static void
test_no_port (void)
{
  g_autoptr (FgMonitor) monitor = fg_monitor_new ();
  Stop stop = { 0 };

  fg_monitor_start_async (monitor, "sim:esp9", 115200, FALSE, on_stopped, &stop);
  while (!stop.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (stop.error, FG_ERROR, FG_ERROR_USAGE);
  g_clear_error (&stop.error);
}

static void
count_text (GBytes *bytes, gint64 time_us, gpointer data)
{
  *(guint64 *) data += g_bytes_get_size (bytes);
}

static void
ignore_status (FgMonitorState state, const char *message, gpointer data)
{
}

/* Minutes of 2 Mbaud while the main thread stands still: the newest 4 MB stay. */
static void
test_bounded (void)
{
  static const FgMonitorReader reader = { count_text, ignore_status };
  static const guint8 bytes[4096];
  guint64 heard = 0;
  g_autoptr (FgMonitorLink) link = fg_monitor_link_new (115200, &reader, &heard);

  for (guint i = 0; i < 8192; i++)
    fg_monitor_link_hear (link, bytes, sizeof bytes);
  fg_monitor_link_close (link);
  g_assert_cmpuint (heard, <=, FG_MONITOR_HEARD_MAX);
  g_assert_cmpuint (heard, >=, FG_MONITOR_HEARD_MAX / 2);
  g_assert_cmpuint (heard + fg_monitor_link_get_dropped (link), ==, 8192 * sizeof bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/give-up-and-take-back", test_give_up_and_take_back);
  g_test_add_func ("/monitor/no-port", test_no_port);
  g_test_add_func ("/monitor/bounded", test_bounded);
  return g_test_run ();
}
