/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The processor's cycles on the caller's clock. */

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

G_END_DECLS
