/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-faults.h"

#define CORRUPTION 0x55
#define RATE_TOLERANCE 1.02 /* of dividers that meet no rate exactly */

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

/* Numbers that look like chance: splitmix64 by Sebastiano Vigna, in the public domain. */
static guint64
scatter (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static void
strike_program (FgSimFaults *self, FgSimDirection direction, guint8 *byte)
{
  gboolean rx = direction == FG_SIM_TO_BOARD;
  guint64 count = ++self->in_program_counts[direction], chance;

  for (guint i = 0; i < self->spec->faults->len; i++) {
    const FgSimFault *fault = &g_array_index (self->spec->faults, FgSimFault, i);

    if (fault->value == count && self->programs == 1
        && fault->kind == (rx ? FG_SIM_FAULT_PROGRAM_CORRUPT_RX : FG_SIM_FAULT_PROGRAM_CORRUPT_TX))
      *byte ^= CORRUPTION;
  }
  chance = scatter (self->counts[direction] * 2 + direction); /* the next program has other luck */
  if (self->spec->noise != 0 && chance % self->spec->noise == 0)
    *byte ^= (guint8) (1u << (chance >> 61));
}

/* Whether the program that runs has been given its last byte. */
static gboolean
is_dead (const FgSimFaults *self)
{
  guint64 count = self->in_program_counts[FG_SIM_TO_BOARD];

  for (guint i = 0; i < self->spec->faults->len && self->in_program; i++) {
    const FgSimFault *fault = &g_array_index (self->spec->faults, FgSimFault, i);

    if (count >= fault->value
        && (fault->kind == FG_SIM_FAULT_PROGRAM_DIES_ALWAYS
            || (fault->kind == FG_SIM_FAULT_PROGRAM_DIES && self->programs == 1)))
      return TRUE;
  }
  return FALSE;
}

/**
 * fg_sim_faults_follow_program:
 * @in_program: whether the chip is at a program in RAM now
 *
 * To be called whenever that may have changed.
 */
void
fg_sim_faults_follow_program (FgSimFaults *self, gboolean in_program)
{
  if (in_program && !self->in_program) {
    self->programs++;
    self->in_program_counts[FG_SIM_TO_BOARD] = self->in_program_counts[FG_SIM_TO_HOST] = 0;
  }
  self->in_program = in_program;
  self->program_dies = is_dead (self);
}

/**
 * fg_sim_faults_strike:
 * @baud: the rate at which it travels
 * @byte: (inout): may be changed
 *
 * To be called once for each byte, in order.
 */
FgSimByteFate
fg_sim_faults_strike (FgSimFaults *self, FgSimDirection direction, double baud, guint8 *byte)
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
  if (self->spec->max_baud != 0 && baud > self->spec->max_baud * RATE_TOLERANCE)
    *byte ^= (guint8) (scatter (count) | 1);
  if (self->program_dies && rx)
    return FG_SIM_BYTE_LOST;
  if (self->in_program)
    strike_program (self, direction, byte);
  self->program_dies = is_dead (self);
  return fate;
}
