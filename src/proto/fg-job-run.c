/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-job-run.h"

#include "fg-boot-listen.h"
#include "fg-engine.h"
#include "fg-error.h"
#include "fg-flash-job.h"
#include "fg-plan.h"

#include <string.h>

#define CONNECT_SECONDS 0.5
#define PREPARE_SECONDS 0.1
#define BOOT_SECONDS 0.6

/* A range that is empty means the whole flash. */
static gboolean
resolve_range (const FgSession *session, guint32 *offset, guint32 *length, GError **error)
{
  const FgJob *job = session->job;
  guint32 size;

  if (!fg_session_need_flash_size (session, &size, error))
    return FALSE;
  *offset = job->offset;
  *length = job->length != 0 ? job->length : job->offset < size ? size - job->offset : 0;
  if (*offset >= size || *length > size - *offset) {
    g_autofree char *text = fg_size_format (size);

    g_set_error (error, FG_ERROR, FG_ERROR_RANGE,
                 "0x%X to 0x%" G_GINT64_MODIFIER "X is not inside the flash of %s (0x%X)", *offset,
                 (guint64) *offset + *length, text, size);
    return FALSE;
  }
  return fg_plan_check_reach (job, "what was chosen", (guint64) *offset + *length, error);
}

static gboolean
check_blank (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  gint64 found;

  fg_meter_enter (&session->meter, FG_PHASE_VERIFY, length);
  if (!session->engine->check_blank (session, offset, length, &found, error))
    return FALSE;
  if (found < 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_ERASE,
               "the flash is not blank at 0x%X after erasing: it is write-protected or worn out",
               (guint32) found);
  return FALSE;
}

static gboolean
erase_and_check (FgSession *session, guint32 offset, guint32 length, gpointer data, GError **error)
{
  return session->engine->erase (session, offset, length, error)
         && check_blank (session, offset, length, error);
}

static gboolean
read_range (FgSession *session, guint32 offset, guint32 length, gpointer buf, GError **error)
{
  fg_meter_expect (&session->meter, FG_PHASE_READ,
                   session->engine->seconds (session, FG_PHASE_READ, length));
  fg_meter_enter (&session->meter, FG_PHASE_READ, length);
  return session->engine->read (session, offset, buf, length, error);
}

typedef gboolean (*RangeFunc) (
    FgSession *session, guint32 offset, guint32 length, gpointer data, GError **error);

/* From the beginning again, with another engine, when one fails. */
static gboolean
run_range (FgSession *session,
           RangeFunc func,
           guint32 offset,
           guint32 length,
           gpointer data,
           GError **error)
{
  while (TRUE) {
    GError *failure = NULL;

    if (func (session, offset, length, data, &failure))
      return TRUE;
    if (!fg_engine_fall_back (session, failure, error))
      return FALSE;
  }
}

static gboolean
run_erase (FgSession *session, GError **error)
{
  guint32 offset, length;

  if (!resolve_range (session, &offset, &length, error))
    return FALSE;
  if (offset % FG_SECTOR_SIZE != 0 || length % FG_SECTOR_SIZE != 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_RANGE,
                 "only whole sectors of 0x1000 (4096) bytes can be erased, not 0x%X bytes at 0x%X",
                 length, offset);
    return FALSE;
  }
  return run_range (session, erase_and_check, offset, length, NULL, error);
}

static gboolean
run_read (FgSession *session, FgResult *result, GError **error)
{
  g_autofree guint8 *buf = NULL;
  guint32 offset, length, first, last;

  if (!resolve_range (session, &offset, &length, error))
    return FALSE;
  first = offset / FG_SECTOR_SIZE * FG_SECTOR_SIZE;
  last = (offset + length + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE * FG_SECTOR_SIZE;
  buf = g_malloc (last - first);
  if (!run_range (session, read_range, first, last - first, buf, error))
    return FALSE;
  result->bytes = g_bytes_new (buf + (offset - first), length);
  return TRUE;
}

static gboolean
run_connected (FgSession *session, FgResult *result, GError **error)
{
  if (session->job->kind == FG_JOB_DETECT)
    return TRUE;
  fg_meter_enter (&session->meter, FG_PHASE_PREPARE, 0);
  if (!fg_engine_start (session, error))
    return FALSE;
  switch (session->job->kind) {
  case FG_JOB_FLASH:
    return fg_flash_job_run (session, result, error);
  case FG_JOB_VERIFY:
    return fg_verify_job_run (session, result, error);
  case FG_JOB_ERASE:
    return run_erase (session, error);
  case FG_JOB_READ:
    return run_read (session, result, error);
  case FG_JOB_DETECT:
  default:
    return TRUE;
  }
}

static void
finish (FgSession *session, FgResult *result)
{
  FgMeter *meter = &session->meter;

  fg_meter_finish (meter);
  result->board = fg_board_info_ref (session->board);
  memcpy (result->seconds, meter->seconds, sizeof result->seconds);
  result->total_seconds = fg_meter_total_seconds (meter);
  result->loader = session->engine != NULL ? session->engine->id : fg_engine_rom.id;
  result->baud = meter->now.baud;
  result->bytes_on_wire = session->loader.wire->bytes_written + session->loader.wire->bytes_read;
}

/**
 * fg_job_run:
 * @job: (unowned)
 * @wire: (unowned): open; not freed
 * @reporter: (nullable) (unowned): called in this thread
 *
 * Runs the whole job and leaves the chip as the job says. A write is done only when it was read
 * back and is right.
 *
 * Returns: (transfer full): %NULL with an %FG_ERROR or %G_IO_ERROR_CANCELLED set
 */
FgResult *
fg_job_run (const FgJob *job,
            FgTransport *wire,
            const FgReporter *reporter,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (FgResult) result = fg_result_new (job->kind);
  FgSession session;
  gboolean ok, checks_boot;

  fg_session_init (&session, job, wire, reporter, cancellable);
  fg_meter_expect (&session.meter, FG_PHASE_CONNECT, CONNECT_SECONDS);
  fg_meter_expect (&session.meter, FG_PHASE_PREPARE, PREPARE_SECONDS);
  fg_meter_expect (&session.meter, FG_PHASE_BOOT, job->boot_check ? BOOT_SECONDS : 0);
  ok = fg_session_connect (&session, error) && run_connected (&session, result, error);
  if (ok)
    fg_meter_enter (&session.meter, FG_PHASE_RESTART, 0);
  fg_engine_leave (&session, ok);
  checks_boot = ok && fg_boot_listen_is_due (&session);
  if (checks_boot)
    fg_boot_listen_prepare (&session);
  fg_session_leave (&session, ok);
  if (checks_boot) {
    fg_meter_enter (&session.meter, FG_PHASE_BOOT, 0);
    result->boot = fg_boot_listen (&session, cancellable);
  }
  if (ok)
    finish (&session, result);
  fg_session_clear (&session);
  return ok ? g_steal_pointer (&result) : NULL;
}
