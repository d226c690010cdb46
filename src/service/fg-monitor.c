/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-monitor.h"

#include "fg-error.h"
#include "fg-monitor-worker.h"

struct _FgMonitor {
  GObject parent_instance;
  FgMonitorState state;
  guint64 dropped;           /* of earlier runs */
  FgMonitorLink *link;       /* (owned) (nullable) while it runs */
  GCancellable *cancellable; /* (owned) (nullable) while it runs */
};

/* What the worker has: nothing of the object. */
typedef struct {
  FgMonitorLink *link; /* (owned) */
  char *port;          /* (owned) */
} Run;

enum { PROP_0, PROP_STATE, N_PROPS };
enum { SIGNAL_TEXT, SIGNAL_STATUS, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FgMonitor, fg_monitor, G_TYPE_OBJECT)

static void
fg_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_int (value, (int) FG_MONITOR (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
fg_monitor_class_init (FgMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fg_monitor_get_property;
  properties[PROP_STATE] = g_param_spec_int (
      "state", NULL, NULL, FG_MONITOR_STOPPED, FG_MONITOR_WAITING, FG_MONITOR_STOPPED,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_TEXT] = g_signal_new ("text", FG_TYPE_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_INT64);
  signals[SIGNAL_STATUS] =
      g_signal_new ("status", FG_TYPE_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    2, G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
fg_monitor_init (FgMonitor *self)
{
}

FgMonitor *
fg_monitor_new (void)
{
  return g_object_new (FG_TYPE_MONITOR, NULL);
}

static void
on_text (GBytes *bytes, gint64 time_us, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_TEXT], 0, bytes, time_us);
}

static void
on_status (FgMonitorState state, const char *message, gpointer data)
{
  FgMonitor *self = data;

  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  g_signal_emit (self, signals[SIGNAL_STATUS], 0, (int) state, message);
}

static const FgMonitorReader reader = { .text = on_text, .status = on_status };

static void
run_free (gpointer data)
{
  Run *run = data;

  fg_monitor_link_unref (run->link);
  g_free (run->port);
  g_free (run);
}

static void
monitor_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Run *run = task_data;
  GError *error = NULL;

  fg_monitor_work (run->link, run->port, cancellable, &error);
  g_task_return_error (task, error);
}

/* Back on the main thread; the port is free by now. */
static void
on_work_done (GObject *source, GAsyncResult *inner, gpointer data)
{
  g_autoptr (GTask) task = data;
  FgMonitor *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  gboolean cancelled;

  g_task_propagate_boolean (G_TASK (inner), &error);
  cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fg_monitor_link_close (self->link);
  self->dropped += fg_monitor_link_get_dropped (self->link);
  g_clear_pointer (&self->link, fg_monitor_link_unref);
  g_clear_object (&self->cancellable);
  on_status (FG_MONITOR_STOPPED, cancelled ? NULL : error->message, self);
  if (cancelled)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * fg_monitor_start_async:
 * @port: as in DESIGN section 3
 * @baud: bit/s
 * @reset: restart the board when the port is open for the first time
 * @callback: called when the monitor has stopped and the port is free
 *
 * Listens until fg_monitor_stop(). A board that goes away is waited for; one that was never there
 * is an error. A monitor that runs is not started again: %FG_ERROR_IN_USE.
 */
void
fg_monitor_start_async (FgMonitor *self,
                        const char *port,
                        guint baud,
                        gboolean reset,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) inner = NULL;
  Run *run;

  g_task_set_source_tag (task, fg_monitor_start_async);
  if (self->link != NULL) {
    g_task_return_new_error (task, FG_ERROR, FG_ERROR_IN_USE, "The monitor is already running");
    return;
  }
  self->link = fg_monitor_link_new (baud, &reader, self);
  self->cancellable = g_cancellable_new ();
  if (reset)
    fg_monitor_link_wish (self->link, FG_MONITOR_WISH_RESET, 0);
  run = g_new0 (Run, 1);
  run->link = fg_monitor_link_ref (self->link);
  run->port = g_strdup (port);
  on_status (FG_MONITOR_OPENING, port, self);
  inner = g_task_new (NULL, self->cancellable, on_work_done, g_object_ref (task));
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, run, run_free);
  g_task_run_in_thread (inner, monitor_thread);
}

/** fg_monitor_start_finish: Returns: %TRUE when it was stopped; %FALSE with an error of fg_open()
 */
gboolean
fg_monitor_start_finish (FgMonitor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * fg_monitor_stop:
 *
 * Gives the port up, within 200 ms. It is free when the callback of fg_monitor_start_async() is
 * called, and the state is %FG_MONITOR_STOPPED; then it may be started again.
 */
void
fg_monitor_stop (FgMonitor *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

FgMonitorState
fg_monitor_get_state (FgMonitor *self)
{
  return self->state;
}

/** fg_monitor_get_dropped: bytes that came faster than the main thread took them */
guint64
fg_monitor_get_dropped (FgMonitor *self)
{
  return self->dropped + (self->link != NULL ? fg_monitor_link_get_dropped (self->link) : 0);
}

/** fg_monitor_send: Returns: %FALSE when it does not run or too much waits to be sent; then nothing
 * of it was taken */
gboolean
fg_monitor_send (FgMonitor *self, const char *bytes, gsize len)
{
  return self->link != NULL && fg_monitor_link_send (self->link, (const guint8 *) bytes, len);
}

/** fg_monitor_set_baud: @baud: bit/s, from now on and after each opening */
void
fg_monitor_set_baud (FgMonitor *self, guint baud)
{
  if (self->link != NULL)
    fg_monitor_link_wish (self->link, FG_MONITOR_WISH_BAUD, baud);
}

/** fg_monitor_reset: restarts the board */
void
fg_monitor_reset (FgMonitor *self)
{
  if (self->link != NULL)
    fg_monitor_link_wish (self->link, FG_MONITOR_WISH_RESET, 0);
}

/** fg_monitor_enter_loader: restarts the board into its loader */
void
fg_monitor_enter_loader (FgMonitor *self)
{
  if (self->link != NULL)
    fg_monitor_link_wish (self->link, FG_MONITOR_WISH_LOADER, 0);
}
