/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Faults that strike a byte on its way. The same bytes give the same faults: each strikes once, and
 * what looks like chance depends on how many bytes there were before. */

#include "fg-sim-spec.h"

G_BEGIN_DECLS

typedef enum { FG_SIM_TO_BOARD, FG_SIM_TO_HOST } FgSimDirection;

typedef enum {
  FG_SIM_BYTE_PASSES,
  FG_SIM_BYTE_LOST,
  FG_SIM_BYTE_UNPLUGS, /* the byte is lost, and with it everything */
} FgSimByteFate;

typedef struct {
  const FgSimSpec *spec;        /* (unowned) */
  guint64 counts[2];            /* bytes since the board was made, by direction */
  gboolean in_program;          /* a program in RAM is at the other end */
  guint programs;               /* how many there have been, with this one */
  guint64 in_program_counts[2]; /* bytes since it was started */
  gboolean program_dies;        /* now; what comes after that byte is lost */
} FgSimFaults;

FgSimByteFate
fg_sim_faults_strike (FgSimFaults *self, FgSimDirection direction, double baud, guint8 *byte);
void fg_sim_faults_follow_program (FgSimFaults *self, gboolean in_program);

G_END_DECLS
