/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The ROM loaders from the ESP32 on. They digest the flash, which is much quicker than reading it:
 * so all comparing is done by MD5, and reading is proven by it. A stub from a file shares that.
 */

#include "fg-engine.h"

#include "fg-baud.h"
#include "fg-erase.h"
#include "fg-error.h"
#include "fg-family.h"
#include "fg-file-read.h"
#include "fg-rom.h"

#include <string.h>

#define TRIES 4
#define ERASE_PIECE (256u * 1024)
#define ERASE_BLOCK 0x400u
/* A digest in software at some ten cycles a byte; measured where it matters. */
#define DIGEST_SECONDS_PER_BYTE 3e-7
#define DIGEST_ROUND_TRIP_SECONDS 0.004
/* A request of 18 bytes and a reply of 82 for 64 bytes. */
#define WIRE_BYTES_PER_READ_BYTE 1.6
#define SECTORS_PER_64K (FG_FAMILY_BLOCK_64K / FG_SECTOR_SIZE)

/* In secure download mode the ROM writes, and that is all it does. */
static gboolean
check_allowed (const FgSession *session, GError **error)
{
  const FgJob *job = session->job;

  if (!session->board->security.secure_download)
    return TRUE;
  if ((job->kind == FG_JOB_FLASH && !job->verify) || job->kind == FG_JOB_ERASE)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
               job->kind == FG_JOB_FLASH
                   ? "the %s is in secure download mode: what is written cannot be verified. It "
                     "can be written without verification"
                   : "the %s is in secure download mode: its flash cannot be read",
               session->board->chip->name);
  return FALSE;
}

static gboolean
start (FgSession *session, GError **error)
{
  return check_allowed (session, error) && fg_session_raise_baud (session, error);
}

/* See FgEngine. */
double
fg_family_seconds (const FgSession *session, FgPhase phase, double bytes)
{
  switch (phase) {
  case FG_PHASE_COMPARE:
    return bytes * (DIGEST_SECONDS_PER_BYTE * 2 + DIGEST_ROUND_TRIP_SECONDS / FG_SECTOR_SIZE);
  case FG_PHASE_VERIFY:
    return bytes * DIGEST_SECONDS_PER_BYTE;
  case FG_PHASE_READ:
    return bytes * WIRE_BYTES_PER_READ_BYTE / fg_family_line_rate (session);
  case FG_PHASE_WRITE:
    return fg_family_write_seconds (session, bytes);
  case FG_PHASE_ERASE: /* writing erases */
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

/**
 * fg_family_equals:
 * @equal: (out): whether the flash holds @expected
 *
 * By digest; recovers from faults of the line.
 */
gboolean
fg_family_equals (FgSession *session,
                  guint32 offset,
                  const guint8 *expected,
                  guint32 length,
                  gboolean *equal,
                  GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  guint8 want[FG_ROM_DIGEST_LEN], got[FG_ROM_DIGEST_LEN];
  gsize want_len = sizeof want;

  g_checksum_update (checksum, expected, length);
  g_checksum_get_digest (checksum, want, &want_len);
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (fg_rom_digest (&session->loader, offset, length, got, &failure))
      break;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure, "checking 0x%X: ", offset);
    if (i == TRIES) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error))
      return FALSE;
  }
  *equal = memcmp (want, got, sizeof want) == 0;
  return TRUE;
}

/* Unproven: a digest of the same bytes has to agree. */
static gboolean
read_unproven (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (session->loader.foreign_stub
            ? fg_file_read (&session->loader, offset, buf, length, &failure)
            : fg_rom_read (&session->loader, offset, buf, length, &failure))
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

static gboolean
read_sector (FgSession *session, guint32 offset, guint8 *buf, GError **error)
{
  for (guint i = 0; i < TRIES; i++) {
    gboolean equal;

    if (!read_unproven (session, offset, buf, FG_SECTOR_SIZE, error)
        || !fg_family_equals (session, offset, buf, FG_SECTOR_SIZE, &equal, error))
      return FALSE;
    if (equal)
      return TRUE;
  }
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY, "sector 0x%X reads differently each time", offset);
  return FALSE;
}

/* What a run of sectors of one state becomes: the whole at once, where it is right; else in halves
 * of 64 KB, and those sector by sector. */
typedef struct {
  FgSession *session;  /* (unowned) */
  FgSectors *sectors;  /* (unowned) */
  FgSectorState right; /* what a sector becomes that holds what it should */
  FgSectorState wrong; /* what it becomes else */
  gboolean all;        /* go on after the first that is wrong */
  guint n_wrong;
} Check;

static void
settle (Check *self, guint first, guint n, gboolean equal)
{
  FgMeter *meter = &self->session->meter;

  fg_sectors_mark (self->sectors, first, n, equal ? self->right : self->wrong);
  if (self->right == FG_SECTOR_UNCHANGED && equal)
    meter->now.sectors_same += n;
  fg_meter_advance (meter, n * FG_SECTOR_SIZE, fg_sectors_at (self->sectors, first)->address);
  if (!equal && self->n_wrong++ == 0)
    self->sectors->wrong_at = fg_sectors_at (self->sectors, first)->address;
}

static gboolean
check_run (Check *self, guint first, guint n, GError **error)
{
  const FgSector *sector = fg_sectors_at (self->sectors, first);
  gboolean equal;
  guint part;

  if (!fg_family_equals (self->session, sector->address, sector->data, n * FG_SECTOR_SIZE, &equal,
                         error))
    return FALSE;
  if (equal || n == 1) {
    settle (self, first, n, equal);
    return TRUE;
  }
  part = n > SECTORS_PER_64K ? SECTORS_PER_64K : 1;
  for (guint i = 0; i < n && (self->all || self->n_wrong == 0); i += part)
    if (!check_run (self, first + i, MIN (part, n - i), error))
      return FALSE;
  return TRUE;
}

static gboolean
check (Check *self, FgSectorState state, GError **error)
{
  for (guint i = 0; i < self->sectors->list->len && (self->all || self->n_wrong == 0);) {
    guint run = fg_sectors_run (self->sectors, i, state, G_MAXUINT);

    if (run > 0 && !check_run (self, i, run, error))
      return FALSE;
    i += MAX (run, 1);
  }
  return TRUE;
}

/* Only where asking is quicker than writing: the first sector that is planned is timed. */
static gboolean
is_worth_asking (FgSession *session, const FgSectors *sectors, gboolean *worth, GError **error)
{
  gint64 start_us = g_get_monotonic_time ();
  double one = fg_family_write_seconds (session, FG_SECTOR_SIZE);
  double took;

  *worth = FALSE;
  for (guint i = 0; i < sectors->list->len; i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);
    gboolean equal;

    if (sector->state != FG_SECTOR_PLANNED)
      continue;
    if (!fg_family_equals (session, sector->address, sector->data, FG_SECTOR_SIZE, &equal, error))
      return FALSE;
    took = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
    *worth = took < one;
    fg_report_log (session->reporter, FG_LOG_DEBUG,
                   "A digest takes %.1f ms, writing a sector about %.1f ms", took * 1e3, one * 1e3);
    break;
  }
  return TRUE;
}

/* See FgEngine. */
gboolean
fg_family_compare (FgSession *session, FgSectors *sectors, GError **error)
{
  Check self = { .session = session,
                 .sectors = sectors,
                 .right = FG_SECTOR_UNCHANGED,
                 .wrong = FG_SECTOR_PLANNED,
                 .all = TRUE };
  gboolean worth;

  if (session->board->security.secure_download)
    return TRUE;
  return is_worth_asking (session, sectors, &worth, error)
         && (!worth || check (&self, FG_SECTOR_PLANNED, error));
}

/* The digest names a sector; reading it names the byte. */
static gboolean
find_byte (FgSession *session, guint32 offset, const guint8 *expected, guint32 *at, GError **error)
{
  guint8 buf[FG_SECTOR_SIZE];

  if (!read_sector (session, offset, buf, error))
    return FALSE;
  for (guint i = 0; i < FG_SECTOR_SIZE; i++)
    if (buf[i] != expected[i]) {
      *at = offset + i;
      return TRUE;
    }
  *at = offset;
  return TRUE;
}

/* See FgEngine. */
gboolean
fg_family_verify (FgSession *session, FgSectors *sectors, gboolean all, GError **error)
{
  Check self = { .session = session,
                 .sectors = sectors,
                 .right = FG_SECTOR_VERIFIED,
                 .wrong = FG_SECTOR_FAILED,
                 .all = all };

  if (!check (&self, FG_SECTOR_WRITTEN, error))
    return FALSE;
  for (guint i = 0; i < sectors->list->len && self.n_wrong > 0; i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);

    if (sector->address == sectors->wrong_at)
      return find_byte (session, sector->address, sector->data, &sectors->wrong_at, error);
  }
  return TRUE;
}

static gboolean
erase_piece (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (fg_rom_begin (&session->loader, session->board->chip, FALSE, length, length / ERASE_BLOCK,
                      ERASE_BLOCK, offset, &failure))
      return TRUE;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure, "erasing at 0x%X: ", offset);
    if (i == TRIES) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error))
      return FALSE;
  }
}

/* FLASH_BEGIN erases, whether data follow or not. */
static gboolean
erase (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  const FgReporter *reporter = session->reporter;
  guint32 end = offset + length;
  guint64 done = 0;

  fg_meter_expect (&session->meter, FG_PHASE_ERASE, fg_erase_seconds (length));
  fg_meter_enter (&session->meter, FG_PHASE_ERASE, length);
  fg_report_log (reporter, FG_LOG_INFO, "Erasing 0x%X to 0x%X", offset, end - 1);
  for (guint32 step; offset < end; offset += step) {
    step = MIN (ERASE_PIECE - offset % ERASE_PIECE, end - offset);
    if (!erase_piece (session, offset, step, error))
      return FALSE;
    if (reporter != NULL && reporter->sectors != NULL)
      reporter->sectors (offset, step, FG_SECTOR_ERASED, reporter->data);
    done += step;
    fg_meter_update (&session->meter, done, offset);
  }
  return TRUE;
}

static gboolean
find_not_blank (FgSession *session,
                guint32 offset,
                const guint8 *blank,
                guint32 length,
                gint64 *found,
                GError **error)
{
  for (guint32 at = 0; at < length && *found < 0; at += FG_SECTOR_SIZE) {
    gboolean equal;
    guint32 byte;

    if (!fg_family_equals (session, offset + at, blank, FG_SECTOR_SIZE, &equal, error))
      return FALSE;
    if (equal)
      continue;
    if (!find_byte (session, offset + at, blank, &byte, error))
      return FALSE;
    *found = byte;
  }
  return TRUE;
}

/* See FgEngine. */
gboolean
fg_family_check_blank (
    FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error)
{
  g_autofree guint8 *blank = g_malloc (FG_FAMILY_BLOCK_64K);

  *found = -1;
  if (session->board->security.secure_download) {
    fg_report_log (session->reporter, FG_LOG_WARNING,
                   "Secure download mode: nobody can check that the flash is blank");
    return TRUE;
  }
  memset (blank, 0xff, FG_FAMILY_BLOCK_64K);
  for (guint32 at = 0, step; at < length && *found < 0; at += step) {
    gboolean equal;

    step = MIN (FG_FAMILY_BLOCK_64K, length - at);
    if (!fg_family_equals (session, offset + at, blank, step, &equal, error)
        || (!equal && !find_not_blank (session, offset + at, blank, step, found, error)))
      return FALSE;
    fg_meter_update (&session->meter, at + step, offset + at);
  }
  return TRUE;
}

/* A blank sector needs no reading: its digest is known. */
static gboolean
read_or_skip (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  gboolean blank;

  memset (buf, 0xff, length);
  if (!fg_family_equals (session, offset, buf, length, &blank, error))
    return FALSE;
  if (blank || length == FG_SECTOR_SIZE) {
    if (!blank && !read_sector (session, offset, buf, error))
      return FALSE;
    fg_meter_advance (&session->meter, length, offset);
    return TRUE;
  }
  for (guint32 at = 0; at < length; at += FG_SECTOR_SIZE)
    if (!read_or_skip (session, offset + at, buf + at, FG_SECTOR_SIZE, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_range (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  for (guint32 at = 0, step; at < length; at += step) {
    step = MIN (FG_FAMILY_BLOCK_64K, length - at);
    if (!read_or_skip (session, offset + at, buf + at, step, error))
      return FALSE;
  }
  return TRUE;
}

/* FLASH_END(0) would reset these chips, but a strap that a person has held low stays latched. */
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

const FgEngine fg_engine_family = {
  .id = "rom",
  .name = "Chip's own loader",
  .start = start,
  .seconds = fg_family_seconds,
  .compare = fg_family_compare,
  .write = fg_family_write,
  .verify = fg_family_verify,
  .erase = erase,
  .check_blank = fg_family_check_blank,
  .read = read_range,
  .leave = leave,
};
