/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-faults.h"

#define CORRUPTION 0x55

static gboolean
is_mute (const FgSimFaults *self)
{
  for (guint i = 0; i < self->spec->faults->len; i++) {
    const FgSimFault *fault = &g_array_index (self->spec->faults, FgSimFault, i);

    if (fault->kind == FG_SIM_FAULT_MUTE && self->counts[FG_SIM_TO_BOARD] >= fault->value)
      return TRUE;
  }
  return FALSE;
}

/**
 * fg_sim_faults_strike:
 * @byte: (inout): may be changed
 *
 * To be called once for each byte, in order.
 */
FgSimByteFate
fg_sim_faults_strike (FgSimFaults *self, FgSimDirection direction, guint8 *byte)
{
  gboolean rx = direction == FG_SIM_TO_BOARD;
  guint64 count = ++self->counts[direction];
  FgSimByteFate fate = FG_SIM_BYTE_PASSES;

  for (guint i = 0; i < self->spec->faults->len; i++) {
    const FgSimFault *fault = &g_array_index (self->spec->faults, FgSimFault, i);

    if (fault->value != count)
      continue;
    if (fault->kind == (rx ? FG_SIM_FAULT_CORRUPT_RX : FG_SIM_FAULT_CORRUPT_TX))
      *byte ^= CORRUPTION;
    else if (fault->kind == (rx ? FG_SIM_FAULT_DROP_RX : FG_SIM_FAULT_DROP_TX))
      fate = FG_SIM_BYTE_LOST;
    else if (fault->kind == (rx ? FG_SIM_FAULT_UNPLUG_RX : FG_SIM_FAULT_UNPLUG_TX))
      return FG_SIM_BYTE_UNPLUGS;
  }
  if (!rx && is_mute (self))
    fate = FG_SIM_BYTE_LOST;
  return fate;
}
