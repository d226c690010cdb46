/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-lines.h"

/* RTS alone. The two-transistor circuit then pulls EN low, and with both lines neither pin. */
static gboolean
asks_for_reset (const FgSimLines *self)
{
  return self->rts && !self->dtr;
}

/**
 * fg_sim_lines_set:
 *
 * A chip's own USB port has no pins to pull: DTR alone asks for the loader, neither line takes that
 * back, RTS alone resets, and both mean nothing. So says the technical reference manual of the
 * ESP32-C3, and so the sequence of PROTOCOL-FACTS 3.2 works.
 */
FgSimLinesEvent
fg_sim_lines_set (FgSimLines *self, gboolean dtr, gboolean rts)
{
  gboolean before = asks_for_reset (self);

  self->dtr = dtr;
  self->rts = rts;
  if (!rts)
    self->download = dtr;
  if (asks_for_reset (self) == before)
    return FG_SIM_LINES_NOTHING;
  if (self->on_usb)
    return before ? FG_SIM_LINES_NOTHING : FG_SIM_LINES_RESET;
  return before ? FG_SIM_LINES_EN_RISES : FG_SIM_LINES_EN_FALLS;
}

/** fg_sim_lines_release: both, as when nobody has the port open; what was asked for stays. */
void
fg_sim_lines_release (FgSimLines *self)
{
  self->dtr = self->rts = FALSE;
}

/** fg_sim_lines_want_loader: Returns: what a chip that leaves reset now finds */
gboolean
fg_sim_lines_want_loader (const FgSimLines *self)
{
  return self->on_usb ? self->download : self->dtr && !self->rts;
}
