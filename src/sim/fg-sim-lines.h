/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What DTR and RTS do to a board: through the usual circuit, or through the chip's own USB port. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_SIM_LINES_NOTHING,
  FG_SIM_LINES_EN_FALLS,
  FG_SIM_LINES_EN_RISES,
  FG_SIM_LINES_RESET, /* at once */
} FgSimLinesEvent;

typedef struct {
  gboolean on_usb; /* the chip reads the lines itself */
  gboolean dtr, rts;
  gboolean download; /* on USB: what they have asked for */
} FgSimLines;

FgSimLinesEvent fg_sim_lines_set (FgSimLines *self, gboolean dtr, gboolean rts);
void fg_sim_lines_release (FgSimLines *self);
gboolean fg_sim_lines_want_loader (const FgSimLines *self);

G_END_DECLS
