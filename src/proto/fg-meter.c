/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-meter.h"

/* A window cannot show more, and the main thread has better things to do. */
#define REPORT_INTERVAL_US 50000
/* Less than this says nothing about the speed. */
#define MEASURE_MIN_S 0.2
#define MEASURE_MIN_SHARE 0.02

/** fg_meter_init: starts the clock. @reporter: (unowned) (nullable) */
void
fg_meter_init (FgMeter *self, const FgReporter *reporter)
{
  *self = (FgMeter){ .reporter = reporter, .scale = 1.0 };
  self->start_us = self->phase_us = g_get_monotonic_time ();
  self->now.eta = -1;
}

/** fg_meter_expect: @seconds: what @phase will take, 0 when it will not happen */
void
fg_meter_expect (FgMeter *self, FgPhase phase, double seconds)
{
  self->expected[phase] = seconds;
}

static double
phase_seconds (const FgMeter *self)
{
  return (double) (g_get_monotonic_time () - self->phase_us) / G_USEC_PER_SEC;
}

static double
share_done (const FgMeter *self)
{
  const FgProgress *now = &self->now;

  return now->total > 0 ? (double) MIN (now->done, now->total) / (double) now->total : 0;
}

static void
measure (FgMeter *self)
{
  FgProgress *now = &self->now;
  double spent = phase_seconds (self);
  double share = share_done (self);
  double expected = self->expected[now->phase] * share;

  if (now->phase == FG_PHASE_CONNECT || spent <= 0 || now->done == 0)
    return;
  now->rate = (double) now->done / spent;
  if (spent >= MEASURE_MIN_S && share >= MEASURE_MIN_SHARE && expected > 0)
    self->scale = CLAMP (spent / expected, 0.01, 100.0);
}

/* What the job will do is only known after FG_PHASE_PREPARE: until then a share would be too large,
 * and stay so, because the fraction never goes back. */
static gboolean
is_planned (const FgMeter *self)
{
  return self->now.phase > FG_PHASE_PREPARE;
}

static double
expected_after (const FgMeter *self)
{
  double seconds = 0;

  for (guint phase = self->now.phase + 1; phase < FG_N_PHASES; phase++)
    seconds += self->expected[phase];
  return seconds;
}

static void
estimate (FgMeter *self)
{
  double share = share_done (self);
  double here = self->expected[self->now.phase] * (1 - share);
  double left = (here + expected_after (self)) * self->scale;

  self->now.fraction = self->from + (self->to - self->from) * share;
  self->now.eta = is_planned (self) && left > 0 ? left : -1;
}

/* What the job will do is only known after FG_PHASE_PREPARE: until then a share would be too large,
 * and stay so, because the fraction never goes back. */
static void
plan_phase (FgMeter *self)
{
  double here = self->expected[self->now.phase];
  double left = here + expected_after (self);

  self->from = self->to = self->now.fraction;
  if (is_planned (self) && left > 0)
    self->to = self->from + (1 - self->from) * here / left;
}

static void
report (FgMeter *self)
{
  self->reported_us = g_get_monotonic_time ();
  if (self->reporter != NULL && self->reporter->progress != NULL)
    self->reporter->progress (&self->now, self->reporter->data);
}

static void
leave (FgMeter *self)
{
  self->seconds[self->now.phase] += phase_seconds (self);
}

/**
 * fg_meter_enter:
 * @total: bytes this phase will do; 0: not known
 *
 * A phase may be entered again: its time adds up.
 */
void
fg_meter_enter (FgMeter *self, FgPhase phase, guint64 total)
{
  leave (self);
  self->phase_us = g_get_monotonic_time ();
  self->now.phase = phase;
  self->now.done = 0;
  self->now.total = total;
  self->now.rate = 0;
  plan_phase (self);
  estimate (self);
  report (self);
}

/** fg_meter_update: @done: bytes of this phase; @address: where the chip is now */
void
fg_meter_update (FgMeter *self, guint64 done, guint32 address)
{
  self->now.done = done;
  self->now.address = address;
  measure (self);
  if (g_get_monotonic_time () - self->reported_us < REPORT_INTERVAL_US && done != self->now.total)
    return;
  estimate (self);
  report (self);
}

/** fg_meter_advance: @bytes more of this phase; @address: where the chip is now */
void
fg_meter_advance (FgMeter *self, guint64 bytes, guint32 address)
{
  fg_meter_update (self, self->now.done + bytes, address);
}

/** fg_meter_finish: the job is done, and well. */
void
fg_meter_finish (FgMeter *self)
{
  leave (self);
  self->phase_us = g_get_monotonic_time ();
  self->now.fraction = 1;
  self->now.eta = 0;
  report (self);
}

/** fg_meter_total_seconds: since fg_meter_init() */
double
fg_meter_total_seconds (const FgMeter *self)
{
  return (double) (g_get_monotonic_time () - self->start_us) / G_USEC_PER_SEC;
}
