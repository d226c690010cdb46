/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"
#include "fg-cli-monitor-text.h"
#include "fg-error.h"
#include "fg-monitor.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#define DEFAULT_BAUD 115200u
#define RETRY_MS 50 /* when too much waits to be sent */

static const int end_signals[] = { SIGINT, SIGTERM, SIGHUP };

typedef struct {
  const FgCliOptions *options; /* (unowned) */
  FgCliOutput *output;         /* (unowned) */
  FgMonitor *monitor;          /* (unowned) */
  GMainLoop *loop;             /* (unowned) */
  FgCliMonitorText text;
  const char *eol;
  GString *typed; /* (owned) was read and could not be taken yet */
  guint input;    /* the source that waits for more of it; 0: none */
  guint baud;
  GError *error; /* (owned) */
} Session;

static gboolean
on_signal (gpointer data)
{
  Session *self = data;

  fg_monitor_stop (self->monitor);
  return G_SOURCE_CONTINUE;
}

static void
on_text (FgMonitor *monitor, GBytes *bytes, gint64 time_us, Session *self)
{
  fg_cli_monitor_text_take (&self->text, bytes, time_us);
  if (ferror (stdout)) /* the reader has left */
    fg_monitor_stop (monitor);
}

static void
print_status (FgMonitorState state, const char *message)
{
  static const char *const names[] = {
    [FG_MONITOR_STOPPED] = "stopped",
    [FG_MONITOR_OPENING] = "opening",
    [FG_MONITOR_LISTENING] = "listening",
    [FG_MONITOR_WAITING] = "waiting",
  };
  JsonBuilder *builder = fg_cli_json_begin ("status");

  fg_cli_json_string (builder, "state", names[state]);
  fg_cli_json_string (builder, "message", message);
  fg_cli_json_end (builder);
}

static void
on_status (FgMonitor *monitor, int state, const char *message, Session *self)
{
  fg_cli_monitor_text_break (&self->text);
  if (self->output->json)
    print_status ((FgMonitorState) state, message);
  else if (state == FG_MONITOR_LISTENING)
    fg_cli_output_note (self->output, _ ("Listening: %s, %u baud. Ctrl-C ends."), message,
                        self->baud);
  else if (state == FG_MONITOR_WAITING)
    fg_cli_output_note (self->output, _ ("%s. Waiting until it is back…"), message);
}

static gboolean on_input (int fd, GIOCondition condition, gpointer data);

static gboolean
on_retry (gpointer data)
{
  Session *self = data;

  if (!fg_monitor_send (self->monitor, self->typed->str, self->typed->len))
    return G_SOURCE_CONTINUE;
  g_string_truncate (self->typed, 0);
  self->input = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, self);
  return G_SOURCE_REMOVE;
}

/* The end of the input does not end the listening. */
static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  Session *self = data;
  char buf[512];
  gssize n = (condition & (G_IO_IN | G_IO_HUP)) != 0 ? read (fd, buf, sizeof buf) : -1;

  if (n <= 0) {
    self->input = 0;
    return G_SOURCE_REMOVE;
  }
  for (gssize i = 0; i < n; i++)
    if (buf[i] == '\n')
      g_string_append (self->typed, self->eol);
    else
      g_string_append_c (self->typed, buf[i]);
  if (fg_monitor_send (self->monitor, self->typed->str, self->typed->len)) {
    g_string_truncate (self->typed, 0);
    return G_SOURCE_CONTINUE;
  }
  self->input = g_timeout_add (RETRY_MS, on_retry, self);
  return G_SOURCE_REMOVE;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer data)
{
  Session *self = data;

  fg_monitor_start_finish (FG_MONITOR (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

/* Reading from the terminal would stop a program that runs in the background. */
static gboolean
may_read_input (void)
{
  return !isatty (STDIN_FILENO) || tcgetpgrp (STDIN_FILENO) == getpgrp ();
}

static void
run (Session *self)
{
  guint sources[G_N_ELEMENTS (end_signals)];

  for (gsize i = 0; i < G_N_ELEMENTS (end_signals); i++)
    sources[i] = g_unix_signal_add (end_signals[i], on_signal, self);
  g_signal_connect (self->monitor, "text", G_CALLBACK (on_text), self);
  g_signal_connect (self->monitor, "status", G_CALLBACK (on_status), self);
  fg_monitor_start_async (self->monitor, self->options->port, self->baud, self->options->reset,
                          on_stopped, self);
  if (may_read_input ())
    self->input = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, self);
  g_main_loop_run (self->loop);
  if (self->input != 0)
    g_source_remove (self->input);
  for (gsize i = 0; i < G_N_ELEMENTS (end_signals); i++)
    g_source_remove (sources[i]);
}

static void
report_end (Session *self)
{
  guint64 dropped = fg_monitor_get_dropped (self->monitor);

  if (self->output->json) {
    JsonBuilder *builder = fg_cli_output_begin_result (self->output, TRUE);

    fg_cli_json_int (builder, "bytes", (gint64) self->text.bytes);
    fg_cli_json_int (builder, "lines", (gint64) self->text.lines);
    fg_cli_json_int (builder, "dropped", (gint64) dropped);
    fg_cli_json_end (builder);
  } else if (dropped > 0) {
    g_autofree char *size = fg_size_format (dropped);

    fg_cli_output_note (self->output,
                        /* Translators: %s is a size, such as 12 KB */
                        _ ("%s came faster than they could be printed, and are missing."), size);
  }
}

static gboolean
understand (const FgCliOptions *options, const char **eol, GError **error)
{
  static const char *const names[] = { "crlf", "lf", "cr" };
  static const char *const ends[] = { "\r\n", "\n", "\r" };

  *eol = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (options->eol != NULL ? options->eol : names[0], names[i]))
      *eol = ends[i];
  if (*eol == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
                 _ ("“%s” is not a value of --eol: choose lf, cr or crlf"), options->eol);
    return FALSE;
  }
  if (options->reset && options->no_reset) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE,
                         _ ("--reset and --no-reset contradict each other"));
    return FALSE;
  }
  if (options->raw && (options->json || options->timestamps)) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE,
                         _ ("--raw passes bytes on as they are: it goes neither with --json nor "
                            "with --timestamps"));
    return FALSE;
  }
  return TRUE;
}

int
fg_cli_monitor (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (FgMonitor) monitor = fg_monitor_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Session self = { .options = options, .output = output, .monitor = monitor, .loop = loop };

  if (!understand (options, &self.eol, &error))
    return fg_cli_output_port_error (output, error, options->port);
  self.baud = options->baud != 0 ? options->baud : DEFAULT_BAUD;
  self.typed = g_string_new (NULL);
  fg_cli_monitor_text_init (&self.text, output, options->timestamps, options->raw);
  run (&self);
  fg_cli_monitor_text_break (&self.text);
  fg_cli_monitor_text_clear (&self.text);
  g_string_free (self.typed, TRUE);
  error = self.error;
  if (error != NULL)
    return fg_cli_output_port_error (output, error, options->port);
  report_end (&self);
  return FG_CLI_EXIT_DONE;
}
