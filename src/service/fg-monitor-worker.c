/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-monitor-worker.h"

#include "fg-error.h"
#include "fg-open.h"
#include "fg-reset.h"

#define SLICE_US (20 * G_TIME_SPAN_MILLISECOND) /* how long a line to send may wait */
#define RETRY_MS 200                            /* between two looks for a board that is gone */
#define PAUSE_MS 50                             /* cancel must answer within 200 ms */

static gboolean
set_baud (FgTransport *wire, guint baud, GError **error)
{
  return !fg_transport_has_baud (wire) || fg_transport_set_baud (wire, baud, error);
}

/* FALSE only when the port is lost; what a port cannot do is told. */
static gboolean
settle (FgMonitorLink *link, gboolean done, GError *failure, GError **error)
{
  if (done)
    return TRUE;
  if (!g_error_matches (failure, FG_ERROR, FG_ERROR_UNSUPPORTED)) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  fg_monitor_link_tell (link, FG_MONITOR_LISTENING, failure->message);
  g_error_free (failure);
  return TRUE;
}

static gboolean
run_sequence (FgMonitorLink *link,
              FgTransport *wire,
              const FgResetSequence *sequence,
              GCancellable *cancellable,
              GError **error)
{
  GError *failure = NULL;
  gboolean done = fg_reset_run_sequence (sequence, wire, cancellable, &failure);

  return settle (link, done, failure, error);
}

static gboolean
grant (FgMonitorLink *link, FgTransport *wire, GCancellable *cancellable, GError **error)
{
  guint baud;
  guint wishes = fg_monitor_link_take_wishes (link, &baud);

  if (wishes & FG_MONITOR_WISH_BAUD) {
    GError *failure = NULL;
    gboolean done = set_baud (wire, baud, &failure);

    if (!settle (link, done, failure, error))
      return FALSE;
  }
  if (wishes & FG_MONITOR_WISH_RESET
      && !run_sequence (link, wire, &fg_reset_run, cancellable, error))
    return FALSE;
  return (wishes & FG_MONITOR_WISH_LOADER) == 0
         || run_sequence (link, wire, &fg_reset_tight, cancellable, error);
}

/* Until the port is lost or it is cancelled. */
static gboolean
listen (FgMonitorLink *link, FgTransport *wire, GCancellable *cancellable, GError **error)
{
  guint8 buf[16384];

  while (TRUE) {
    g_autoptr (GBytes) bytes = NULL;
    gssize n;

    if (!grant (link, wire, cancellable, error))
      return FALSE;
    bytes = fg_monitor_link_take_send (link);
    if (bytes != NULL
        && !fg_transport_write (wire, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                error))
      return FALSE;
    n = fg_transport_read (wire, buf, sizeof buf, g_get_monotonic_time () + SLICE_US, cancellable,
                           error);
    if (n < 0)
      return FALSE;
    if (n > 0)
      fg_monitor_link_hear (link, buf, (gsize) n);
  }
}

/* Opening asserts both lines, which the usual circuit ignores; a board that has its reset pin on
 * one of them must be let go. */
static FgTransport *
open_port (FgMonitorLink *link, const char *port, GCancellable *cancellable, GError **error)
{
  g_autoptr (FgTransport) wire = fg_open (port, cancellable, error);
  guint baud;
  guint wishes;

  if (wire == NULL)
    return NULL;
  wishes = fg_monitor_link_take_wishes (link, &baud);
  if (wishes != 0)
    fg_monitor_link_wish (link, wishes & ~(guint) FG_MONITOR_WISH_BAUD, 0);
  if (!set_baud (wire, baud, error))
    return NULL;
  if (fg_transport_has_lines (wire) && !fg_transport_set_lines (wire, FALSE, FALSE, error))
    return NULL;
  return g_steal_pointer (&wire);
}

static gboolean
pause_before_retry (GCancellable *cancellable, GError **error)
{
  for (guint ms = 0; ms < RETRY_MS; ms += PAUSE_MS) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    g_usleep (PAUSE_MS * 1000);
  }
  return TRUE;
}

/* A board that was there once is waited for, whatever stands in its way. */
static FgTransport *
reopen_port (FgMonitorLink *link, const char *port, GCancellable *cancellable, GError **error)
{
  while (TRUE) {
    FgTransport *wire = open_port (link, port, cancellable, NULL);

    if (wire != NULL)
      return wire;
    if (!pause_before_retry (cancellable, error))
      return NULL;
  }
}

gboolean
fg_monitor_work (FgMonitorLink *link, const char *port, GCancellable *cancellable, GError **error)
{
  g_autoptr (FgTransport) wire = open_port (link, port, cancellable, error);

  while (wire != NULL) {
    g_autoptr (GError) failure = NULL;

    fg_monitor_link_tell (link, FG_MONITOR_LISTENING, wire->name);
    listen (link, wire, cancellable, &failure);
    g_clear_pointer (&wire, fg_transport_free);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    fg_monitor_link_tell (link, FG_MONITOR_WAITING, failure->message);
    wire = reopen_port (link, port, cancellable, error);
  }
  return FALSE;
}
