/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The board's state, shared by what drives it and by what tells about it. */

#include "fg-sim-board.h"
#include "fg-sim-chip.h"
#include "fg-sim-lane.h"
#include "fg-sim-lines.h"
#include "fg-sim-pace.h"

G_BEGIN_DECLS

#define FG_SIM_NS_PER_US 1000
/* Longer than anything the board does by itself. A program that prints for hours while nobody looks
 * need not be replayed. */
#define FG_SIM_CATCH_UP_NS (60 * G_GINT64_CONSTANT (1000000000))

struct _FgSimBoard {
  FgSimSpec *spec; /* (owned) */
  FgSimChip *chip; /* (owned) */
  FgSimFaults faults;
  FgSimLane rx, tx; /* as the board sees it: rx comes from the host */
  FgSimQueue to_host;
  GByteArray *scratch; /* (owned) */
  guint host_baud;     /* 0: the chip's */
  gboolean powered;
  gboolean unplugged;
  FgSimLines lines;
  gint64 time_ns;
  gint64 en_rises_ns; /* when EN is high again; G_MAXINT64: no change under way */
  gint64 back_ns;     /* when the chip's own USB port is there again after a reset */
  guint resets;       /* of the chip, as far as they have been noticed */
  gint64 press_ns;    /* when somebody presses the buttons; G_MAXINT64: nobody */
  FgSimPace pace;     /* for those who use it in real time */
};

gboolean fg_sim_board_is_gone (const FgSimBoard *self);
double fg_sim_board_get_line_baud (const FgSimBoard *self);

G_END_DECLS
