/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-output.h"

#include "fg-error.h"
#include "fg-remedy.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10) /* between two events of one phase */
#define LABEL_WIDTH 12                          /* columns of a fact's label */

static const char *const level_names[] = {
  [FG_LOG_DEBUG] = "debug",
  [FG_LOG_INFO] = "info",
  [FG_LOG_WARNING] = "warning",
  [FG_LOG_ERROR] = "error",
};

void
fg_cli_output_init (FgCliOutput *self, gboolean json, gboolean verbose, gboolean quiet)
{
  *self = (FgCliOutput){ .json = json, .verbose = verbose, .quiet = quiet };
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  fg_cli_bar_init (&self->bar, !json && !quiet);
}

void
fg_cli_output_clear (FgCliOutput *self)
{
  fg_cli_bar_hide (&self->bar);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

/** fg_cli_output_is_human: whether anybody reads fg_cli_output_line() */
gboolean
fg_cli_output_is_human (const FgCliOutput *self)
{
  return !self->json && !self->quiet;
}

static void
print_progress (const FgProgress *progress)
{
  JsonBuilder *builder = fg_cli_json_begin ("progress");

  fg_cli_json_string (builder, "phase", fg_phase_name (progress->phase));
  fg_cli_json_int (builder, "done", progress->done);
  fg_cli_json_known (builder, "total", progress->total, 0);
  fg_cli_json_known (builder, "rate", (gint64) progress->rate, 0);
  fg_cli_json_seconds (builder, "eta", progress->eta);
  fg_cli_json_end (builder);
}

/** fg_cli_output_progress: at most ten a second, but always the first and the last of a phase */
void
fg_cli_output_progress (FgCliOutput *self, const FgProgress *progress)
{
  gint64 now = g_get_monotonic_time ();
  gboolean complete = progress->total > 0 && progress->done >= progress->total;

  if (progress->phase == self->last_phase && !complete
      && now - self->last_progress < PROGRESS_INTERVAL)
    return;
  self->last_phase = progress->phase;
  self->last_progress = now;
  if (!self->json)
    fg_cli_bar_update (&self->bar, progress);
  else if (!self->quiet)
    print_progress (progress);
}

static void
print_log (FgLogLevel level, const char *message)
{
  JsonBuilder *builder = fg_cli_json_begin ("log");

  fg_cli_json_string (builder, "level", level_names[level]);
  fg_cli_json_string (builder, "message", message);
  fg_cli_json_end (builder);
}

/** fg_cli_output_log: warnings are shown unless --quiet, the rest with --verbose; what fails the
 * job is told at its end anyway */
void
fg_cli_output_log (FgCliOutput *self, FgLogLevel level, const char *message)
{
  if (level == FG_LOG_WARNING)
    g_ptr_array_add (self->warnings, g_strdup (message));
  if (self->json) {
    if (self->verbose)
      print_log (level, message);
    return;
  }
  if (self->quiet || (!self->verbose && level != FG_LOG_WARNING))
    return;
  fg_cli_bar_hide (&self->bar);
  if (level == FG_LOG_WARNING)
    g_printerr (_ ("Warning: %s\n"), message);
  else
    g_printerr ("%s\n", message);
}

/** fg_cli_output_note: a passing remark for people, on standard error */
void
fg_cli_output_note (FgCliOutput *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!fg_cli_output_is_human (self))
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fg_cli_bar_hide (&self->bar);
  g_printerr ("%s\n", text);
}

static int
exit_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FG_CLI_EXIT_CANCELLED;
  if (g_error_matches (error, FG_ERROR, FG_ERROR_USAGE))
    return FG_CLI_EXIT_USAGE;
  return FG_CLI_EXIT_FAILED;
}

/**
 * fg_cli_output_error:
 * @remedy: what to do now
 *
 * Returns: the exit status that goes with @error
 */
int
fg_cli_output_error (FgCliOutput *self, const GError *error, const char *remedy)
{
  fg_cli_bar_hide (&self->bar);
  if (self->json) {
    JsonBuilder *builder = fg_cli_json_begin ("error");

    fg_cli_json_string (builder, "code", fg_error_code_name (error));
    fg_cli_json_string (builder, "message", error->message);
    fg_cli_json_string (builder, "remedy", remedy);
    fg_cli_json_end (builder);
  } else {
    g_printerr ("%s: %s\n%s\n", g_get_prgname (), error->message, remedy);
  }
  return exit_status (error);
}

/** fg_cli_output_port_error: fg_cli_output_error() with the remedy for this error on this port */
int
fg_cli_output_port_error (FgCliOutput *self, const GError *error, const char *port)
{
  g_autofree char *remedy = fg_error_remedy (error, port);

  return fg_cli_output_error (self, error, remedy);
}

/** fg_cli_output_line: one line for people, on standard output; nothing in JSON or when quiet */
void
fg_cli_output_line (FgCliOutput *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!fg_cli_output_is_human (self))
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fg_cli_bar_hide (&self->bar);
  g_print ("%s\n", text);
}

/** fg_cli_output_fact: “  label       value”, with the values in one column */
void
fg_cli_output_fact (FgCliOutput *self, const char *label, const char *format, ...)
{
  g_autofree char *text = NULL;
  glong width = g_utf8_strlen (label, -1);
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fg_cli_output_line (self, "  %s%*s  %s", label, (int) MAX (LABEL_WIDTH - width, 0), "", text);
}

/**
 * fg_cli_output_begin_result:
 *
 * Returns: (transfer full): the last line of a run: more members may be added
 */
JsonBuilder *
fg_cli_output_begin_result (FgCliOutput *self, gboolean ok)
{
  JsonBuilder *builder = fg_cli_json_begin ("result");

  fg_cli_json_bool (builder, "ok", ok);
  if (self->warnings->len > 0) {
    json_builder_set_member_name (builder, "warnings");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->warnings->len; i++)
      json_builder_add_string_value (builder, self->warnings->pdata[i]);
    json_builder_end_array (builder);
  }
  return builder;
}
