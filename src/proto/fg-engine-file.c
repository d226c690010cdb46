/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A stub from a file: somebody else's, of which only the standard commands are known. It digests,
 * so comparing and writing are those of the later ROMs; it erases and reads quicker than these.
 * PROTOCOL-FACTS 10.3 and 17 say how stubs differ. Whoever chose a stub gets it or an error: no
 * other loader does its work.
 */

#include "fg-attach.h"
#include "fg-error.h"
#include "fg-family.h"
#include "fg-file-read.h"
#include "fg-rom.h"
#include "fg-stub-engine.h"

#include <string.h>

#define TRIES 4
/* Read at once: what has to be read again after a fault. */
#define READ_PIECE 0x8000u
#define LEAVE_MS 60

/* PROTOCOL-FACTS 10.2 */
static gboolean
check_allowed (const FgSession *session, GError **error)
{
  if (!session->board->security.secure_download)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
               "the %s is in secure download mode and takes no stub: use its own loader",
               session->board->chip->name);
  return FALSE;
}

/* That it digests what the ROM reads. */
static gboolean
test_itself (FgSession *session, const guint8 sample[FG_STUB_SAMPLE_LEN], GError **error)
{
  gboolean equal;

  if (!fg_family_equals (session, 0, sample, FG_STUB_SAMPLE_LEN, &equal, error))
    return FALSE;
  if (equal)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY,
               "it does not read the start of the flash as the chip's own loader does");
  return FALSE;
}

static gboolean
start (FgSession *session, GError **error)
{
  FgLoader *loader = &session->loader;
  guint wanted = session->long_baud;
  guint8 sample[FG_STUB_SAMPLE_LEN];

  session->troubles = session->troubles_at_baud = 0; /* those of the stub before */
  if (!check_allowed (session, error)
      || !fg_stub_engine_load (session, session->job->stub, sample, error))
    return FALSE;
  loader->foreign_stub = TRUE;
  if (!fg_stub_engine_set_baud (session, wanted, error)
      || !fg_attach_set_size (loader, session->board->chip, session->board->flash_size, error)
      || !test_itself (session, sample, error))
    return FALSE;
  fg_report_log (session->reporter, FG_LOG_INFO, "The stub from the file runs, %u baud",
                 loader->baud);
  return TRUE;
}

static double
seconds (const FgSession *session, FgPhase phase, double bytes)
{
  return phase == FG_PHASE_READ ? bytes / fg_family_line_rate (session)
                                : fg_family_seconds (session, phase, bytes);
}

static gboolean
read_piece (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (fg_file_read (&session->loader, offset, buf, length, &failure))
      return TRUE;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure, "reading at 0x%X: ", offset);
    if (i == TRIES) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error))
      return FALSE;
  }
}

/* What is blank needs no reading: its digest is known. */
static gboolean
read_range (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  for (guint32 at = 0, n; at < length; at += n) {
    gboolean blank;

    n = MIN (READ_PIECE, length - at);
    memset (buf + at, 0xff, n);
    if (!fg_family_equals (session, offset + at, buf + at, n, &blank, error)
        || (!blank && !read_piece (session, offset + at, buf + at, n, error)))
      return FALSE;
    fg_meter_advance (&session->meter, n, offset + at);
  }
  return TRUE;
}

/* Some stubs do not know how to let the board run: one that still answers has stayed. */
static gboolean
leave (FgSession *session, gboolean restart)
{
  return fg_stub_engine_leave (session, restart)
         && !fg_loader_sync (&session->loader, LEAVE_MS, NULL, NULL);
}

const FgEngine fg_engine_file = {
  .id = "file",
  .name = "Stub from a file",
  .start = start,
  .seconds = seconds,
  .compare = fg_family_compare,
  .write = fg_family_write,
  .verify = fg_family_verify,
  .erase = fg_stub_engine_erase,
  .check_blank = fg_family_check_blank,
  .read = read_range,
  .leave = leave,
};
