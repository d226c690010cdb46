/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-job.h"

#include "fg-erase.h"
#include "fg-error.h"
#include "fg-sectors.h"

/* The largest block an ESP8266 ROM takes (PROTOCOL-FACTS 9.1): one and a half sectors. */
#define ROM_BLOCK 0x1800u
#define REPAIR_ROUNDS 2
#define TRIES_PER_PLACE 4
#define RESTART_SECONDS 0.1

typedef struct {
  FgSession *session; /* (unowned) */
  FgSectors sectors;
  guint64 done; /* bytes of the phase */
} FlashJob;

static void
advance (FlashJob *self, guint32 address, guint sectors)
{
  self->done += (guint64) sectors * FG_SECTOR_SIZE;
  fg_meter_update (&self->session->meter, self->done, address);
}

static void
enter (FlashJob *self, FgPhase phase, guint sectors)
{
  self->done = 0;
  fg_meter_enter (&self->session->meter, phase, (guint64) sectors * FG_SECTOR_SIZE);
}

static void
expect_work (FlashJob *self)
{
  FgMeter *meter = &self->session->meter;
  double bytes = (double) fg_sectors_count (&self->sectors, FG_SECTOR_PLANNED) * FG_SECTOR_SIZE;

  fg_meter_expect (meter, FG_PHASE_ERASE, fg_erase_seconds (bytes));
  fg_meter_expect (meter, FG_PHASE_WRITE, bytes / fg_session_write_rate (self->session));
  fg_meter_expect (meter, FG_PHASE_VERIFY,
                   self->session->job->verify ? bytes / fg_session_read_rate (self->session) : 0);
  fg_meter_expect (meter, FG_PHASE_RESTART, RESTART_SECONDS);
}

/* Sectors that are right already need neither writing nor verifying; one that differs is known
 * after its first difference. */
static gboolean
compare_all (FlashJob *self, GError **error)
{
  FgMeter *meter = &self->session->meter;
  guint n = self->sectors.list->len;
  double bytes = (double) n * FG_SECTOR_SIZE;

  /* how much is right already is not known yet: half of it is a guess that costs little */
  fg_meter_expect (meter, FG_PHASE_COMPARE, bytes / fg_session_read_rate (self->session) / 2);
  enter (self, FG_PHASE_COMPARE, n);
  for (guint i = 0; i < n; i++) {
    const FgSector *sector = fg_sectors_at (&self->sectors, i);
    gint64 difference;

    if (!fg_session_compare (self->session, sector->address, sector->data, TRUE, &difference,
                             error))
      return FALSE;
    if (difference < 0)
      fg_sectors_mark (&self->sectors, i, 1, FG_SECTOR_UNCHANGED);
    meter->now.sectors_same += difference < 0;
    advance (self, sector->address, 1);
  }
  fg_report_log (self->session->reporter, FG_LOG_INFO,
                 "%u of %u sectors are already right, %u KB to write", meter->now.sectors_same, n,
                 (n - meter->now.sectors_same) * (FG_SECTOR_SIZE / 1024));
  return TRUE;
}

static void
set_bad_flash (guint32 address, GError **error)
{
  g_set_error (
      error, FG_ERROR, FG_ERROR_VERIFY,
      "the flash does not hold what was written at 0x%X: it is worn out, write-protected or "
      "badly powered",
      address);
}

/* One try at a run, from its sector @first on. Marks what is written; *@written counts sectors. */
static gboolean
write_from (FlashJob *self, guint first, guint n, guint *written, GError **error)
{
  FgLoader *loader = &self->session->loader;
  const FgSector *start = fg_sectors_at (&self->sectors, first);
  guint32 len = n * FG_SECTOR_SIZE;
  guint32 n_blocks = (len + ROM_BLOCK - 1) / ROM_BLOCK;

  /* Everything is erased by now: the ROM shall not erase, with its own idea of how much. */
  if (!fg_spi_flash_restore (&self->session->spi, error)
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
      fg_sectors_mark (&self->sectors, first + *written, whole - *written, FG_SECTOR_WRITTEN);
      advance (self, start->address + end, whole - *written);
      *written = whole;
    }
  }
  return TRUE;
}

/* The ROM reads each block back and compares a checksum: what it calls a write error is a bad
 * flash, and reading finds the place. Takes @failure. */
static void
explain_write_error (FlashJob *self, guint first, guint n, GError *failure, GError **error)
{
  for (guint i = 0; i < MIN (n, 2) && g_error_matches (failure, FG_ERROR, FG_ERROR_REJECTED); i++) {
    const FgSector *sector = fg_sectors_at (&self->sectors, first + i);
    gint64 at;

    if (!fg_session_compare (self->session, sector->address, sector->data, FALSE, &at, NULL)
        || at < 0)
      continue;
    g_error_free (failure);
    set_bad_flash (sector->address + (guint32) at, error);
    return;
  }
  g_propagate_error (error, failure);
}

/* Bits that came out wrong can only be mended by erasing: the sectors that a block touches. */
static gboolean
erase_again (FlashJob *self, guint first, guint n, GError **error)
{
  for (guint i = first; i < first + MIN (n, 2); i++)
    if (!fg_session_erase (self->session, fg_sectors_at (&self->sectors, i)->address,
                           FG_SECTOR_SIZE, error))
      return FALSE;
  return TRUE;
}

/* A block that failed cannot be sent again, because the ROM has counted it: the rest of the run is
 * begun anew. Programming the same bytes twice does no harm. */
static gboolean
write_run (FlashJob *self, guint first, guint n, GError **error)
{
  guint tries = 0;

  while (TRUE) {
    GError *failure = NULL;
    guint written = 0;

    if (write_from (self, first, n, &written, &failure))
      return TRUE;
    tries = written > 0 ? 1 : tries + 1;
    written = MIN (written, n - 1); /* the last sector again, when only its reply was lost */
    first += written;
    n -= written;
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure,
                      "writing at 0x%X: ", fg_sectors_at (&self->sectors, first)->address);
    if (tries == TRIES_PER_PLACE) {
      explain_write_error (self, first, n, failure, error);
      return FALSE;
    }
    if (!fg_session_recover (self->session, failure, error)
        || (tries > 1 && !erase_again (self, first, n, error)))
      return FALSE;
  }
}

static gboolean
write_erased (FlashJob *self, GError **error)
{
  FgSectors *sectors = &self->sectors;

  enter (self, FG_PHASE_WRITE, fg_sectors_count (sectors, FG_SECTOR_ERASED));
  for (guint i = 0; i < sectors->list->len;) {
    guint run = fg_sectors_run (sectors, i, FG_SECTOR_ERASED, G_MAXUINT);
    guint n = 0;

    while (n < run && !fg_sector_is_blank (fg_sectors_at (sectors, i + n)))
      n++;
    if (n > 0 && !write_run (self, i, n, error))
      return FALSE;
    if (n == 0 && run > 0) { /* what shall be blank is blank */
      fg_sectors_mark (sectors, i, 1, FG_SECTOR_WRITTEN);
      advance (self, fg_sectors_at (sectors, i)->address, 1);
    }
    i += MAX (n, 1);
  }
  return TRUE;
}

/* *@wrong: how many sectors do not hold what they should; they are planned again. */
static gboolean
verify_written (FlashJob *self, guint *wrong, guint32 *address, GError **error)
{
  FgSectors *sectors = &self->sectors;

  *wrong = 0;
  enter (self, FG_PHASE_VERIFY, fg_sectors_count (sectors, FG_SECTOR_WRITTEN));
  for (guint i = 0; i < sectors->list->len; i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);
    gint64 difference;

    if (sector->state != FG_SECTOR_WRITTEN)
      continue;
    if (!fg_session_compare (self->session, sector->address, sector->data, FALSE, &difference,
                             error))
      return FALSE;
    fg_sectors_mark (sectors, i, 1, difference < 0 ? FG_SECTOR_VERIFIED : FG_SECTOR_FAILED);
    if (difference >= 0 && (*wrong)++ == 0)
      *address = sector->address + (guint32) difference;
    advance (self, sector->address, 1);
  }
  for (guint i = 0; i<sectors->list->len && * wrong> 0; i++)
    if (fg_sectors_at (sectors, i)->state == FG_SECTOR_FAILED)
      fg_sectors_at (sectors, i)->state = FG_SECTOR_PLANNED;
  return TRUE;
}

/* Erase, write, read back; what is wrong then is erased and written again, twice at most. */
static gboolean
write_until_right (FlashJob *self, GError **error)
{
  guint32 address = 0;
  guint wrong = 0;

  if (fg_sectors_count (&self->sectors, FG_SECTOR_UNCHANGED) == self->sectors.list->len)
    return TRUE;
  for (guint round = 0; round <= REPAIR_ROUNDS; round++) {
    if (!fg_session_unlock (self->session, error)
        || !fg_erase_planned (self->session, &self->sectors, error) || !write_erased (self, error))
      return FALSE;
    if (!self->session->job->verify)
      return TRUE;
    if (!verify_written (self, &wrong, &address, error))
      return FALSE;
    if (wrong == 0)
      return TRUE;
    fg_report_log (self->session->reporter, FG_LOG_WARNING,
                   "%u sectors are wrong, the first at 0x%X", wrong, address);
  }
  g_set_error (
      error, FG_ERROR, FG_ERROR_VERIFY,
      "the flash does not hold what was written at 0x%X (%u sectors are wrong): it is worn "
      "out, write-protected or badly powered",
      address, wrong);
  return FALSE;
}

static void
fill_result (FlashJob *self, const FgPlan *plan, FgResult *result)
{
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    FgRegionResult entry = { region->offset, region->length, 0, 0, TRUE };

    for (guint k = 0; k < self->sectors.list->len; k++) {
      const FgSector *sector = fg_sectors_at (&self->sectors, k);

      if (sector->region != i)
        continue;
      if (sector->state == FG_SECTOR_UNCHANGED)
        entry.skipped += FG_SECTOR_SIZE;
      else
        entry.written += FG_SECTOR_SIZE;
      entry.verified &= sector->state == FG_SECTOR_UNCHANGED || sector->state == FG_SECTOR_VERIFIED;
    }
    g_array_append_val (result->regions, entry);
  }
}

static FgPlan *
make_plan (FgSession *session, GError **error)
{
  FgPlan *plan = fg_plan_new (session->job, session->board, error);

  for (guint i = 0; plan != NULL && i < plan->warnings->len; i++)
    fg_report_log (session->reporter, FG_LOG_WARNING, "%s", (char *) plan->warnings->pdata[i]);
  if (plan != NULL)
    session->meter.now.sectors_total = fg_plan_sectors (plan);
  return plan;
}

static gboolean
flash_planned (FlashJob *self, guint32 flash_size, GError **error)
{
  const FgJob *job = self->session->job;

  expect_work (self);
  if (job->erase_all) {
    if (!fg_session_unlock (self->session, error)
        || !fg_erase_range (self->session, 0, flash_size, error))
      return FALSE;
    for (guint i = 0; i < self->sectors.list->len; i++)
      fg_sectors_at (&self->sectors, i)->state = FG_SECTOR_ERASED;
  } else if (!job->write_all && !compare_all (self, error))
    return FALSE;
  expect_work (self);
  return write_until_right (self, error);
}

/**
 * fg_flash_job_run:
 * @session: connected, at its rate
 * @result: regions are filled in
 *
 * Phases compare, erase, write and verify.
 *
 * Returns: %FALSE with an error of fg_plan_new(), %FG_ERROR_ERASE, %FG_ERROR_VERIFY or an error of
 * the loader set
 */
gboolean
fg_flash_job_run (FgSession *session, FgResult *result, GError **error)
{
  FlashJob self = { .session = session };
  g_autoptr (FgPlan) plan = NULL;
  guint32 flash_size;
  gboolean ok;

  if (!fg_session_need_flash_size (session, &flash_size, error))
    return FALSE;
  plan = make_plan (session, error);
  if (plan == NULL)
    return FALSE;
  fg_sectors_init (&self.sectors, plan, session->reporter);
  ok = flash_planned (&self, flash_size, error);
  if (ok)
    fill_result (&self, plan, result);
  fg_sectors_clear (&self.sectors);
  return ok;
}

/**
 * fg_verify_job_run:
 *
 * Compares the flash with what a flash job would have written; stops at the first difference.
 *
 * Returns: %FALSE with %FG_ERROR_VERIFY and the address, or another error, set
 */
gboolean
fg_verify_job_run (FgSession *session, FgResult *result, GError **error)
{
  FlashJob self = { .session = session };
  g_autoptr (FgPlan) plan = make_plan (session, error);
  gint64 difference = -1;

  if (plan == NULL)
    return FALSE;
  fg_sectors_init (&self.sectors, plan, session->reporter);
  fg_meter_expect (&session->meter, FG_PHASE_VERIFY,
                   (double) self.sectors.list->len * FG_SECTOR_SIZE
                       / fg_session_read_rate (session));
  enter (&self, FG_PHASE_VERIFY, self.sectors.list->len);
  for (guint i = 0; i < self.sectors.list->len && difference < 0; i++) {
    const FgSector *sector = fg_sectors_at (&self.sectors, i);

    if (!fg_session_compare (session, sector->address, sector->data, FALSE, &difference, error)) {
      fg_sectors_clear (&self.sectors);
      return FALSE;
    }
    fg_sectors_mark (&self.sectors, i, 1, difference < 0 ? FG_SECTOR_VERIFIED : FG_SECTOR_FAILED);
    if (difference >= 0)
      g_set_error (error, FG_ERROR, FG_ERROR_VERIFY, "the flash differs from %s, first at 0x%X",
                   ((FgPlanRegion *) plan->regions->pdata[sector->region])->name,
                   sector->address + (guint32) difference);
    advance (&self, sector->address, 1);
  }
  if (difference < 0)
    fill_result (&self, plan, result);
  fg_sectors_clear (&self.sectors);
  return difference < 0;
}
