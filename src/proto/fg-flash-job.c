/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-job.h"

#include "fg-engine.h"
#include "fg-error.h"

#define REPAIR_ROUNDS 2
#define RESTART_SECONDS 0.1

typedef struct {
  FgSession *session; /* (unowned) */
  FgSectors sectors;
  gboolean fell_back; /* the engine has changed, and what the last one wrote is not known */
} FlashJob;

static void
expect (FlashJob *self, FgPhase phase, guint sectors)
{
  FgSession *session = self->session;

  fg_meter_expect (&session->meter, phase,
                   session->engine->seconds (session, phase, (double) sectors * FG_SECTOR_SIZE));
}

static void
expect_work (FlashJob *self)
{
  guint planned = fg_sectors_count (&self->sectors, FG_SECTOR_PLANNED);
  guint erased = fg_sectors_count (&self->sectors, FG_SECTOR_ERASED);

  expect (self, FG_PHASE_ERASE, planned);
  expect (self, FG_PHASE_WRITE, planned + erased);
  expect (self, FG_PHASE_VERIFY, self->session->job->verify ? planned + erased : 0);
  fg_meter_expect (&self->session->meter, FG_PHASE_RESTART, RESTART_SECONDS);
}

static void
enter (FlashJob *self, FgPhase phase, guint sectors)
{
  fg_meter_enter (&self->session->meter, phase, (guint64) sectors * FG_SECTOR_SIZE);
}

/* Each step goes on from the state of the sectors, whichever engine has brought them there. */
typedef gboolean (*StepFunc) (FlashJob *self, GError **error);

static gboolean
run_step (FlashJob *self, StepFunc step, GError **error)
{
  while (TRUE) {
    GError *failure = NULL;

    if (step (self, &failure))
      return TRUE;
    if (!fg_engine_fall_back (self->session, failure, error))
      return FALSE;
    self->fell_back = TRUE;
    expect_work (self);
  }
}

/* Sectors that are right already need neither writing nor verifying. */
static gboolean
compare_step (FlashJob *self, GError **error)
{
  FgSession *session = self->session;
  guint n = fg_sectors_count (&self->sectors, FG_SECTOR_PLANNED);

  enter (self, FG_PHASE_COMPARE, n);
  return session->engine->compare (session, &self->sectors, error);
}

static gboolean
compare_all (FlashJob *self, GError **error)
{
  const FgSession *session = self->session;
  guint n = self->sectors.list->len;
  guint same;

  /* how much is right already is not known yet: half of it is a guess that costs little */
  expect (self, FG_PHASE_COMPARE, n / 2);
  if (!run_step (self, compare_step, error))
    return FALSE;
  same = fg_sectors_count (&self->sectors, FG_SECTOR_UNCHANGED);
  fg_report_log (session->reporter, FG_LOG_INFO,
                 "%u of %u sectors are already right, %u KB to write", same, n,
                 (n - same) * (FG_SECTOR_SIZE / 1024));
  return TRUE;
}

static gboolean
write_and_verify_step (FlashJob *self, GError **error)
{
  FgSession *session = self->session;
  FgSectors *sectors = &self->sectors;

  if (!session->engine->write (session, sectors, error))
    return FALSE;
  if (!session->job->verify)
    return TRUE;
  enter (self, FG_PHASE_VERIFY, fg_sectors_count (sectors, FG_SECTOR_WRITTEN));
  return session->engine->verify (session, sectors, TRUE, error);
}

/* What an engine has written before it failed need not be written again. */
static gboolean
salvage (FlashJob *self, GError **error)
{
  if (!self->fell_back)
    return TRUE;
  self->sectors.right = FG_SECTOR_VERIFIED;
  if (!compare_step (self, error))
    return FALSE;
  self->fell_back = FALSE;
  return TRUE;
}

/* Those that failed are planned again. */
static guint
plan_failed (FgSectors *sectors)
{
  guint n = 0;

  for (guint i = 0; i < sectors->list->len; i++)
    if (fg_sectors_at (sectors, i)->state == FG_SECTOR_FAILED) {
      fg_sectors_at (sectors, i)->state = FG_SECTOR_PLANNED;
      n++;
    }
  return n;
}

/* Erase, write, read back; what is wrong then is erased and written again, twice at most. */
static gboolean
repair_step (FlashJob *self, GError **error)
{
  FgSectors *sectors = &self->sectors;
  guint wrong = 0;

  if (!salvage (self, error))
    return FALSE;
  for (guint round = 0; round <= REPAIR_ROUNDS; round++) {
    if (!write_and_verify_step (self, error))
      return FALSE;
    wrong = fg_sectors_count (sectors, FG_SECTOR_FAILED);
    if (wrong == 0)
      return TRUE;
    fg_report_log (self->session->reporter, FG_LOG_WARNING,
                   "%u sectors are wrong, the first at 0x%X", wrong, sectors->wrong_at);
    if (round < REPAIR_ROUNDS)
      plan_failed (sectors);
  }
  plan_failed (sectors);
  fg_sectors_set_bad_flash (sectors->wrong_at, wrong, error);
  return FALSE;
}

static gboolean
write_until_right (FlashJob *self, GError **error)
{
  if (fg_sectors_count (&self->sectors, FG_SECTOR_UNCHANGED) == self->sectors.list->len)
    return TRUE;
  return run_step (self, repair_step, error);
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
erase_step (FlashJob *self, GError **error)
{
  FgSession *session = self->session;
  guint32 size;

  return fg_session_need_flash_size (session, &size, error)
         && session->engine->erase (session, 0, size, error);
}

static gboolean
flash_planned (FlashJob *self, GError **error)
{
  const FgJob *job = self->session->job;

  expect_work (self);
  if (job->erase_all) {
    if (!run_step (self, erase_step, error))
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
  if (session->job->erase_all
      && !fg_plan_check_reach (session->job, "the flash to erase", flash_size, error))
    return FALSE;
  plan = make_plan (session, error);
  if (plan == NULL)
    return FALSE;
  fg_sectors_init (&self.sectors, plan, session->reporter);
  ok = flash_planned (&self, error);
  if (ok)
    fill_result (&self, plan, result);
  fg_sectors_clear (&self.sectors);
  return ok;
}

static gboolean
verify_step (FlashJob *self, GError **error)
{
  FgSession *session = self->session;

  enter (self, FG_PHASE_VERIFY, fg_sectors_count (&self->sectors, FG_SECTOR_WRITTEN));
  return session->engine->verify (session, &self->sectors, FALSE, error);
}

/* As if everything had just been written. */
static gboolean
verify_planned (FlashJob *self, GError **error)
{
  FgSectors *sectors = &self->sectors;

  expect (self, FG_PHASE_VERIFY, sectors->list->len);
  for (guint i = 0; i < sectors->list->len; i++)
    fg_sectors_at (sectors, i)->state = FG_SECTOR_WRITTEN;
  if (!run_step (self, verify_step, error))
    return FALSE;
  for (guint i = 0; i < sectors->list->len; i++) {
    const FgSector *sector = fg_sectors_at (sectors, i);
    const FgPlanRegion *region = sectors->plan->regions->pdata[sector->region];

    if (sector->state != FG_SECTOR_FAILED)
      continue;
    g_set_error (error, FG_ERROR, FG_ERROR_VERIFY, "the flash differs from %s, first at 0x%X",
                 region->name, sectors->wrong_at);
    return FALSE;
  }
  return TRUE;
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
  gboolean ok;

  if (plan == NULL)
    return FALSE;
  fg_sectors_init (&self.sectors, plan, session->reporter);
  ok = verify_planned (&self, error);
  if (ok)
    fill_result (&self, plan, result);
  fg_sectors_clear (&self.sectors);
  return ok;
}
