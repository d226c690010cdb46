/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * FgFlasher: runs one job at a time in a worker thread and tells the main thread about it. The
 * object lives on the main thread; the worker owns its transport and never touches the object.
 *
 * Properties (read-only, notified on the main thread):
 *   "busy"     gboolean
 *   "phase"    int, an FgPhase
 *   "fraction" double, 0 to 1, never goes back within a job
 *   "eta"      double, seconds left; negative: not known
 *   "board"    boxed FgBoardInfo, nullable: what the last job found, kept until the port changes
 * Signals, all on the main thread, all before "busy" turns FALSE:
 *   "progress" (boxed FgProgress)
 *   "log"      (int FgLogLevel, utf8 line, int64 wall-clock time in microseconds)
 *   "sectors"  (uint offset, uint length, int FgSectorState)
 */

#include "fg-job.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FG_TYPE_PROGRESS (fg_progress_get_type ())
#define FG_TYPE_BOARD_INFO (fg_board_info_get_type ())
GType fg_progress_get_type (void);
GType fg_board_info_get_type (void);

#define FG_TYPE_FLASHER (fg_flasher_get_type ())
G_DECLARE_FINAL_TYPE (FgFlasher, fg_flasher, FG, FLASHER, GObject)

FgFlasher *fg_flasher_new (void);
/* One job at a time: a second one ends at once with FG_ERROR_IN_USE. @cancellable: (nullable) */
void fg_flasher_run_async (FgFlasher *self,
                           FgJob *job,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
/* (transfer full) NULL with any FgError, or G_IO_ERROR_CANCELLED, set. "busy" is FALSE by then. */
FgResult *fg_flasher_run_finish (FgFlasher *self, GAsyncResult *result, GError **error);

gboolean fg_flasher_get_busy (FgFlasher *self);
FgPhase fg_flasher_get_phase (FgFlasher *self);
double fg_flasher_get_fraction (FgFlasher *self);
double fg_flasher_get_eta (FgFlasher *self);
FgBoardInfo *fg_flasher_get_board (FgFlasher *self);
void fg_flasher_forget_board (FgFlasher *self);

/* (transfer none) The latest of this job, or of the last one; all zero before the first. */
const FgProgress *fg_flasher_get_progress (FgFlasher *self);
/* The flash as this job, or the last one, has changed it; sectors of FG_SECTOR_SIZE bytes. Grows
 * as the flash's size and the job's sectors become known. Beyond the end: FG_SECTOR_LEFT. */
guint fg_flasher_get_n_sectors (FgFlasher *self);
FgSectorState fg_flasher_get_sector_state (FgFlasher *self, guint index);

G_END_DECLS
