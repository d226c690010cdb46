/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What time it is for a board that somebody uses in real time. */

#include "fg-sim-board-private.h"

/* How far it goes at once: less than it may be behind. */
#define STEP_US 1000

/**
 * fg_sim_board_now:
 *
 * Lets happen what is due in real time, as far as this machine can keep up.
 *
 * Returns: the time to call the board with; never going back. fg_sim_board_to_real() says how it
 *   compares to g_get_monotonic_time(); without timing they are the same
 */
gint64
fg_sim_board_now (FgSimBoard *self)
{
  FgSimPace *pace = &self->pace;
  FgSimPaceRound round = fg_sim_pace_begin (pace);
  gint64 next;

  if (!self->spec->datasheet || !self->powered) {
    pace->now = round.target;
    return pace->now;
  }
  pace->now = MAX (pace->now, round.target - FG_SIM_CATCH_UP_NS / FG_SIM_NS_PER_US);
  round.begin = pace->now;
  next = fg_sim_board_next_event (self, pace->now);
  do { /* at least one step: it never stands still */
    pace->now = MIN (MAX (next, pace->now + STEP_US), round.target);
    next = fg_sim_board_next_event (self, pace->now);
  } while (pace->now < round.target && !fg_sim_pace_is_slow (pace, &round));
  fg_sim_pace_end (pace, &round);
  return pace->now;
}

/** fg_sim_board_to_real: Returns: g_get_monotonic_time() when @board_us will be its time */
gint64
fg_sim_board_to_real (const FgSimBoard *self, gint64 board_us)
{
  return fg_sim_pace_to_real (&self->pace, board_us);
}

/** fg_sim_board_set_real_clock: for tests: what is asked instead of g_get_monotonic_time() */
void
fg_sim_board_set_real_clock (FgSimBoard *self, gint64 (*get_real_us) (void))
{
  fg_sim_pace_init (&self->pace, get_real_us);
}
