/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Turns work into progress: which phase, how far, how fast, how long still. A phase weighs what it
 * is expected to take; what was measured in this run corrects what is still to come. The fraction
 * never goes back. One worker owns it.
 */

#include "fg-progress.h"

G_BEGIN_DECLS

typedef struct {
  const FgReporter *reporter; /* (unowned) (nullable) */
  FgProgress now;
  double expected[FG_N_PHASES]; /* seconds each phase is expected to take */
  double seconds[FG_N_PHASES];  /* seconds each phase has taken */
  double from, to;              /* the fractions at which this phase begins and will end */
  double scale;                 /* measured time of work over its expected time */
  gint64 start_us;              /* monotonic: of the job */
  gint64 phase_us;              /* monotonic: of the phase */
  gint64 reported_us;
} FgMeter;

void fg_meter_init (FgMeter *self, const FgReporter *reporter);
void fg_meter_expect (FgMeter *self, FgPhase phase, double seconds);
void fg_meter_enter (FgMeter *self, FgPhase phase, guint64 total);
void fg_meter_update (FgMeter *self, guint64 done, guint32 address);
void fg_meter_advance (FgMeter *self, guint64 bytes, guint32 address);
void fg_meter_finish (FgMeter *self);
double fg_meter_total_seconds (const FgMeter *self);

G_END_DECLS
