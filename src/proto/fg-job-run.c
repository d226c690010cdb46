/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-job-run.h"

#include "fg-erase.h"
#include "fg-error.h"
#include "fg-flash-job.h"

#include <string.h>

#define CONNECT_SECONDS 0.5
#define PREPARE_SECONDS 0.1
#define SAMPLE FG_SPI_CHUNK
#define BLOCK_64K 0x10000u

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
  return TRUE;
}

/* There is no digest: the first bytes of each 64 KB, and of a smaller range, are looked at. */
static gboolean
check_blank (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  guint8 expected[FG_SECTOR_SIZE];

  memset (expected, 0xff, sizeof expected);
  fg_meter_enter (&session->meter, FG_PHASE_VERIFY, length);
  for (guint32 at = 0; at < length; at += BLOCK_64K) {
    gint64 difference;

    if (!fg_session_compare (session, offset + at, expected, FALSE, &difference, error))
      return FALSE;
    if (difference >= 0) {
      g_set_error (
          error, FG_ERROR, FG_ERROR_ERASE,
          "the flash is not blank at 0x%X after erasing: it is write-protected or worn out",
          offset + at + (guint32) difference);
      return FALSE;
    }
    fg_meter_update (&session->meter, at, offset + at);
  }
  fg_report_log (session->reporter, FG_LOG_INFO,
                 "Erased; the first sector of every 64 KB was read back and is blank");
  return TRUE;
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
  return fg_session_unlock (session, error) && fg_erase_range (session, offset, length, error)
         && check_blank (session, offset, length, error);
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
  fg_meter_expect (&session->meter, FG_PHASE_READ,
                   (session->job->verify ? 2.0 : 1.0) * (last - first)
                       / fg_session_read_rate (session));
  fg_meter_enter (&session->meter, FG_PHASE_READ, last - first);
  for (guint32 at = first; at < last; at += FG_SECTOR_SIZE) {
    if (!fg_session_read (session, at, buf + (at - first), error))
      return FALSE;
    fg_meter_update (&session->meter, at + FG_SECTOR_SIZE - first, at);
  }
  result->bytes = g_bytes_new (buf + (offset - first), length);
  return TRUE;
}

static gboolean
run_connected (FgSession *session, FgResult *result, GError **error)
{
  if (session->job->kind == FG_JOB_DETECT)
    return TRUE;
  fg_meter_enter (&session->meter, FG_PHASE_PREPARE, 0);
  if (!fg_session_raise_baud (session, error))
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
  gboolean ok;

  fg_session_init (&session, job, wire, reporter, cancellable);
  fg_meter_expect (&session.meter, FG_PHASE_CONNECT, CONNECT_SECONDS);
  fg_meter_expect (&session.meter, FG_PHASE_PREPARE, PREPARE_SECONDS);
  ok = fg_session_connect (&session, error) && run_connected (&session, result, error);
  if (ok)
    fg_meter_enter (&session.meter, FG_PHASE_RESTART, 0);
  fg_session_leave (&session, ok);
  if (ok)
    finish (&session, result);
  fg_session_clear (&session);
  return ok ? g_steal_pointer (&result) : NULL;
}
