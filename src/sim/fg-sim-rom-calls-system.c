/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the chip as a whole: reset, time, watchdog, cache. */
#include "fg-sim-registers.h"
#include "fg-sim-rom-calls-list.h"

#define ADDR_RESET_CAUSE 0x60000714u
#define CACHE_ENABLE 0x100u
#define CACHE_ODD 0x2000000u
#define CACHE_PAIR_SHIFT 16

/* Registers of the watchdog; see fg-sim-timers. */
#define ADDR_WATCHDOG 0x60000900u
#define WATCHDOG_RUN 0x39u
/* ets_wdt_enable(2, 3, 3) gives stages of 1.68 s, 2^11 of its units (wdt.c of pvvx's SDK). */
#define WATCHDOG_EXPONENT(x) ((x) + 8)

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

FgSimCallResult
fg_sim_rom_call_get_compare (FgSimRomCalls *self)
{
  self->cpu->a[2] = self->cpu->sr[FG_SIM_SR_CCOMPARE];
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_set_compare (FgSimRomCalls *self)
{
  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_CCOMPARE, self->cpu->a[3]);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_get_reset_cause (FgSimRomCalls *self)
{
  return fg_sim_cpu_load (self->cpu, ADDR_RESET_CAUSE, 4, &self->cpu->a[2]) ? FG_SIM_CALL_RETURN
                                                                            : FG_SIM_CALL_GONE;
}

FgSimCallResult
fg_sim_rom_call_enable_watchdog (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;

  fg_sim_cpu_store (self->cpu, ADDR_WATCHDOG + 4, 4, WATCHDOG_EXPONENT (a[3]));
  fg_sim_cpu_store (self->cpu, ADDR_WATCHDOG + 8, 4, WATCHDOG_EXPONENT (a[4]));
  fg_sim_cpu_store (self->cpu, ADDR_WATCHDOG, 4, WATCHDOG_RUN);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_disable_watchdog (FgSimRomCalls *self)
{
  fg_sim_cpu_store (self->cpu, ADDR_WATCHDOG, 4, 0);
  return FG_SIM_CALL_RETURN;
}

/* Shows a megabyte of the flash at 0x40200000: an even or an odd one of a pair. */
FgSimCallResult
fg_sim_rom_call_enable_cache (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  guint32 odd = (a[2] & 0xff) != 0 ? CACHE_ODD : 0;

  fg_sim_cpu_store (self->cpu, FG_SIM_CACHE_CONTROL, 4,
                    CACHE_ENABLE | odd | (a[3] & 7) << CACHE_PAIR_SHIFT);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_disable_cache (FgSimRomCalls *self)
{
  fg_sim_cpu_store (self->cpu, FG_SIM_CACHE_CONTROL, 4, 0);
  return FG_SIM_CALL_RETURN;
}
