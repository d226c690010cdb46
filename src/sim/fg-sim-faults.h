/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Faults that strike a byte on its way. Each strikes once: the same bytes give the same faults. */

#include "fg-sim-spec.h"

G_BEGIN_DECLS

typedef enum { FG_SIM_TO_BOARD, FG_SIM_TO_HOST } FgSimDirection;

typedef enum {
  FG_SIM_BYTE_PASSES,
  FG_SIM_BYTE_LOST,
  FG_SIM_BYTE_UNPLUGS, /* the byte is lost, and with it everything */
} FgSimByteFate;

typedef struct {
  const FgSimSpec *spec; /* (unowned) */
  guint64 counts[2];     /* bytes since the board was made, by direction */
} FgSimFaults;

FgSimByteFate fg_sim_faults_strike (FgSimFaults *self, FgSimDirection direction, guint8 *byte);

G_END_DECLS
