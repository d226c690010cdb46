/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-calls.h"

#include <string.h>

/* The program is called from the ROM's main(), with a stack below the ROM's own variables. */
#define FIRST_STACK 0x3fffff80u

/**
 * fg_sim_rom_calls_run:
 *
 * The processor is at an address without code.
 *
 * Returns: %FALSE when that is not in the ROM
 */
gboolean
fg_sim_rom_calls_run (FgSimRomCalls *self)
{
  FgSimCpu *cpu = self->cpu;
  guint32 pc = cpu->pc;
  const FgSimRomCall *call;

  if (pc - FG_SIM_ROM_START >= FG_SIM_ROM_SIZE)
    return FALSE;
  call = fg_sim_rom_calls_find (pc);
  if (call == NULL)
    fg_sim_rom_calls_hang (self, "calls 0x%08x in the ROM, which has no stand-in", pc);
  else if (call->run (self) == FG_SIM_CALL_RETURN)
    cpu->pc = cpu->a[0];
  return TRUE;
}

/** fg_sim_rom_calls_hang: the program cannot go on; says why. */
void
fg_sim_rom_calls_hang (FgSimRomCalls *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (self->fault);
  self->fault = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->state = FG_SIM_PROGRAM_HANGS;
  self->cpu->stop = TRUE;
}

/**
 * fg_sim_rom_calls_memory:
 *
 * Returns: (nullable): the bytes of RAM at an address that the program gave. %NULL: there are not
 *   as many there, and the program hangs
 */
guint8 *
fg_sim_rom_calls_memory (FgSimRomCalls *self, guint32 address, guint32 len)
{
  guint8 *bytes = fg_sim_cpu_find (self->cpu, address, len);

  if (bytes == NULL)
    fg_sim_rom_calls_hang (self, "gives the ROM function at 0x%08x memory at 0x%08x (%u bytes)",
                           self->cpu->pc, address, len);
  return bytes;
}

/**
 * fg_sim_rom_calls_text:
 *
 * Returns: (transfer full) (nullable): a string that the program gave. %NULL: it does not end
 * within a memory, and the program hangs
 */
char *
fg_sim_rom_calls_text (FgSimRomCalls *self, guint32 address)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (TRUE) {
    const guint8 *byte = fg_sim_rom_calls_memory (self, address++, 1);

    if (byte == NULL)
      return NULL;
    if (*byte == '\0')
      return g_string_free (g_steal_pointer (&text), FALSE);
    g_string_append_c (text, (char) *byte);
  }
}

/**
 * fg_sim_rom_calls_enter:
 *
 * Returns: (nullable): the state of the call that is being executed, which may have waited before.
 *   %NULL: too many wait in each other, and the program hangs
 */
FgSimCallFrame *
fg_sim_rom_calls_enter (FgSimRomCalls *self, gboolean *is_new)
{
  FgSimCallFrame *top = self->n_frames > 0 ? &self->frames[self->n_frames - 1] : NULL;

  *is_new = top == NULL || top->pc != self->cpu->pc || top->sp != self->cpu->a[1];
  if (!*is_new)
    return top;
  if (self->n_frames == FG_SIM_CALL_DEPTH) {
    fg_sim_rom_calls_hang (self, "calls 0x%08x while as many calls wait as can", self->cpu->pc);
    return NULL;
  }
  top = &self->frames[self->n_frames++];
  *top = (FgSimCallFrame){ .pc = self->cpu->pc, .sp = self->cpu->a[1] };
  return top;
}

/** fg_sim_rom_calls_leave: the call is done. */
FgSimCallResult
fg_sim_rom_calls_leave (FgSimRomCalls *self, guint32 value)
{
  self->n_frames--;
  self->cpu->a[2] = value;
  self->cpu->changes++;
  return FG_SIM_CALL_RETURN;
}

/** fg_sim_rom_calls_sleep: the call waits; @until: cycles, or %FG_SIM_ASLEEP */
FgSimCallResult
fg_sim_rom_calls_sleep (FgSimRomCalls *self, guint64 until)
{
  self->cpu->asleep_until = until;
  return FG_SIM_CALL_WAIT;
}

/** fg_sim_rom_calls_now_ns: Returns: the time for the flash and its controller */
gint64
fg_sim_rom_calls_now_ns (const FgSimRomCalls *self)
{
  if (!self->timed)
    return self->clock.start_ns;
  return fg_sim_clock_to_ns (&self->clock, self->cpu->cycles);
}

void
fg_sim_rom_calls_init (FgSimRomCalls *self,
                       FgSimCpu *cpu,
                       FgSimBus *bus,
                       FgSimSpi *spi,
                       FgSimUart *uart,
                       gboolean timed)
{
  *self = (FgSimRomCalls){ .cpu = cpu, .bus = bus, .spi = spi, .uart = uart, .timed = timed };
  self->digests = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_checksum_free);
}

void
fg_sim_rom_calls_clear (FgSimRomCalls *self)
{
  g_hash_table_unref (self->digests);
  g_free (self->fault);
}

/** fg_sim_rom_calls_reset: forgets what was going on. */
void
fg_sim_rom_calls_reset (FgSimRomCalls *self)
{
  self->state = FG_SIM_PROGRAM_RUNS;
  g_clear_pointer (&self->fault, g_free);
  memset (self->interrupts, 0, sizeof self->interrupts);
  memset (self->exceptions, 0, sizeof self->exceptions);
  self->n_frames = 0;
  g_hash_table_remove_all (self->digests);
}

/** fg_sim_rom_calls_start: the ROM calls the program at @entry; @flash: what it believes of it */
void
fg_sim_rom_calls_start (FgSimRomCalls *self, guint32 entry, const FgSimRomFlash *flash)
{
  FgSimCpu *cpu = self->cpu;

  fg_sim_rom_calls_reset (self);
  fg_sim_cpu_reset (cpu, entry);
  cpu->a[0] = FG_SIM_ROM_RETURN_TO_MAIN;
  cpu->a[1] = FIRST_STACK;
  cpu->sr[FG_SIM_SR_PS] = FG_SIM_PS_UM;
  fg_sim_rom_calls_describe_flash (self, flash);
}
