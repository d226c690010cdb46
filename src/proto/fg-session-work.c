/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The work of a session that gets up again after a fault: a lost or corrupted byte costs time only.
 */

#include "fg-session.h"

#include "fg-baud.h"
#include "fg-error.h"

#include <string.h>

#define MAX_TROUBLES 12
#define TROUBLES_PER_BAUD 3
#define TROUBLES_PER_STUB 6 /* starting it again costs more than a fault */
#define TRIES_PER_SECTOR 4
#define RESYNC_TRIES 3
#define RESYNC_QUIET_MS 60

/* Requests of 14 bytes for 4 bytes of flash, and one of 42 for 64: see fg-spi-read.c. */
#define WIRE_BYTES_PER_READ_BYTE 4.4
/* A page of 256 bytes takes 0.4 ms: Winbond W25Q32 data sheet, typical. */
#define PROGRAM_SECONDS_PER_BYTE (0.0004 / 256)

/**
 * fg_session_resync:
 *
 * After a fault: until both sides talk again, at the rate in force.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_session_resync (FgSession *self, GError **error)
{
  gboolean is_stub = FALSE;

  self->spi.ready_to_read = FALSE;
  for (guint i = 0; i < RESYNC_TRIES; i++) {
    g_autoptr (GError) failure = NULL;

    if (!fg_loader_drain (&self->loader, RESYNC_QUIET_MS, error))
      return FALSE;
    if (fg_loader_sync (&self->loader, 0, &is_stub, &failure)) {
      /* its engine would go on with the ROM as if that were its stub */
      if (self->loader.foreign_stub && !is_stub)
        break;
      return fg_loader_drain (&self->loader, RESYNC_QUIET_MS / 2, error);
    }
    if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "the board stopped answering on %s",
               self->loader.wire->name);
  return FALSE;
}

static gboolean
is_recoverable (const GError *error)
{
  return error->domain == FG_ERROR
         && (error->code == FG_ERROR_TIMEOUT || error->code == FG_ERROR_PROTOCOL
             || error->code == FG_ERROR_REJECTED || error->code == FG_ERROR_UNSUPPORTED
             || error->code == FG_ERROR_ERASE);
}

static gboolean
step_down (FgSession *self)
{
  guint lower = fg_baud_below (self->loader.baud);

  self->troubles_at_baud = 0;
  if (lower == 0 || !fg_transport_has_baud (self->loader.wire))
    return TRUE;
  fg_report_log (self->reporter, FG_LOG_WARNING, "Too many faults: %u baud from here", lower);
  self->long_baud = lower;
  self->meter.now.baud = lower;
  return fg_session_change_baud (self, lower, NULL);
}

/* Takes @cause. A stub that is lost, or a rate that is too high, is for whoever chooses engines: it
 * must not end in a ROM that the engine takes for its stub. */
static gboolean
recover_stub (FgSession *self, GError *cause, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (self->troubles_at_baud >= TROUBLES_PER_STUB) {
    g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "too many faults: %s", cause->message);
  } else if (fg_session_resync (self, &failure)) {
    g_error_free (cause);
    return TRUE;
  } else {
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  g_error_free (cause);
  return FALSE;
}

/**
 * fg_session_recover:
 * @cause: (transfer full): what went wrong
 *
 * Talks sense into a loader again: resync, a lower rate after several faults, at last a reset.
 *
 * Returns: %FALSE with @cause, or what made recovery impossible, set
 */
gboolean
fg_session_recover (FgSession *self, GError *cause, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!is_recoverable (cause) || ++self->troubles > MAX_TROUBLES) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  fg_report_log (self->reporter, FG_LOG_WARNING, "%s: trying again", cause->message);
  self->troubles_at_baud += cause->code != FG_ERROR_ERASE; /* that is not the line's fault */
  if (self->loader.foreign_stub)
    return recover_stub (self, cause, error);
  if (fg_session_resync (self, &failure)
      && (self->troubles_at_baud < TROUBLES_PER_BAUD || step_down (self))) {
    g_error_free (cause);
    return TRUE;
  }
  if (failure != NULL && !is_recoverable (failure)) { /* unplugged, or cancelled */
    g_error_free (cause);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (!fg_session_has_lines (self)) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  g_clear_error (&failure);
  if (fg_session_reconnect (self, &failure) && fg_session_raise_baud (self, &failure)) {
    g_error_free (cause);
    return TRUE;
  }
  if (failure->domain == FG_ERROR && failure->code != FG_ERROR_DISCONNECTED) {
    g_propagate_error (error, cause); /* it answered before, so the first fault says more */
    return FALSE;
  }
  g_error_free (cause);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* One piece of work at one place. */
typedef struct {
  guint32 address;
  guint32 length;
  guint8 *buf;            /* (unowned) one sector, to read into */
  const guint8 *expected; /* (unowned) one sector, to compare with */
  gboolean probe;
  gint64 difference;
} Piece;

typedef gboolean (*PieceFunc) (FgSpiFlash *spi, Piece *piece, GError **error);

/* Does a piece of work until it succeeds, four times at most. */
static gboolean
retry (FgSession *self, PieceFunc func, const char *doing, Piece *piece, GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (func (&self->spi, piece, &failure))
      return TRUE;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure, "%s at 0x%X: ", doing, piece->address);
    if (i == TRIES_PER_SECTOR) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (self, failure, error))
      return FALSE;
  }
}

static gboolean
unlock_piece (FgSpiFlash *spi, Piece *piece, GError **error)
{
  return fg_spi_flash_unlock (spi, error);
}

static gboolean
erase_piece (FgSpiFlash *spi, Piece *piece, GError **error)
{
  return fg_spi_flash_erase (spi, piece->address, piece->length, error);
}

static gboolean
read_piece (FgSpiFlash *spi, Piece *piece, GError **error)
{
  return fg_spi_flash_read (spi, piece->address, piece->buf, FG_SECTOR_SIZE, error);
}

static gboolean
compare_piece (FgSpiFlash *spi, Piece *piece, GError **error)
{
  return fg_spi_flash_compare (spi, piece->address, piece->expected, FG_SECTOR_SIZE, piece->probe,
                               &piece->difference, error);
}

/** fg_session_unlock: see fg_spi_flash_unlock() */
gboolean
fg_session_unlock (FgSession *self, GError **error)
{
  Piece piece = { 0 };

  return retry (self, unlock_piece, "unlocking the flash", &piece, error);
}

/**
 * fg_session_erase:
 * @length: 64 KB or 4 KB; see fg_spi_flash_erase()
 */
gboolean
fg_session_erase (FgSession *self, guint32 address, guint32 length, GError **error)
{
  Piece piece = { .address = address, .length = length };

  return retry (self, erase_piece, "erasing", &piece, error);
}

/**
 * fg_session_compare:
 * @expected: one sector
 * @probe: whether a difference is likely; see fg_spi_flash_compare()
 * @first_difference: (out): bytes from @address; -1: all is as expected
 *
 * A difference is looked at twice, because a corrupted byte on the wire looks like one.
 */
gboolean
fg_session_compare (FgSession *self,
                    guint32 address,
                    const guint8 *expected,
                    gboolean probe,
                    gint64 *first_difference,
                    GError **error)
{
  Piece piece = { .address = address, .expected = expected, .probe = probe, .difference = -1 };
  gint64 earlier;

  for (guint i = 0; i < TRIES_PER_SECTOR; i++) {
    earlier = piece.difference;
    if (!retry (self, compare_piece, "reading", &piece, error))
      return FALSE;
    if (piece.difference < 0 || (i > 0 && piece.difference == earlier))
      break;
  }
  *first_difference = piece.difference;
  return TRUE;
}

/**
 * fg_session_read:
 * @buf: one sector
 *
 * There is no digest in this loader: a sector is taken only when two readings agree, unless the job
 * does without verification.
 */
gboolean
fg_session_read (FgSession *self, guint32 address, guint8 *buf, GError **error)
{
  guint8 again[FG_SECTOR_SIZE];
  Piece first = { .address = address, .buf = buf };
  Piece second = { .address = address, .buf = again };

  if (!retry (self, read_piece, "reading", &first, error))
    return FALSE;
  if (!self->job->verify)
    return TRUE;
  for (guint i = 0; i < TRIES_PER_SECTOR; i++) {
    if (!retry (self, read_piece, "reading", &second, error))
      return FALSE;
    if (memcmp (buf, again, sizeof again) == 0)
      return TRUE;
    memcpy (buf, again, sizeof again);
  }
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY, "sector 0x%X reads differently each time",
               address);
  return FALSE;
}

static double
line_rate (const FgSession *self)
{
  guint baud = fg_transport_has_baud (self->loader.wire) ? self->loader.baud : FG_BAUD_CONNECT;

  return baud / 10.0;
}

/** fg_session_read_rate: Returns: bytes/s that reading is expected to reach */
double
fg_session_read_rate (const FgSession *self)
{
  return line_rate (self) / WIRE_BYTES_PER_READ_BYTE;
}

/** fg_session_write_rate: Returns: bytes/s that writing is expected to reach */
double
fg_session_write_rate (const FgSession *self)
{
  return 1 / (1 / line_rate (self) + PROGRAM_SECONDS_PER_BYTE);
}
