/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Runs a board in real time between a port, a control socket and signals. */

#include "fg-sim-control.h"
#include "fg-sim-port.h"

G_BEGIN_DECLS

typedef struct {
  FgSimBoard *board;     /* (unowned) */
  FgSimPort *port;       /* (unowned) plugged */
  FgSimControl *control; /* (unowned) (nullable) */
  int quit_fd;           /* readable: end */
  gboolean fresh_start;  /* each client finds the board as after power-on */
} FgSimDriver;

gboolean fg_sim_driver_run (FgSimDriver *self, GError **error);

G_END_DECLS
