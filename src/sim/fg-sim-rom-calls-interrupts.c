/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ROM does about interrupts and exceptions. */
#include "fg-sim-rom-calls-list.h"

#define CYCLES_HANDLER 120         /* saving the registers and finding the handler; estimated */
#define LEVEL_INTERRUPTS (1u << 5) /* the UART holds its line until it is served */

/* Where XTOS keeps what was going on, from the stack pointer of a handler on. */
#define FRAME_PC 0
#define FRAME_PS 4
#define FRAME_SAR 8
#define FRAME_A0 16
#define FRAME_A2 20
#define FRAME_A1 80
#define FRAME_SIZE 256

static void
set_level (FgSimRomCalls *self, guint32 level)
{
  guint32 ps = self->cpu->sr[FG_SIM_SR_PS] & ~FG_SIM_PS_INTLEVEL;

  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_PS, ps | level);
}

/* Calls a handler with what is going on saved on the program's stack, in XTOS's order, and in the
 * word after it the stack pointer. */
static void
enter_handler (FgSimRomCalls *self, guint32 code, const guint32 *argument, guint32 cause)
{
  FgSimCpu *cpu = self->cpu;
  guint32 frame = (cpu->a[1] - FRAME_SIZE) & ~15u;

  if (fg_sim_rom_calls_memory (self, frame, FRAME_SIZE) == NULL)
    return;
  fg_sim_cpu_store (cpu, frame + FRAME_PC, 4, cpu->pc);
  fg_sim_cpu_store (cpu, frame + FRAME_PS, 4, cpu->sr[FG_SIM_SR_PS]);
  fg_sim_cpu_store (cpu, frame + FRAME_SAR, 4, cpu->sr[FG_SIM_SR_SAR]);
  fg_sim_cpu_store (cpu, frame + FRAME_A0, 4, cpu->a[0]);
  for (guint i = 2; i < G_N_ELEMENTS (cpu->a); i++)
    fg_sim_cpu_store (cpu, frame + FRAME_A2 + 4 * (i - 2), 4, cpu->a[i]);
  fg_sim_cpu_store (cpu, frame + FRAME_A1, 4, cpu->a[1]);
  cpu->a[0] = FG_SIM_ROM_RETURN_FROM_HANDLER;
  cpu->a[1] = frame;
  /* an interrupt's handler gets what it was attached with, an exception's the frame */
  cpu->a[2] = argument != NULL ? *argument : frame;
  cpu->a[3] = argument != NULL ? frame : cause;
  cpu->pc = code;
  cpu->cycles += CYCLES_HANDLER;
  set_level (self, 1);
}

FgSimCallResult
fg_sim_rom_call_return_from_handler (FgSimRomCalls *self)
{
  FgSimCpu *cpu = self->cpu;
  guint32 frame = cpu->a[1], ps = 0;

  if (fg_sim_rom_calls_memory (self, frame, FRAME_SIZE) == NULL)
    return FG_SIM_CALL_GONE;
  fg_sim_cpu_load (cpu, frame + FRAME_PC, 4, &cpu->pc);
  fg_sim_cpu_load (cpu, frame + FRAME_PS, 4, &ps);
  fg_sim_cpu_load (cpu, frame + FRAME_SAR, 4, &cpu->sr[FG_SIM_SR_SAR]);
  fg_sim_cpu_load (cpu, frame + FRAME_A0, 4, &cpu->a[0]);
  for (guint i = 2; i < G_N_ELEMENTS (cpu->a); i++)
    fg_sim_cpu_load (cpu, frame + FRAME_A2 + 4 * (i - 2), 4, &cpu->a[i]);
  fg_sim_cpu_load (cpu, frame + FRAME_A1, 4, &cpu->a[1]);
  fg_sim_cpu_set_special (cpu, FG_SIM_SR_PS, ps);
  cpu->cycles += CYCLES_HANDLER;
  return FG_SIM_CALL_GONE;
}

FgSimCallResult
fg_sim_rom_call_attach_interrupt (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;

  if (a[2] < FG_SIM_INTERRUPTS)
    self->interrupts[a[2]] = (FgSimHandler){ a[3], a[4] };
  return FG_SIM_CALL_RETURN;
}

static void
enable_interrupts (FgSimRomCalls *self, guint32 mask, guint32 bits)
{
  guint32 enabled = self->cpu->sr[FG_SIM_SR_INTENABLE];

  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_INTENABLE, (enabled & ~mask) | bits);
}

/* XTOS's: without an argument of its own the handler gets the number. */
FgSimCallResult
fg_sim_rom_call_set_interrupt_handler (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;

  if (a[2] < FG_SIM_INTERRUPTS)
    self->interrupts[a[2]] = (FgSimHandler){ a[3], a[2] };
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_mask_interrupts (FgSimRomCalls *self)
{
  enable_interrupts (self, self->cpu->a[2], 0);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_unmask_interrupts (FgSimRomCalls *self)
{
  enable_interrupts (self, 0, self->cpu->a[2]);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_get_interrupts (FgSimRomCalls *self)
{
  self->cpu->a[2] = self->cpu->sr[FG_SIM_SR_INTERRUPT];
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_clear_interrupts (FgSimRomCalls *self)
{
  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_INTCLEAR, self->cpu->a[2]);
  return FG_SIM_CALL_RETURN;
}

/* Returns what was enabled before. */
static FgSimCallResult
change_interrupts (FgSimRomCalls *self, guint32 mask, guint32 bits)
{
  guint32 old = self->cpu->sr[FG_SIM_SR_INTENABLE];

  enable_interrupts (self, mask, bits);
  self->cpu->a[2] = old;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_interrupts_on (FgSimRomCalls *self)
{
  return change_interrupts (self, 0, self->cpu->a[2]);
}

FgSimCallResult
fg_sim_rom_call_interrupts_off (FgSimRomCalls *self)
{
  return change_interrupts (self, self->cpu->a[2], 0);
}

/* Returns PS as it was before. */
static FgSimCallResult
change_level (FgSimRomCalls *self, guint32 level)
{
  guint32 old = self->cpu->sr[FG_SIM_SR_PS];

  set_level (self, level);
  self->cpu->a[2] = old;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_set_level (FgSimRomCalls *self)
{
  return change_level (self, self->cpu->a[2] & FG_SIM_PS_INTLEVEL);
}

FgSimCallResult
fg_sim_rom_call_set_least_level (FgSimRomCalls *self)
{
  guint32 level = self->cpu->sr[FG_SIM_SR_PS] & FG_SIM_PS_INTLEVEL;

  return change_level (self, MAX (level, self->cpu->a[2] & FG_SIM_PS_INTLEVEL));
}

FgSimCallResult
fg_sim_rom_call_restore_level (FgSimRomCalls *self)
{
  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_PS, self->cpu->a[2]);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_lock_interrupts (FgSimRomCalls *self)
{
  set_level (self, FG_SIM_PS_INTLEVEL);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_unlock_interrupts (FgSimRomCalls *self)
{
  set_level (self, 0);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_set_exception_handler (FgSimRomCalls *self)
{
  guint32 *handler = &self->exceptions[self->cpu->a[2] % FG_SIM_CAUSES];
  guint32 old = *handler;

  *handler = self->cpu->a[3];
  self->cpu->a[2] = old;
  return FG_SIM_CALL_RETURN;
}

static void
enter_interrupt (FgSimRomCalls *self)
{
  const guint32 *sr = self->cpu->sr;
  guint number = (guint) __builtin_ctz (sr[FG_SIM_SR_INTERRUPT] & sr[FG_SIM_SR_INTENABLE]);

  fg_sim_cpu_set_special (self->cpu, FG_SIM_SR_INTCLEAR, (1u << number) & ~LEVEL_INTERRUPTS);
  if (number < FG_SIM_INTERRUPTS && self->interrupts[number].code != 0)
    enter_handler (self, self->interrupts[number].code, &self->interrupts[number].argument,
                   FG_SIM_CAUSE_INTERRUPT);
  else
    enable_interrupts (self, 1u << number, 0); /* nobody cares for it */
}

/**
 * fg_sim_rom_calls_exception:
 *
 * What the ROM's vectors do. There are no handlers of exceptions but those that the program
 * provides: without one it hangs.
 *
 * Returns: %FALSE when the program has its own vectors
 */
gboolean
fg_sim_rom_calls_exception (FgSimRomCalls *self, FgSimCause cause, guint32 address)
{
  FgSimCpu *cpu = self->cpu;

  if (cpu->sr[FG_SIM_SR_VECBASE] != FG_SIM_ROM_START)
    return FALSE;
  if (cause == FG_SIM_CAUSE_INTERRUPT)
    enter_interrupt (self);
  else if (self->exceptions[cause] != 0 && self->state == FG_SIM_PROGRAM_RUNS)
    enter_handler (self, self->exceptions[cause], NULL, cause);
  else
    fg_sim_rom_calls_hang (self, "exception %u at 0x%08x, address 0x%08x", (guint) cause, cpu->pc,
                           address);
  return TRUE;
}
