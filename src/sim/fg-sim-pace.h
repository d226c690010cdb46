/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A board's clock against the real one. Where this machine is too slow to simulate a board in real
 * time, the board's clock slips: all that the board measures slows down with it, so that nothing
 * falls behind. Time in which nobody looked at the board does not count: it catches up with that.
 * Times in microseconds. Not thread-safe, as the board.
 */

#include <glib.h>

G_BEGIN_DECLS

/* How far behind the board may be because it had to compute. A hiccup of this length is made up. */
#define FG_SIM_PACE_LAG_MIN 20000
/* How much of what nobody looked at is made up by a board that is too slow at the same time. It
 * fits into the buffer of the host's port at 2 Mbaud. */
#define FG_SIM_PACE_LAG_MAX 100000

typedef struct {
  gint64 (*get_real) (void); /* g_get_monotonic_time(), but in tests */
  gint64 now;                /* the board's clock */
  gint64 slip;               /* how far that is behind the real clock for good */
} FgSimPace;

/* One round of simulating, which should take the board from @begin to @target. */
typedef struct {
  gint64 real_begin, begin, target;
} FgSimPaceRound;

void fg_sim_pace_init (FgSimPace *self, gint64 (*get_real) (void));
FgSimPaceRound fg_sim_pace_begin (const FgSimPace *self);
gboolean fg_sim_pace_is_slow (const FgSimPace *self, const FgSimPaceRound *round);
void fg_sim_pace_end (FgSimPace *self, const FgSimPaceRound *round);
gint64 fg_sim_pace_to_real (const FgSimPace *self, gint64 time);

G_END_DECLS
