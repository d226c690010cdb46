/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The processor's cycles on the caller's clock, and the bus's ticks in them. */

#include <glib.h>

G_BEGIN_DECLS

#define FG_SIM_CYCLES_NEVER G_MAXUINT64

typedef struct {
  gint64 start_ns; /* when cycle 0 began */
  guint mhz;
} FgSimClock;

/* When this many cycles have passed; %G_MAXINT64 for %FG_SIM_CYCLES_NEVER. */
static inline gint64
fg_sim_clock_to_ns (const FgSimClock *self, guint64 cycles)
{
  if (cycles == FG_SIM_CYCLES_NEVER)
    return G_MAXINT64;
  return self->start_ns + (gint64) (cycles * 1000 / self->mhz);
}

/* The first cycle that does not begin before @ns. */
static inline guint64
fg_sim_clock_to_cycles (const FgSimClock *self, gint64 ns)
{
  if (ns == G_MAXINT64)
    return FG_SIM_CYCLES_NEVER;
  if (ns <= self->start_ns)
    return 0;
  return ((guint64) (ns - self->start_ns) * self->mhz + 999) / 1000;
}

/* The bus's clock stays as it is when the processor's is doubled. */
typedef struct {
  guint64 since_cycle, since_tick; /* that began with it */
  guint cycles;                    /* the processor's in one tick */
} FgSimTicks;

static inline guint64
fg_sim_ticks_at (const FgSimTicks *self, guint64 cycle)
{
  return self->since_tick + (cycle - self->since_cycle) / self->cycles;
}

/* When that tick begins; not before @self->since_cycle; %FG_SIM_CYCLES_NEVER for itself. */
static inline guint64
fg_sim_ticks_to_cycles (const FgSimTicks *self, guint64 tick)
{
  if (tick == FG_SIM_CYCLES_NEVER)
    return tick;
  return self->since_cycle + (tick - MIN (tick, self->since_tick)) * self->cycles;
}

/* From @cycle on a tick is @cycles long. */
static inline void
fg_sim_ticks_change (FgSimTicks *self, guint64 cycle, guint cycles)
{
  self->since_tick = fg_sim_ticks_at (self, cycle);
  self->since_cycle = cycle;
  self->cycles = cycles;
}

G_END_DECLS
