/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic that the LX106 has no instructions for. */
#include "fg-sim-rom-calls-list.h"

/* Counted in the loops of the ROM's listing. */
#define CYCLES_DIVISION 30
#define CYCLES_DIVISION_64 100

/* Returns FALSE when the divisor is zero: the program hangs. */
static gboolean
may_divide (FgSimRomCalls *self, guint64 divisor, guint cycles)
{
  self->cpu->cycles += cycles;
  if (divisor == 0)
    fg_sim_rom_calls_hang (self, "divides by zero, called from 0x%08x", self->cpu->a[0]);
  return divisor != 0;
}

FgSimCallResult
fg_sim_rom_call_divide (FgSimRomCalls *self)
{
  gint32 dividend = (gint32) self->cpu->a[2], divisor = (gint32) self->cpu->a[3];

  if (!may_divide (self, self->cpu->a[3], CYCLES_DIVISION))
    return FG_SIM_CALL_GONE;
  self->cpu->a[2] = (guint32) ((gint64) dividend / divisor);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_divide_unsigned (FgSimRomCalls *self)
{
  guint32 *a = self->cpu->a;

  if (!may_divide (self, a[3], CYCLES_DIVISION))
    return FG_SIM_CALL_GONE;
  a[2] /= a[3];
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_remainder_unsigned (FgSimRomCalls *self)
{
  guint32 *a = self->cpu->a;

  if (!may_divide (self, a[3], CYCLES_DIVISION))
    return FG_SIM_CALL_GONE;
  a[2] %= a[3];
  return FG_SIM_CALL_RETURN;
}

/* Two registers make a number of 64 bits, the lower half first. */
static guint64
get_pair (const FgSimRomCalls *self, guint first)
{
  return (guint64) self->cpu->a[first + 1] << 32 | self->cpu->a[first];
}

static FgSimCallResult
return_pair (FgSimRomCalls *self, guint64 value)
{
  self->cpu->a[2] = (guint32) value;
  self->cpu->a[3] = (guint32) (value >> 32);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_divide_unsigned_64 (FgSimRomCalls *self)
{
  if (!may_divide (self, get_pair (self, 4), CYCLES_DIVISION_64))
    return FG_SIM_CALL_GONE;
  return return_pair (self, get_pair (self, 2) / get_pair (self, 4));
}

FgSimCallResult
fg_sim_rom_call_divide_64 (FgSimRomCalls *self)
{
  gint64 dividend = (gint64) get_pair (self, 2), divisor = (gint64) get_pair (self, 4);

  if (!may_divide (self, get_pair (self, 4), CYCLES_DIVISION_64))
    return FG_SIM_CALL_GONE;
  /* the one quotient that does not fit */
  if (divisor == -1)
    return return_pair (self, -(guint64) dividend);
  return return_pair (self, (guint64) (dividend / divisor));
}

FgSimCallResult
fg_sim_rom_call_remainder_unsigned_64 (FgSimRomCalls *self)
{
  if (!may_divide (self, get_pair (self, 4), CYCLES_DIVISION_64))
    return FG_SIM_CALL_GONE;
  return return_pair (self, get_pair (self, 2) % get_pair (self, 4));
}

FgSimCallResult
fg_sim_rom_call_multiply_64 (FgSimRomCalls *self)
{
  return return_pair (self, get_pair (self, 2) * get_pair (self, 4));
}

FgSimCallResult
fg_sim_rom_call_multiply_wide (FgSimRomCalls *self)
{
  return return_pair (self, (guint64) self->cpu->a[2] * self->cpu->a[3]);
}
