/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-pace.h"

void
fg_sim_pace_init (FgSimPace *self, gint64 (*get_real) (void))
{
  *self = (FgSimPace){ .get_real = get_real, .now = get_real () };
}

/** fg_sim_pace_begin: the board is to be simulated up to @target; @now follows it. */
FgSimPaceRound
fg_sim_pace_begin (const FgSimPace *self)
{
  gint64 real = self->get_real ();

  return (FgSimPaceRound){ real, self->now, MAX (real - self->slip, self->now) };
}

static gboolean
is_slow (const FgSimPace *self, const FgSimPaceRound *round, gint64 real)
{
  gint64 spent = real - round->real_begin;

  return spent > FG_SIM_PACE_LAG_MIN && spent > self->now - round->begin;
}

/**
 * fg_sim_pace_is_slow:
 *
 * Returns: whether the round has taken long and more time than it has simulated: then the rest is
 *   better left, so that the caller can look at what came of it
 */
gboolean
fg_sim_pace_is_slow (const FgSimPace *self, const FgSimPaceRound *round)
{
  return is_slow (self, round, self->get_real ());
}

/** fg_sim_pace_end: lets the clock slip by what could not be made up. */
void
fg_sim_pace_end (FgSimPace *self, const FgSimPaceRound *round)
{
  gint64 real = self->get_real (), lag = real - self->slip - self->now;
  gint64 allowed = CLAMP (round->target - round->begin, FG_SIM_PACE_LAG_MIN, FG_SIM_PACE_LAG_MAX);

  if (is_slow (self, round, real))
    self->slip += MAX (lag - allowed, 0);
}

/** fg_sim_pace_to_real: @time: the board's. Returns: the real clock's; %G_MAXINT64 for itself */
gint64
fg_sim_pace_to_real (const FgSimPace *self, gint64 time)
{
  return time == G_MAXINT64 ? G_MAXINT64 : time + self->slip;
}
