/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chip's own loader. The ESP8266's ROM can only program and set registers: everything else goes
 * through raw SPI commands.
 */

#include "fg-baud.h"
#include "fg-engine.h"
#include "fg-erase.h"
#include "fg-error.h"

#include <string.h>

/* The largest block an ESP8266 ROM takes (PROTOCOL-FACTS 9.1): one and a half sectors. */
#define ROM_BLOCK 0x1800u
#define TRIES_PER_PLACE 4
#define BLOCK_64K 0x10000u

static gboolean
start (FgSession *session, GError **error)
{
  if (!fg_session_raise_baud (session, error))
    return FALSE;
  fg_report_log (session->reporter, FG_LOG_INFO, "Chip's own loader, %u baud",
                 session->loader.baud);
  return TRUE;
}

static double
seconds (const FgSession *session, FgPhase phase, double bytes)
{
  switch (phase) {
  case FG_PHASE_COMPARE:
  case FG_PHASE_VERIFY:
    return bytes / fg_session_read_rate (session);
  case FG_PHASE_READ: /* twice, unless the job does without */
    return (session->job->verify ? 2.0 : 1.0) * bytes / fg_session_read_rate (session);
  case FG_PHASE_ERASE:
    return fg_erase_seconds (bytes);
  case FG_PHASE_WRITE:
    return bytes / fg_session_write_rate (session);
  case FG_PHASE_NONE:
  case FG_PHASE_CONNECT:
  case FG_PHASE_PREPARE:
  case FG_PHASE_RESTART:
  case FG_PHASE_BOOT:
  case FG_N_PHASES:
  default:
    return 0;
  }
}

/* A sector that differs is known after its first difference. */
static gboolean
compare (FgSession *session, FgSectors *sectors, GError **error)
{
  for (guint i = 0; i < sectors->list->len; i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);
    gint64 difference;

    if (sector->state != FG_SECTOR_PLANNED)
      continue;
    if (!fg_session_compare (session, sector->address, sector->data, TRUE, &difference, error))
      return FALSE;
    if (difference < 0)
      fg_sectors_mark (sectors, i, 1, sectors->right);
    session->meter.now.sectors_same = fg_sectors_count (sectors, FG_SECTOR_UNCHANGED);
    fg_meter_advance (&session->meter, FG_SECTOR_SIZE, sector->address);
  }
  return TRUE;
}

/* One try at a run, from its sector @first on. Marks what is written; *@written counts sectors. */
static gboolean
write_from (
    FgSession *session, FgSectors *sectors, guint first, guint n, guint *written, GError **error)
{
  FgLoader *loader = &session->loader;
  const FgSector *start = fg_sectors_at (sectors, first);
  guint32 len = n * FG_SECTOR_SIZE;
  guint32 n_blocks = (len + ROM_BLOCK - 1) / ROM_BLOCK;

  /* Everything is erased by now: the ROM shall not erase, with its own idea of how much. */
  if (!fg_spi_flash_restore (&session->spi, error)
      || !fg_loader_flash_begin (loader, 0, n_blocks, ROM_BLOCK, start->address, error))
    return FALSE;
  for (guint32 seq = 0; seq < n_blocks; seq++) {
    guint32 at = seq * ROM_BLOCK;
    guint32 end = MIN (at + ROM_BLOCK, len);
    guint whole = end / FG_SECTOR_SIZE;

    if (g_cancellable_set_error_if_cancelled (loader->cancellable, error)
        || !fg_loader_flash_data (loader, seq, start->data + at, end - at, error))
      return FALSE;
    if (whole > *written) {
      fg_sectors_mark (sectors, first + *written, whole - *written, FG_SECTOR_WRITTEN);
      fg_meter_advance (&session->meter, (whole - *written) * FG_SECTOR_SIZE, start->address + end);
      *written = whole;
    }
  }
  return TRUE;
}

/* The ROM reads each block back and compares a checksum: what it calls a write error is a bad
 * flash, and reading finds the place. Takes @failure. */
static void
explain_write_error (
    FgSession *session, FgSectors *sectors, guint first, guint n, GError *failure, GError **error)
{
  for (guint i = 0; i < MIN (n, 2) && g_error_matches (failure, FG_ERROR, FG_ERROR_REJECTED); i++) {
    const FgSector *sector = fg_sectors_at (sectors, first + i);
    gint64 at;

    if (!fg_session_compare (session, sector->address, sector->data, FALSE, &at, NULL) || at < 0)
      continue;
    g_error_free (failure);
    fg_sectors_set_bad_flash (sector->address + (guint32) at, 1, error);
    return;
  }
  g_propagate_error (error, failure);
}

/* Bits that came out wrong can only be mended by erasing: the sectors that a block touches. */
static gboolean
erase_again (FgSession *session, FgSectors *sectors, guint first, guint n, GError **error)
{
  for (guint i = first; i < first + MIN (n, 2); i++)
    if (!fg_session_erase (session, fg_sectors_at (sectors, i)->address, FG_SECTOR_SIZE, error))
      return FALSE;
  return TRUE;
}

/* A block that failed cannot be sent again, because the ROM has counted it: the rest of the run is
 * begun anew. Programming the same bytes twice does no harm. */
static gboolean
write_run (FgSession *session, FgSectors *sectors, guint first, guint n, GError **error)
{
  guint tries = 0;

  while (TRUE) {
    GError *failure = NULL;
    guint written = 0;

    if (write_from (session, sectors, first, n, &written, &failure))
      return TRUE;
    tries = written > 0 ? 1 : tries + 1;
    written = MIN (written, n - 1); /* the last sector again, when only its reply was lost */
    first += written;
    n -= written;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure, "writing at 0x%X: ", fg_sectors_at (sectors, first)->address);
    if (tries == TRIES_PER_PLACE) {
      explain_write_error (session, sectors, first, n, failure, error);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error)
        || (tries > 1 && !erase_again (session, sectors, first, n, error)))
      return FALSE;
  }
}

/* Everything is erased by now. */
static gboolean
write_erased (FgSession *session, FgSectors *sectors, GError **error)
{
  fg_meter_enter (&session->meter, FG_PHASE_WRITE,
                  (guint64) fg_sectors_count (sectors, FG_SECTOR_ERASED) * FG_SECTOR_SIZE);
  for (guint i = 0; i < sectors->list->len;) {
    guint run = fg_sectors_run (sectors, i, FG_SECTOR_ERASED, G_MAXUINT);
    guint n = 0;

    while (n < run && !fg_sector_is_blank (fg_sectors_at (sectors, i + n)))
      n++;
    if (n > 0 && !write_run (session, sectors, i, n, error))
      return FALSE;
    if (n == 0 && run > 0) { /* what shall be blank is blank */
      fg_sectors_mark (sectors, i, 1, FG_SECTOR_WRITTEN);
      fg_meter_advance (&session->meter, FG_SECTOR_SIZE, fg_sectors_at (sectors, i)->address);
    }
    i += MAX (n, 1);
  }
  return TRUE;
}

static gboolean
write_planned (FgSession *session, FgSectors *sectors, GError **error)
{
  return fg_session_unlock (session, error) && fg_erase_planned (session, sectors, error)
         && write_erased (session, sectors, error);
}

static gboolean
verify (FgSession *session, FgSectors *sectors, gboolean all, GError **error)
{
  gint64 difference = -1;
  guint failed = 0;

  for (guint i = 0; i < sectors->list->len && (all || failed == 0); i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);

    if (sector->state != FG_SECTOR_WRITTEN)
      continue;
    if (!fg_session_compare (session, sector->address, sector->data, FALSE, &difference, error))
      return FALSE;
    fg_sectors_mark (sectors, i, 1, difference < 0 ? FG_SECTOR_VERIFIED : FG_SECTOR_FAILED);
    if (difference >= 0 && failed++ == 0)
      sectors->wrong_at = sector->address + (guint32) difference;
    fg_meter_advance (&session->meter, FG_SECTOR_SIZE, sector->address);
  }
  return TRUE;
}

static gboolean
erase (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  return fg_session_unlock (session, error) && fg_erase_range (session, offset, length, error);
}

/* There is no digest: the first sector of each 64 KB is looked at. */
static gboolean
check_blank (FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error)
{
  guint8 expected[FG_SECTOR_SIZE];

  memset (expected, 0xff, sizeof expected);
  *found = -1;
  for (guint32 at = 0; at < length && *found < 0; at += BLOCK_64K) {
    gint64 difference;

    if (!fg_session_compare (session, offset + at, expected, FALSE, &difference, error))
      return FALSE;
    if (difference >= 0)
      *found = offset + at + difference;
    fg_meter_update (&session->meter, at, offset + at);
  }
  return TRUE;
}

static gboolean
read_range (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  for (guint32 at = 0; at < length; at += FG_SECTOR_SIZE) {
    if (!fg_session_read (session, offset + at, buf + at, error))
      return FALSE;
    fg_meter_advance (&session->meter, FG_SECTOR_SIZE, offset + at);
  }
  return TRUE;
}

/* Back to the rate at which the next program will look for the loader. A ROM cannot restart. */
static gboolean
leave (FgSession *session, gboolean restart)
{
  FgLoader *loader = &session->loader;

  if (loader->baud == FG_BAUD_CONNECT || !fg_transport_has_baud (loader->wire))
    return FALSE;
  fg_loader_drain (loader, 0, NULL);
  fg_session_change_baud (session, FG_BAUD_CONNECT, NULL);
  return FALSE;
}

const FgEngine fg_engine_rom = {
  .id = "rom",
  .name = "Chip's own loader",
  .start = start,
  .seconds = seconds,
  .compare = compare,
  .write = write_planned,
  .verify = verify,
  .erase = erase,
  .check_blank = check_blank,
  .read = read_range,
  .leave = leave,
};
