/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-session.h"

#include "fg-attach.h"
#include "fg-baud.h"
#include "fg-error.h"
#include "fg-flash-id.h"
#include "fg-leave.h"

#include <string.h>

#define RECONNECT_ATTEMPTS 4
#define HICCUPS 3

/* Requests of 14 bytes under way while reading. Where nothing can reset a chip that got lost, no
 * more than fits into its 128 bytes of FIFO and the ROM's buffer of 256, even if the ROM stood
 * still. */
#define WINDOW_MAX 96
#define WINDOW_MAX_WITHOUT_RESET 24

void
fg_session_init (FgSession *self,
                 const FgJob *job,
                 FgTransport *wire,
                 const FgReporter *reporter,
                 GCancellable *cancellable)
{
  *self = (FgSession){ .job = job, .reporter = reporter };
  self->long_baud = job->baud;
  fg_meter_init (&self->meter, reporter);
  fg_loader_init (&self->loader, wire, reporter, cancellable);
}

void
fg_session_clear (FgSession *self)
{
  if (self->engine_state != NULL)
    self->engine_free (self->engine_state);
  fg_loader_clear (&self->loader);
  g_clear_pointer (&self->board, fg_board_info_unref);
}

static gboolean
attach_flash (FgSession *self, const FgBoardInfo *board, GError **error)
{
  fg_spi_flash_init (&self->spi, &self->loader, board->chip,
                     fg_session_has_lines (self) ? WINDOW_MAX : WINDOW_MAX_WITHOUT_RESET);
  return fg_attach_flash (&self->spi, board, error);
}

/* What the user says counts where the flash does not tell. */
static guint32
chosen_size (const FgSession *self, const FgBoardInfo *board)
{
  guint32 chosen = self->job->flash_size;

  return board->flash_size != 0 || chosen == FG_FLASH_SIZE_KEEP ? board->flash_size : chosen;
}

static FgBoardInfo *
identify (FgSession *self, GError **error)
{
  g_autoptr (FgBoardInfo) board = fg_identify (&self->loader, error);

  if (board == NULL || !attach_flash (self, board, error)
      || !fg_identify_flash (&self->spi, board, error)
      || !fg_attach_set_size (&self->loader, board->chip, chosen_size (self, board), error))
    return NULL;
  return g_steal_pointer (&board);
}

static void
log_flash (const FgSession *self, const FgBoardInfo *board)
{
  g_autofree char *size = fg_size_format (board->flash_size);
  g_autofree char *conflict = fg_board_info_dup_size_conflict (board);

  if (fg_flash_id_is_dead (board->flash_id))
    fg_report_log (self->reporter, FG_LOG_WARNING, "The flash does not answer (id %06X)",
                   board->flash_id);
  else
    fg_report_log (self->reporter, FG_LOG_INFO, "Flash %s %s, %s (%02X %02X %02X)",
                   board->flash_manufacturer != NULL ? board->flash_manufacturer
                                                     : "of unknown make",
                   board->flash_name != NULL ? board->flash_name : "",
                   board->flash_size != 0 ? size : "size unknown", board->flash_id & 0xff,
                   board->flash_id >> 8 & 0xff, board->flash_id >> 16 & 0xff);
  if (conflict != NULL)
    fg_report_log (self->reporter, FG_LOG_WARNING, "%s", conflict);
}

static void
log_board (const FgSession *self, const FgBoardInfo *board)
{
  g_autofree char *mac = fg_board_info_dup_mac (board);
  g_autofree char *crystal = board->crystal_mhz != 0
                                 ? g_strdup_printf ("%u MHz crystal", board->crystal_mhz)
                                 : g_strdup ("unknown crystal");
  g_autofree char *security = fg_security_to_text (&board->security);

  fg_report_log (self->reporter, FG_LOG_INFO, "%s, %s, MAC %s",
                 board->variant != NULL ? board->variant : board->chip->name, crystal,
                 mac != NULL ? mac : "unknown");
  if (!fg_security_is_open (&board->security))
    fg_report_log (self->reporter, FG_LOG_WARNING, "Security: %s", security);
  if (!board->security.secure_download)
    log_flash (self, board);
}

/* A reset makes the ROM measure our rate anew. */
static gboolean
identify_again (FgSession *self, GError **error)
{
  g_autoptr (FgBoardInfo) board = identify (self, error);

  if (board == NULL)
    return FALSE;
  if (board->chip != self->board->chip
      || memcmp (board->efuse, self->board->efuse, sizeof board->efuse) != 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_DISCONNECTED, "another board answers now");
    return FALSE;
  }
  self->clkdiv = board->clkdiv;
  return TRUE;
}

static gboolean
is_hiccup (const GError *error)
{
  return g_error_matches (error, FG_ERROR, FG_ERROR_TIMEOUT)
         || g_error_matches (error, FG_ERROR, FG_ERROR_PROTOCOL)
         || g_error_matches (error, FG_ERROR, FG_ERROR_REJECTED)
         || g_error_matches (error, FG_ERROR, FG_ERROR_UNSUPPORTED)
         || g_error_matches (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP);
}

static gboolean
connect_once (FgSession *self, guint attempts, GError **error)
{
  self->loader.foreign_stub = FALSE;
  if (!fg_connect (&self->loader, self->job, attempts, &self->meter, error))
    return FALSE;
  self->synced_baud = self->loader.baud;
  self->meter.now.baud = self->loader.baud;
  if (self->board != NULL)
    return identify_again (self, error);
  self->board = identify (self, error);
  if (self->board == NULL)
    return FALSE;
  self->clkdiv = self->board->clkdiv;
  return TRUE;
}

/**
 * fg_session_connect:
 *
 * Phase connect: into the loader, and what the board is. One corrupted byte is no reason to give
 * up.
 *
 * Returns: %FALSE with an error of fg_connect() or fg_identify() set
 */
gboolean
fg_session_connect (FgSession *self, GError **error)
{
  fg_meter_enter (&self->meter, FG_PHASE_CONNECT, self->job->attempts);
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;

    if (connect_once (self, i == 0 ? self->job->attempts : RECONNECT_ATTEMPTS, &failure))
      break;
    if (i >= HICCUPS || !is_hiccup (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    fg_report_log (self->reporter, FG_LOG_WARNING, "%s: trying again", failure->message);
  }
  log_board (self, self->board);
  if (self->reporter != NULL && self->reporter->board != NULL)
    self->reporter->board (self->board, self->reporter->data);
  return TRUE;
}

/* Without modem lines the two sides may still find each other at one of two rates. */
static gboolean
find_each_other (FgSession *self, GError **error)
{
  const guint rates[] = { self->loader.baud, self->synced_baud };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    if (!fg_transport_set_baud (self->loader.wire, rates[i], error))
      return FALSE;
    self->loader.baud = rates[i];
    if (fg_session_resync (self, i + 1 == G_N_ELEMENTS (rates) ? error : NULL))
      return TRUE;
    if (g_cancellable_set_error_if_cancelled (self->loader.cancellable, error))
      return FALSE;
  }
  return FALSE;
}

gboolean
fg_session_reconnect (FgSession *self, GError **error)
{
  return connect_once (self, RECONNECT_ATTEMPTS, error);
}

/** fg_session_change_baud: the ROM and this side to @baud, in bit/s, in the way of the chip. */
gboolean
fg_session_change_baud (FgSession *self, guint baud, GError **error)
{
  if (self->board->chip->id != FG_CHIP_ESP8266)
    return fg_baud_command (&self->loader, self->board, baud, error);
  return fg_baud_change (&self->loader, self->board->chip,
                         fg_baud_divider (self->clkdiv, self->synced_baud, baud), baud, error);
}

/**
 * fg_session_raise_baud:
 *
 * To the rate of the long phases, stepping down until one works. Does nothing where the rate of the
 * wire cannot be changed.
 */
gboolean
fg_session_raise_baud (FgSession *self, GError **error)
{
  /* the rate of the chip's own USB port means nothing */
  gboolean has_rate = fg_transport_has_baud (self->loader.wire)
                      && fg_transport_kind (self->loader.wire) == FG_WIRE_PLAIN;

  self->long_baud = MIN (self->long_baud, fg_baud_rom_max (self->board->chip));
  while (has_rate && self->long_baud > self->loader.baud) {
    g_autoptr (GError) failure = NULL;

    if (fg_session_change_baud (self, self->long_baud, &failure))
      break;
    if (!is_hiccup (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    fg_report_log (self->reporter, FG_LOG_WARNING, "%u baud does not work here, stepping down",
                   self->long_baud);
    self->long_baud = fg_baud_below (self->long_baud);
    self->stepped_down = TRUE;
    if (!(fg_session_has_lines (self) ? fg_session_reconnect (self, error)
                                      : find_each_other (self, error)))
      return FALSE;
  }
  self->spi.ready_to_read = FALSE;
  self->meter.now.baud = self->loader.baud;
  return TRUE;
}

/** fg_session_has_lines: whether this job may reset the board by DTR and RTS. */
gboolean
fg_session_has_lines (const FgSession *self)
{
  return self->job->before != FG_BEFORE_NONE && fg_transport_has_lines (self->loader.wire);
}

/**
 * fg_session_need_flash_size:
 * @size: (out): bytes: what the user says, else what was detected
 *
 * Returns: %FALSE with %FG_ERROR_FLASH_CHIP set when neither tells
 */
gboolean
fg_session_need_flash_size (const FgSession *self, guint32 *size, GError **error)
{
  guint32 chosen = self->job->flash_size;

  *size = chosen != FG_FLASH_SIZE_AUTO && chosen != FG_FLASH_SIZE_KEEP ? chosen
                                                                       : self->board->flash_size;
  if (self->board->security.secure_download) {
    if (*size != 0)
      return TRUE;
    g_set_error (error, FG_ERROR, FG_ERROR_FLASH_CHIP,
                 "the %s is in secure download mode and does not tell the size of its flash: it "
                 "must be given",
                 self->board->chip->name);
    return FALSE;
  }
  if (fg_flash_id_is_dead (self->board->flash_id)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FLASH_CHIP,
                 "the flash memory does not answer: its id reads %06X", self->board->flash_id);
    return FALSE;
  }
  if (*size == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_FLASH_CHIP,
                 "the size of the flash is not known (id %06X)", self->board->flash_id);
    return FALSE;
  }
  return TRUE;
}

static gboolean
changes_flash (const FgJob *job)
{
  return job->kind == FG_JOB_FLASH || job->kind == FG_JOB_ERASE;
}

/** fg_session_may_restart: whether the board shall run now; not with half a firmware. */
gboolean
fg_session_may_restart (const FgSession *self, gboolean done)
{
  return self->job->after == FG_AFTER_RESET && (done || !changes_flash (self->job));
}

/**
 * fg_session_leave:
 * @done: the job did what it should
 *
 * Leaves the chip as the job says; after a failure or a cancel in its loader, or, when its flash
 * was not touched, running. Takes at most 200 ms and never fails: what matters has happened.
 */
void
fg_session_leave (FgSession *self, gboolean done)
{
  gboolean lines = fg_session_has_lines (self);
  g_autoptr (GError) failure = NULL;

  self->loader.cancellable = NULL;
  if (lines && fg_session_may_restart (self, done)) {
    if (!fg_leave_loader (&self->loader, done ? self->board : NULL, &failure))
      fg_report_log (self->reporter, FG_LOG_WARNING, "Restarting: %s", failure->message);
    return;
  }
  if (self->board == NULL || self->restarted)
    return;
  fg_report_log (self->reporter, FG_LOG_INFO,
                 "The chip stays in its loader: tap RESET to start it");
}
