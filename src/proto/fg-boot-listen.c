/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-listen.h"

#include "fg-error.h"
#include "fg-nodemcu.h"

#define LISTEN_US (3 * G_TIME_SPAN_SECOND)
#define SLICE_US (20 * G_TIME_SPAN_MILLISECOND)

/* Programs speak at this rate, and so do the ROMs of all chips with the crystal they expect. The
 * ESP8266's expects 40 MHz: with 26 MHz its 115200 are 74880 (PROTOCOL-FACTS 3.4). */
#define PROGRAM_BAUD 115200u
#define ROM_BAUD_26_MHZ 74880u

typedef struct {
  FgTransport *wire;  /* (unowned) */
  FgBootCheck *check; /* (owned) */
  guint rom_baud;
  guint baud; /* in force */
} Listener;

static guint
rom_baud (const FgSession *session)
{
  const FgBoardInfo *board = session->board;

  return board->chip->id == FG_CHIP_ESP8266 && board->crystal_mhz != 40 ? ROM_BAUD_26_MHZ
                                                                        : PROGRAM_BAUD;
}

/** fg_boot_listen_is_due: whether this job ends with a boot check */
gboolean
fg_boot_listen_is_due (const FgSession *session)
{
  const FgJob *job = session->job;

  return job->boot_check && job->kind == FG_JOB_FLASH && fg_session_has_lines (session)
         && fg_session_may_restart (session, TRUE);
}

/**
 * fg_boot_listen_prepare:
 *
 * To be called before the restart, because the ROM speaks at once: sets its rate and drops what
 * came before. A rate that cannot be set is no reason to fail: then more is unreadable.
 */
void
fg_boot_listen_prepare (FgSession *session)
{
  FgTransport *wire = session->loader.wire;
  guint8 stale[256];

  if (fg_transport_has_baud (wire))
    fg_transport_set_baud (wire, rom_baud (session), NULL);
  while (fg_transport_read (wire, stale, sizeof stale, 0, NULL, NULL) == sizeof stale)
    continue;
}

static void
choose_rate (Listener *self, gint64 now_us)
{
  gboolean at_rom = self->baud == self->rom_baud;
  gboolean two_rates = self->rom_baud != PROGRAM_BAUD;

  if (!fg_boot_check_is_garbled (self->check)
      && !(two_rates && at_rom && fg_boot_check_is_quiet_after_rom (self->check, now_us)))
    return;
  self->baud = self->baud == PROGRAM_BAUD ? ROM_BAUD_26_MHZ : PROGRAM_BAUD;
  fg_boot_check_changed_rate (self->check);
  if (fg_transport_has_baud (self->wire))
    fg_transport_set_baud (self->wire, self->baud, NULL);
}

/* Returns FALSE with @error set when the board is gone, or it was cancelled. */
static gboolean
listen (Listener *self, gint64 end_us, GCancellable *cancellable, GError **error)
{
  guint8 buf[512];
  gint64 now_us = g_get_monotonic_time ();

  while (now_us < end_us && !fg_boot_check_is_clear (self->check, now_us)) {
    gssize n =
        fg_transport_read (self->wire, buf, sizeof buf, now_us + SLICE_US, cancellable, error);

    if (n < 0)
      return FALSE;
    now_us = g_get_monotonic_time ();
    fg_boot_check_feed (self->check, buf, (gsize) n, now_us);
    choose_rate (self, now_us);
  }
  return TRUE;
}

static gboolean
flashes_nodemcu (const FgJob *job)
{
  for (guint i = 0; i < job->firmware->len; i++) {
    const FgFirmware *firmware = job->firmware->pdata[i];
    gsize len;
    const guint8 *data = g_bytes_get_data (firmware->bytes, &len);
    g_autoptr (FgNodemcuInfo) found = fg_nodemcu_find (data, len);

    if (found != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
log_report (const FgSession *session, const FgBootReport *report)
{
  static const char *const verdicts[] = {
    [FG_BOOT_UNKNOWN] = "is not known to run",
    [FG_BOOT_RUNS] = "runs",
    [FG_BOOT_FAILS] = "does not start as it should",
  };

  fg_report_log (session->reporter, FG_LOG_INFO, "Boot check: the board %s (%.1f s)",
                 verdicts[report->verdict], report->seconds);
  for (guint i = 0; i < report->findings->len; i++) {
    const FgBootFinding *finding = report->findings->pdata[i];

    fg_report_log (session->reporter,
                   finding->severity == FG_SEVERITY_INFO ? FG_LOG_INFO : FG_LOG_WARNING, "%s%s%s",
                   finding->message, finding->remedy != NULL ? ". " : "",
                   finding->remedy != NULL ? finding->remedy : "");
  }
}

/**
 * fg_boot_listen:
 * @cancellable: (nullable): ends the listening; what was flashed is flashed
 *
 * To be called after the restart. Never fails: that the board is gone is a finding, too, because a
 * chip with a USB port of its own takes the port along when it restarts.
 *
 * Returns: (transfer full): what was found out
 */
FgBootReport *
fg_boot_listen (FgSession *session, GCancellable *cancellable)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (FgBootCheck) check = fg_boot_check_new ();
  g_autoptr (GError) error = NULL;
  Listener self = { .wire = session->loader.wire, .check = check };
  FgBootReport *report;

  self.rom_baud = self.baud = rom_baud (session);
  listen (&self, start_us + LISTEN_US, cancellable, &error);
  report =
      fg_boot_check_finish (check, (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC,
                            flashes_nodemcu (session->job));
  if (error != NULL && error->domain == FG_ERROR)
    fg_boot_report_add (report, FG_SEVERITY_INFO, "port-gone", NULL,
                        "the port went away when the board restarted");
  log_report (session, report);
  return report;
}
