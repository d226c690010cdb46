/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-run.h"

#include "fg-error.h"
#include "fg-flasher.h"
#include "fg-stub-file.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <unistd.h>

static const int cancel_signals[] = { SIGINT, SIGTERM, SIGHUP };

typedef struct {
  FgCliOutput *output; /* (unowned) */
  GMainLoop *loop;
  GCancellable *cancellable;
  FgResult *result; /* (owned) */
  GError *error;    /* (owned) */
} Run;

static gboolean
choose_loader (FgJob *job, const char *loader, GError **error)
{
  static const struct {
    const char *name;
    FgLoaderChoice choice;
  } choices[] = {
    { "auto", FG_LOADER_AUTO },
    { "rom", FG_LOADER_ROM },
    { "stub", FG_LOADER_STUB },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (g_str_equal (loader, choices[i].name)) {
      job->loader = choices[i].choice;
      return TRUE;
    }
  if (!g_str_has_suffix (loader, ".json")) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
                 _ ("“%s” is not a value of --loader: choose auto, rom, stub or a file .json"),
                 loader);
    return FALSE;
  }
  job->loader = FG_LOADER_FILE;
  job->stub = fg_stub_file_load (loader, error);
  return job->stub != NULL;
}

/**
 * fg_cli_job_new:
 *
 * Returns: (transfer full): a job with the general options in it; %NULL with %FG_ERROR_USAGE or an
 *   error of fg_stub_file_load() set for a loader that there is not
 */
FgJob *
fg_cli_job_new (const FgCliOptions *options, FgJobKind kind, GError **error)
{
  g_autoptr (FgJob) job = fg_job_new (kind, options->port);

  if (!choose_loader (job, options->loader, error))
    return NULL;
  if (options->baud != 0)
    job->baud = options->baud;
  job->before = options->before;
  job->before_steps = g_strdup (options->before_steps);
  job->after = options->after;
  return g_steal_pointer (&job);
}

/* The first signal asks the worker to stop where the chip can be left; the second one does not. */
static gboolean
on_signal (gpointer data)
{
  Run *run = data;

  if (g_cancellable_is_cancelled (run->cancellable)) {
    fg_cli_bar_hide (&run->output->bar);
    _exit (FG_CLI_EXIT_CANCELLED);
  }
  fg_cli_output_note (run->output, _ ("Cancelling…"));
  g_cancellable_cancel (run->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
on_progress (FgFlasher *flasher, const FgProgress *progress, Run *run)
{
  fg_cli_output_progress (run->output, progress);
}

static void
on_log (FgFlasher *flasher, int level, const char *line, gint64 time_us, Run *run)
{
  /* that it was cancelled is no warning to the one who did it */
  if (level == FG_LOG_WARNING && g_cancellable_is_cancelled (run->cancellable))
    level = FG_LOG_INFO;
  fg_cli_output_log (run->output, level, line);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  run->result = fg_flasher_run_finish (FG_FLASHER (source), result, &run->error);
  g_main_loop_quit (run->loop);
}

/**
 * fg_cli_run:
 *
 * Returns: (transfer full): what was done; %NULL with @error set, %G_IO_ERROR_CANCELLED after a
 *   signal
 */
FgResult *
fg_cli_run (FgCliOutput *output, FgJob *job, GError **error)
{
  g_autoptr (FgFlasher) flasher = fg_flasher_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint sources[G_N_ELEMENTS (cancel_signals)];
  Run run = { .output = output, .loop = loop, .cancellable = cancellable };

  for (gsize i = 0; i < G_N_ELEMENTS (cancel_signals); i++)
    sources[i] = g_unix_signal_add (cancel_signals[i], on_signal, &run);
  g_signal_connect (flasher, "progress", G_CALLBACK (on_progress), &run);
  g_signal_connect (flasher, "log", G_CALLBACK (on_log), &run);
  fg_flasher_run_async (flasher, job, cancellable, on_done, &run);
  g_main_loop_run (loop);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  fg_cli_bar_hide (&output->bar);
  if (run.error != NULL)
    g_propagate_error (error, run.error);
  return run.result;
}
