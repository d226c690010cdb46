/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the chip as a whole: reset, time, watchdog, cache. */
#include "fg-sim-rom-calls-list.h"

FgSimCallResult
fg_sim_rom_call_start_flash (FgSimRomCalls *self)
{
  self->state = FG_SIM_PROGRAM_STARTS_FLASH;
  self->cpu->stop = TRUE;
  return FG_SIM_CALL_GONE;
}

FgSimCallResult
fg_sim_rom_call_reset_chip (FgSimRomCalls *self)
{
  self->state = FG_SIM_PROGRAM_RESETS;
  self->cpu->stop = TRUE;
  return FG_SIM_CALL_GONE;
}

FgSimCallResult
fg_sim_rom_call_do_nothing (FgSimRomCalls *self)
{
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_delay (FgSimRomCalls *self)
{
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  if (frame == NULL)
    return FG_SIM_CALL_GONE;
  if (is_new)
    frame->until = self->cpu->cycles + (guint64) self->cpu->a[2] * self->ticks_per_us;
  if (self->cpu->cycles < frame->until)
    return fg_sim_rom_calls_sleep (self, frame->until);
  return fg_sim_rom_calls_leave (self, self->cpu->a[2]);
}

FgSimCallResult
fg_sim_rom_call_get_cycle_count (FgSimRomCalls *self)
{
  self->cpu->a[2] = fg_sim_cpu_get_special (self->cpu, FG_SIM_SR_CCOUNT);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_get_frequency (FgSimRomCalls *self)
{
  self->cpu->a[2] = self->ticks_per_us;
  return FG_SIM_CALL_RETURN;
}
