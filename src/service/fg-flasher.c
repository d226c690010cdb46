/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flasher.h"

#include "fg-board-memory.h"
#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-mailbox.h"
#include "fg-open.h"

#include <math.h>

/* No flash of these chips has more sectors; a worker gone wrong must not fill the memory. */
#define MAX_SECTORS (256u * 1024 * 1024 / FG_SECTOR_SIZE)

struct _FgFlasher {
  GObject parent_instance;
  gboolean busy;
  FgPhase phase;
  double fraction;
  double eta;
  FgProgress progress;
  FgBoardInfo *board;  /* (owned) (nullable) */
  char *board_port;    /* (owned) (nullable) where @board was found */
  GByteArray *sectors; /* (owned) one FgSectorState each */
};

/* What the worker has: nothing of the object. */
typedef struct {
  FgJob *job;         /* (owned) */
  FgMailbox *mailbox; /* (owned) */
} Run;

enum {
  PROP_0,
  PROP_BUSY,
  PROP_PHASE,
  PROP_FRACTION,
  PROP_ETA,
  PROP_BOARD,
  N_PROPS,
};

enum { SIGNAL_PROGRESS, SIGNAL_LOG, SIGNAL_SECTORS, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static FgProgress *
progress_copy (FgProgress *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (FgProgress, fg_progress, progress_copy, g_free)
G_DEFINE_BOXED_TYPE (FgBoardInfo, fg_board_info, fg_board_info_ref, fg_board_info_unref)
G_DEFINE_FINAL_TYPE (FgFlasher, fg_flasher, G_TYPE_OBJECT)

static void
set_busy (FgFlasher *self, gboolean busy)
{
  if (self->busy == busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
set_phase (FgFlasher *self, FgPhase phase)
{
  if (self->phase == phase)
    return;
  self->phase = phase;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHASE]);
}

static void
set_fraction (FgFlasher *self, double fraction)
{
  if (!(fabs (self->fraction - fraction) > 0))
    return;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static void
set_eta (FgFlasher *self, double eta)
{
  if (!(fabs (self->eta - eta) > 0))
    return;
  self->eta = eta;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ETA]);
}

static void
set_board (FgFlasher *self, FgBoardInfo *board)
{
  if (self->board == board)
    return;
  g_clear_pointer (&self->board, fg_board_info_unref);
  self->board = board != NULL ? fg_board_info_ref (board) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARD]);
}

static void
fg_flasher_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FgFlasher *self = FG_FLASHER (object);

  switch (id) {
  case PROP_BUSY:
    g_value_set_boolean (value, self->busy);
    break;
  case PROP_PHASE:
    g_value_set_int (value, (int) self->phase);
    break;
  case PROP_FRACTION:
    g_value_set_double (value, self->fraction);
    break;
  case PROP_ETA:
    g_value_set_double (value, self->eta);
    break;
  case PROP_BOARD:
    g_value_set_boxed (value, self->board);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_flasher_finalize (GObject *object)
{
  FgFlasher *self = FG_FLASHER (object);

  g_clear_pointer (&self->board, fg_board_info_unref);
  g_free (self->board_port);
  g_byte_array_unref (self->sectors);
  G_OBJECT_CLASS (fg_flasher_parent_class)->finalize (object);
}

static void
fg_flasher_class_init (FgFlasherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = fg_flasher_get_property;
  object_class->finalize = fg_flasher_finalize;
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_PHASE] =
      g_param_spec_int ("phase", NULL, NULL, 0, FG_N_PHASES - 1, FG_PHASE_NONE, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_ETA] = g_param_spec_double ("eta", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_BOARD] = g_param_spec_boxed ("board", NULL, NULL, FG_TYPE_BOARD_INFO, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_PROGRESS] =
      g_signal_new ("progress", FG_TYPE_FLASHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, FG_TYPE_PROGRESS | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_LOG] =
      g_signal_new ("log", FG_TYPE_FLASHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                    G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_INT64);
  signals[SIGNAL_SECTORS] =
      g_signal_new ("sectors", FG_TYPE_FLASHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_INT);
}

static void
fg_flasher_init (FgFlasher *self)
{
  self->eta = -1;
  self->progress.eta = -1;
  self->sectors = g_byte_array_new ();
}

FgFlasher *
fg_flasher_new (void)
{
  return g_object_new (FG_TYPE_FLASHER, NULL);
}

static void
grow_sectors (FgFlasher *self, guint64 n)
{
  guint old = self->sectors->len;

  if (n > MAX_SECTORS || n <= old)
    return;
  g_byte_array_set_size (self->sectors, (guint) n);
  memset (self->sectors->data + old, FG_SECTOR_LEFT, (gsize) n - old);
}

static void
on_progress (const FgProgress *progress, gpointer data)
{
  FgFlasher *self = data;

  self->progress = *progress;
  self->progress.fraction = CLAMP (progress->fraction, 0, 1);
  g_object_freeze_notify (G_OBJECT (self));
  set_phase (self, progress->phase);
  set_fraction (self, self->progress.fraction);
  set_eta (self, progress->eta < 0 ? -1 : progress->eta);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, &self->progress);
}

static void
on_log (FgLogLevel level, const char *line, gint64 time_us, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_LOG], 0, (int) level, line, time_us);
}

static void
on_sectors (guint32 offset, guint32 length, FgSectorState state, gpointer data)
{
  FgFlasher *self = data;
  guint64 first = offset / FG_SECTOR_SIZE;
  guint64 end = ((guint64) offset + length + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE;

  grow_sectors (self, end);
  for (guint64 i = first; i < MIN (end, self->sectors->len); i++)
    self->sectors->data[i] = (guint8) state;
  g_signal_emit (self, signals[SIGNAL_SECTORS], 0, offset, length, (int) state);
}

static void
on_board (FgBoardInfo *board, gpointer data)
{
  FgFlasher *self = data;

  grow_sectors (self, board->flash_size / FG_SECTOR_SIZE);
  set_board (self, board);
}

static const FgMailboxReader reader = {
  .progress = on_progress,
  .log = on_log,
  .sectors = on_sectors,
  .board = on_board,
};

static void
run_free (gpointer data)
{
  Run *run = data;

  fg_job_unref (run->job);
  fg_mailbox_unref (run->mailbox);
  g_free (run);
}

static FgResult *
try_port (Run *run,
          const char *port,
          const FgReporter *reporter,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (FgTransport) wire = fg_open (port, cancellable, error);

  if (wire == NULL)
    return NULL;
  fg_report_log (reporter, FG_LOG_INFO, "Opened %s", wire->name);
  return fg_job_run (run->job, wire, reporter, cancellable, error);
}

/* Whether this port has no board for us and another may. Nothing was done to a board by then. */
static gboolean
may_be_elsewhere (const GError *error)
{
  return error->domain == FG_ERROR
         && (error->code == FG_ERROR_PORT_MISSING || error->code == FG_ERROR_PORT_BUSY
             || error->code == FG_ERROR_PORT_FORBIDDEN || error->code == FG_ERROR_PORT_FAILED
             || error->code == FG_ERROR_NO_ANSWER || error->code == FG_ERROR_NOT_IN_LOADER);
}

/* The worker. The port is free again before the main thread hears of the end. */
static FgResult *
run_job (Run *run, GCancellable *cancellable, GError **error)
{
  FgReporter reporter = fg_mailbox_reporter (run->mailbox);
  g_autoptr (GError) cause = NULL;
  g_auto (GStrv) ports = fg_open_candidates (run->job->port, &cause);
  FgResult *result = NULL;

  if (!g_str_has_prefix (run->job->port, "sim:")) { /* those are as good as they are made */
    reporter.recall = fg_board_memory_recall;
    reporter.remember = fg_board_memory_remember;
  }
  for (char **port = ports; port != NULL && *port != NULL; port++) {
    if (cause != NULL)
      fg_report_log (&reporter, FG_LOG_WARNING, "%s: trying %s", cause->message, *port);
    g_clear_error (&cause);
    result = try_port (run, *port, &reporter, cancellable, &cause);
    if (result != NULL)
      return result;
    if (!may_be_elsewhere (cause))
      break;
  }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fg_report_log (&reporter, FG_LOG_WARNING, "Cancelled");
  else
    fg_report_log (&reporter, FG_LOG_ERROR, "%s", cause->message);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static void
job_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  FgResult *result = run_job (task_data, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) fg_result_unref);
  else
    g_task_return_error (task, error);
}

/* Back on the main thread: what was reported comes first, then the end. */
static void
on_job_done (GObject *source, GAsyncResult *inner, gpointer data)
{
  g_autoptr (GTask) task = data;
  FgFlasher *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (G_TASK (inner));
  GError *error = NULL;
  FgResult *result = g_task_propagate_pointer (G_TASK (inner), &error);

  fg_mailbox_close (run->mailbox);
  if (result != NULL && result->board != NULL)
    on_board (result->board, self);
  set_eta (self, -1);
  set_busy (self, FALSE);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) fg_result_unref);
  else
    g_task_return_error (task, error);
}

static void
begin (FgFlasher *self, FgJob *job)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->board_port, job->port) != 0)
    set_board (self, NULL);
  g_free (self->board_port);
  self->board_port = g_strdup (job->port);
  self->progress = (FgProgress){ .eta = -1 };
  g_byte_array_set_size (self->sectors, 0);
  if (self->board != NULL)
    grow_sectors (self, self->board->flash_size / FG_SECTOR_SIZE);
  set_phase (self, FG_PHASE_NONE);
  set_fraction (self, 0);
  set_eta (self, -1);
  set_busy (self, TRUE);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * fg_flasher_run_async:
 *
 * Never returns on cancel before the worker has let go of the port; a job that was done when the
 * cancel came is done.
 */
void
fg_flasher_run_async (FgFlasher *self,
                      FgJob *job,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) inner = NULL;
  Run *run;

  g_task_set_source_tag (task, fg_flasher_run_async);
  g_task_set_check_cancellable (task, FALSE);
  if (self->busy) {
    g_task_return_new_error (task, FG_ERROR, FG_ERROR_IN_USE,
                             "A job is already running on this board");
    return;
  }
  run = g_new0 (Run, 1);
  run->job = fg_job_ref (job);
  run->mailbox = fg_mailbox_new (g_task_get_context (task), &reader, self);
  begin (self, job);
  inner = g_task_new (NULL, cancellable, on_job_done, g_object_ref (task));
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, run, run_free);
  g_task_run_in_thread (inner, job_thread);
}

FgResult *
fg_flasher_run_finish (FgFlasher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
fg_flasher_get_busy (FgFlasher *self)
{
  return self->busy;
}

FgPhase
fg_flasher_get_phase (FgFlasher *self)
{
  return self->phase;
}

double
fg_flasher_get_fraction (FgFlasher *self)
{
  return self->fraction;
}

double
fg_flasher_get_eta (FgFlasher *self)
{
  return self->eta;
}

/**
 * fg_flasher_get_board:
 *
 * Returns: (transfer none) (nullable): what the last job found
 */
FgBoardInfo *
fg_flasher_get_board (FgFlasher *self)
{
  return self->board;
}

/** fg_flasher_forget_board: for when the user chooses another port. */
void
fg_flasher_forget_board (FgFlasher *self)
{
  set_board (self, NULL);
}

const FgProgress *
fg_flasher_get_progress (FgFlasher *self)
{
  return &self->progress;
}

guint
fg_flasher_get_n_sectors (FgFlasher *self)
{
  return self->sectors->len;
}

FgSectorState
fg_flasher_get_sector_state (FgFlasher *self, guint index)
{
  return index < self->sectors->len ? (FgSectorState) self->sectors->data[index] : FG_SECTOR_LEFT;
}
