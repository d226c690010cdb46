/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-window-private.h"

#include "fg-error.h"
#include "fg-remedy.h"
#include "fg-status.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

#define TEXT_INTERVAL_MS 250 /* the status line changes at most four times a second */
#define PATIENT_ATTEMPTS 2   /* then the window shows how to hold BOOT */
#define NOTIFICATION_ID "job-finished"

static const char *
file_in_work (FgWindow *self)
{
  const FgFlashMapRegion *region = fg_flash_map_get_current (self->map);

  return region != NULL ? region->name : NULL;
}

/* Brings the texts about the running job up to date. */
void
fg_window_show_progress (FgWindow *self)
{
  const FgProgress *progress = &self->progress;
  gboolean connecting = progress->phase <= FG_PHASE_CONNECT;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *port = fg_words_port (self->job_port);

  self->shown_us = g_get_monotonic_time ();
  if (g_cancellable_is_cancelled (self->cancellable)) {
    title = g_strdup (_ ("Stopping…"));
    detail = g_strdup ("");
  } else if (self->holding) {
    title = g_strdup (_ ("Waiting for the chip to answer"));
    detail =
        g_strdup_printf (_ ("Attempt %u on %s · it keeps trying"), (guint) progress->done, port);
  } else {
    title = fg_status_title (progress, file_in_work (self), self->job->erase_all);
    detail = connecting ? g_strdup (port) : fg_status_detail (progress);
  }
  fg_action_bar_set_status (self->bar, title, detail);
  fg_action_bar_set_waiting (self->bar, self->holding || self->job->kind == FG_JOB_DETECT);
  if (self->job->kind == FG_JOB_FLASH)
    fg_running_page_update (self->running, progress, file_in_work (self));
}

static void
set_holding (FgWindow *self, gboolean holding)
{
  if (self->holding == holding)
    return;
  self->holding = holding;
  fg_action_bar_set_map_shown (self->bar, !holding);
  fg_window_update (self);
}

static void
on_progress (FgFlasher *flasher, const FgProgress *progress, FgWindow *self)
{
  gboolean new_phase = progress->phase != self->progress.phase;

  self->progress = *progress;
  set_holding (self, progress->phase == FG_PHASE_CONNECT && progress->done >= PATIENT_ATTEMPTS);
  if (self->job->kind == FG_JOB_FLASH) {
    fg_action_bar_set_fraction (self->bar, self->holding ? -1 : progress->fraction);
    if (progress->phase == FG_PHASE_COMPARE || progress->phase == FG_PHASE_ERASE)
      fg_flash_map_set_head (self->map, progress->address);
  }
  if (new_phase || g_get_monotonic_time () - self->shown_us >= TEXT_INTERVAL_MS * 1000)
    fg_window_show_progress (self);
}

static gboolean
on_tick (gpointer data)
{
  FgWindow *self = data;

  if (g_get_monotonic_time () - self->shown_us >= TEXT_INTERVAL_MS * 1000)
    fg_window_show_progress (self);
  fg_window_update_actions (self);
  return G_SOURCE_CONTINUE;
}

static void
on_sectors (FgFlasher *flasher, guint offset, guint length, int state, FgWindow *self)
{
  if (self->job->kind == FG_JOB_FLASH)
    fg_flash_map_update (self->map, offset, length, (FgSectorState) state);
}

static void
on_log (FgFlasher *flasher, int level, const char *line, gint64 time_us, FgWindow *self)
{
  fg_log_panel_append (self->log, (FgLogLevel) level, line, time_us);
}

static void
on_board (FgWindow *self)
{
  FgBoardInfo *board = fg_flasher_get_board (self->flasher);

  if (board == NULL || !fg_window_is_busy (self))
    return;
  g_free (self->board_path);
  self->board_path = g_strdup (self->job->port);
  fg_setup_page_set_board (self->setup, board);
  if (self->job->kind == FG_JOB_FLASH) {
    fg_running_page_set_board (self->running, board);
    fg_flash_map_set_size (self->map, board->flash_size);
    fg_flash_map_set_zones (self->map, fg_setup_page_dup_zones (self->setup));
  }
}

void
fg_window_connect_flasher (FgWindow *self)
{
  g_signal_connect_object (self->flasher, "progress", G_CALLBACK (on_progress), self, 0);
  g_signal_connect_object (self->flasher, "sectors", G_CALLBACK (on_sectors), self, 0);
  g_signal_connect_object (self->flasher, "log", G_CALLBACK (on_log), self, 0);
  g_signal_connect_object (self->flasher, "notify::board", G_CALLBACK (on_board), self,
                           G_CONNECT_SWAPPED);
}

/* Told only to those who look elsewhere. */
static void
notify_user (FgWindow *self, const char *title, const char *text)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr (GNotification) notification = NULL;

  if (application == NULL || gtk_window_is_active (GTK_WINDOW (self)))
    return;
  notification = g_notification_new (title);
  g_notification_set_body (notification, text);
  g_application_send_notification (application, NOTIFICATION_ID, notification);
}

static double
seconds_so_far (FgWindow *self)
{
  return (double) (g_get_monotonic_time () - self->started_us) / G_USEC_PER_SEC;
}

static void
finish_done (FgWindow *self, const FgResult *result)
{
  g_autofree char *seconds = fg_words_duration (result->total_seconds);
  g_autofree char *status = g_strdup_printf (_ ("Done in %s"), seconds);
  g_autofree char *files = fg_words_files (self->job->firmware);
  g_autofree char *port = fg_words_port (self->job_port);
  g_autofree char *detail =
      g_strdup_printf (_ ("%s on %s, %s"), files, fg_port_get_title (self->job_port), port);
  gboolean verified = fg_done_page_is_verified (result);

  fg_flash_map_finish (self->map);
  fg_done_page_show (self->done, self->job, result, self->job_what);
  fg_options_card_set_erase (fg_setup_page_get_options (self->setup), FALSE);
  fg_window_set_note (self, status, detail);
  fg_window_show_view (self, FG_VIEW_DONE);
  notify_user (self, verified ? _ ("Flashed and verified") : _ ("Flashed"), detail);
}

static void
finish_failed (FgWindow *self, const GError *error)
{
  gboolean flash = self->job->kind == FG_JOB_FLASH;
  g_autofree char *seconds = fg_words_duration (seconds_so_far (self));
  g_autofree char *status = g_strdup_printf (_ ("Stopped after %s"), seconds);
  g_autofree char *title = fg_error_title (error);
  g_autofree char *port = fg_words_port (self->job_port);

  if (flash) {
    fg_flash_map_break_off (self->map, TRUE);
    if (fg_flash_map_get_head (self->map) >= 0)
      self->progress.address = (guint32) fg_flash_map_get_head (self->map);
  }
  fg_failed_page_show (self->failed, error, self->job_port, flash ? self->map : NULL,
                       &self->progress);
  fg_window_set_note (self, status, port);
  fg_window_show_view (self, FG_VIEW_FAILED);
  /* What is plugged in next may be another board. */
  if (g_error_matches (error, FG_ERROR, FG_ERROR_DISCONNECTED)
      || g_error_matches (error, FG_ERROR, FG_ERROR_PORT_MISSING))
    fg_window_forget_board (self);
  fg_log_panel_append (self->log, FG_LOG_ERROR, error->message, g_get_real_time ());
  notify_user (self, title, error->message);
}

/* (transfer full) What is on the flash after a job that was cancelled. */
static char *
cancelled_outlook (FgFlashMap *map)
{
  guint written = fg_flash_map_count (map, FG_SECTOR_WRITTEN);
  guint verified = fg_flash_map_count (map, FG_SECTOR_VERIFIED);
  guint total = 0;
  g_autofree char *new_size = NULL, *total_size = NULL;

  if (!fg_flash_map_was_touched (map))
    return g_strdup (_ ("Nothing was changed on the board"));
  for (guint i = 0; i < fg_flash_map_get_n_regions (map); i++)
    total += fg_flash_map_get_region (map, i)->length;
  if ((written + verified) * FG_SECTOR_SIZE == total)
    return g_strdup (_ ("Everything was written, but not all of it was verified"));
  new_size = fg_words_size ((guint64) (written + verified) * FG_SECTOR_SIZE);
  total_size = fg_words_size (total);
  return g_strdup_printf (
      _ ("%s of %s is on the flash: the board will not start until it is flashed again"), new_size,
      total_size);
}

static void
finish_cancelled (FgWindow *self)
{
  g_autofree char *outlook = NULL;

  if (self->job->kind == FG_JOB_FLASH) {
    fg_flash_map_break_off (self->map, FALSE);
    outlook = cancelled_outlook (self->map);
  }
  fg_log_panel_append (self->log, FG_LOG_INFO, _ ("Cancelled"), g_get_real_time ());
  fg_window_show_view (self, FG_VIEW_SETUP);
  fg_window_set_note (self, _ ("Cancelled"),
                      outlook != NULL ? outlook : _ ("Nothing was changed on the board"));
}

static void
finish_detected (FgWindow *self)
{
  fg_window_show_plan (self);
  fg_window_set_note (self, NULL, NULL);
  fg_window_show_view (self, FG_VIEW_SETUP);
}

static void
leave_busy (FgWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->inhibit_cookie != 0 && application != NULL)
    gtk_application_uninhibit (application, self->inhibit_cookie);
  self->inhibit_cookie = 0;
  self->holding = FALSE;
  fg_action_bar_set_map_shown (self->bar, TRUE);
  fg_action_bar_set_fraction (self->bar, -1);
  fg_action_bar_set_waiting (self->bar, FALSE);
  if (self->question != NULL)
    gtk_window_destroy (self->question);
  g_clear_object (&self->question);
}

static void
on_job_finished (GObject *source, GAsyncResult *async_result, gpointer data)
{
  g_autoptr (FgWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgResult) result = fg_flasher_run_finish (FG_FLASHER (source), async_result, &error);

  leave_busy (self);
  if (self->close_when_done) {
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    finish_cancelled (self);
  else if (error != NULL)
    finish_failed (self, error);
  else if (self->job->kind == FG_JOB_DETECT)
    finish_detected (self);
  else
    finish_done (self, result);
}

/* Starts @job, which is taken over. */
static void
start (FgWindow *self, FgJob *job)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  g_clear_pointer (&self->job, fg_job_unref);
  self->job = job;
  self->cancellable = g_cancellable_new ();
  self->progress = (FgProgress){ .phase = FG_PHASE_NONE, .eta = -1 };
  self->started_us = g_get_monotonic_time ();
  self->tick_id = g_timeout_add (TEXT_INTERVAL_MS, on_tick, self);
  fg_window_set_note (self, NULL, NULL);
  if (job->kind == FG_JOB_FLASH) {
    fg_running_page_start (self->running, job, self->job_port);
    fg_flash_map_start (self->map);
    fg_action_bar_set_fraction (self->bar, 0);
    self->inhibit_cookie =
        gtk_application_inhibit (application, GTK_WINDOW (self),
                                 GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_LOGOUT,
                                 _ ("A board is being flashed"));
  }
  g_application_withdraw_notification (G_APPLICATION (application), NOTIFICATION_ID);
  fg_flasher_run_async (self->flasher, job, self->cancellable, on_job_finished,
                        g_object_ref (self));
  fg_window_show_view (self, job->kind == FG_JOB_FLASH ? FG_VIEW_RUNNING : FG_VIEW_SETUP);
  fg_window_show_progress (self);
}

/* The port that is chosen becomes the one of the next job, and stays chosen when it vanishes. */
static gboolean
take_port (FgWindow *self)
{
  FgPortPicker *picker = fg_setup_page_get_picker (self->setup);
  FgPort *port = fg_port_picker_get_port (picker);

  if (port == NULL)
    return FALSE;
  g_set_object (&self->job_port, port);
  fg_port_picker_choose (picker, fg_port_get_path (port));
  return TRUE;
}

void
fg_window_detect (FgWindow *self)
{
  FgJob *job;

  if (fg_window_is_busy (self) || !take_port (self))
    return;
  job = fg_job_new (FG_JOB_DETECT, fg_port_get_path (self->job_port));
  job->attempts = 0;
  start (self, job);
}

/* What the board will hold: what the boot file says it is, else the files' names. */
static char *
what_is_flashed (FgWindow *self, const FgJob *job)
{
  GListModel *items = fg_firmware_list_get_items (fg_setup_page_get_firmware (self->setup));

  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, i);
    const FgContent *content = fg_firmware_item_get_content (item);

    if (content->nodemcu != NULL || content->app != NULL)
      return g_strdup (content->title);
  }
  return fg_words_files (job->firmware);
}

static void
flash_now (FgWindow *self)
{
  const FgPlan *plan = fg_setup_page_get_plan (self->setup);
  FgJob *job;

  if (fg_window_is_busy (self) || plan == NULL || !take_port (self))
    return;
  job = fg_setup_page_build_job (self->setup);
  g_free (self->job_what);
  self->job_what = what_is_flashed (self, job);
  fg_flash_map_set_plan (self->map, plan, job->erase_all);
  start (self, job);
}

void
fg_window_flash (FgWindow *self)
{
  if (fg_window_is_busy (self) || fg_setup_page_get_plan (self->setup) == NULL)
    return;
  if (fg_options_card_get_erase (fg_setup_page_get_options (self->setup)))
    fg_window_ask_erase (self, flash_now);
  else
    flash_now (self);
}

/* The same job on the same port, also when another one is selected by now. */
void
fg_window_retry (FgWindow *self)
{
  const FgPlan *plan = fg_setup_page_get_plan (self->setup);

  if (fg_window_is_busy (self) || self->job == NULL || self->view != FG_VIEW_FAILED)
    return;
  if (self->job->kind == FG_JOB_FLASH && plan != NULL)
    fg_flash_map_set_plan (self->map, plan, self->job->erase_all);
  start (self, fg_job_ref (self->job));
}

void
fg_window_cancel (FgWindow *self)
{
  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  fg_window_update (self);
}
