/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-calls.h"

#include <string.h>

#define UART0 0
#define TX_FULL 126 /* bytes: from then on the ROM waits for room */
#define WAIT_CYCLES 10
#define CYCLES_HANDLER 120 /* saving the registers and finding the handler; estimated */
#define CYCLES_PER_US(self) ((self)->clock.mhz)

/* The program is called from the ROM's main(), with a stack below the ROM's own variables. */
#define FIRST_STACK 0x3fffff80u
#define RETURN_TO_MAIN 0x40001100u
#define RETURN_FROM_HANDLER 0x4000dc54u /* _xtos_return_from_exc */

/* Where XTOS keeps what was going on, from the stack pointer of a handler on. */
#define FRAME_PC 0
#define FRAME_PS 4
#define FRAME_SAR 8
#define FRAME_A0 16
#define FRAME_A2 20
#define FRAME_A1 80
#define FRAME_SIZE 256

static FgSimCallResult
start_flash (FgSimRomCalls *self)
{
  self->state = FG_SIM_PROGRAM_STARTS_FLASH;
  self->cpu->stop = TRUE;
  return FG_SIM_CALL_GONE;
}

static FgSimCallResult
reset_chip (FgSimRomCalls *self)
{
  self->state = FG_SIM_PROGRAM_RESETS;
  self->cpu->stop = TRUE;
  return FG_SIM_CALL_GONE;
}

static FgSimCallResult
do_nothing (FgSimRomCalls *self)
{
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

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
  cpu->a[0] = RETURN_FROM_HANDLER;
  cpu->a[1] = frame;
  /* an interrupt's handler gets what it was attached with, an exception's the frame */
  cpu->a[2] = argument != NULL ? *argument : frame;
  cpu->a[3] = argument != NULL ? frame : cause;
  cpu->pc = code;
  cpu->cycles += CYCLES_HANDLER;
  set_level (self, 1);
}

static FgSimCallResult
return_from_handler (FgSimRomCalls *self)
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

static FgSimCallResult
attach_interrupt (FgSimRomCalls *self)
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

static FgSimCallResult
mask_interrupts (FgSimRomCalls *self)
{
  enable_interrupts (self, self->cpu->a[2], 0);
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
unmask_interrupts (FgSimRomCalls *self)
{
  enable_interrupts (self, 0, self->cpu->a[2]);
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
lock_interrupts (FgSimRomCalls *self)
{
  set_level (self, FG_SIM_PS_INTLEVEL);
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
unlock_interrupts (FgSimRomCalls *self)
{
  set_level (self, 0);
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
set_exception_handler (FgSimRomCalls *self)
{
  guint32 *handler = &self->exceptions[self->cpu->a[2] % FG_SIM_CAUSES];
  guint32 old = *handler;

  *handler = self->cpu->a[3];
  self->cpu->a[2] = old;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
delay (FgSimRomCalls *self)
{
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  if (frame == NULL)
    return FG_SIM_CALL_GONE;
  if (is_new)
    frame->until = self->cpu->cycles + (guint64) self->cpu->a[2] * CYCLES_PER_US (self);
  if (self->cpu->cycles < frame->until)
    return fg_sim_rom_calls_sleep (self, frame->until);
  return fg_sim_rom_calls_leave (self, self->cpu->a[2]);
}

static FgSimCallResult
send_char (FgSimRomCalls *self)
{
  guint8 byte = (guint8) self->cpu->a[2];

  self->cpu->cycles += WAIT_CYCLES;
  self->cpu->stop = TRUE; /* for the line to take it */
  if (fg_sim_queue_len (&self->uart->tx) + self->uart->tx_pending >= TX_FULL)
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  fg_sim_queue_push (&self->uart->tx, &byte, 1);
  self->cpu->changes++;
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
receive_char (FgSimRomCalls *self)
{
  guint8 *place;

  self->cpu->cycles += WAIT_CYCLES;
  if (fg_sim_queue_len (&self->uart->rx) == 0) {
    self->cpu->a[2] = 1;
    return FG_SIM_CALL_RETURN;
  }
  place = fg_sim_rom_calls_memory (self, self->cpu->a[2], 1);
  if (place == NULL)
    return FG_SIM_CALL_GONE;
  *place = fg_sim_queue_pop (&self->uart->rx);
  self->cpu->changes++;
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
receive_char_block (FgSimRomCalls *self)
{
  self->cpu->cycles += WAIT_CYCLES;
  if (fg_sim_queue_len (&self->uart->rx) == 0)
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  self->cpu->a[2] = fg_sim_queue_pop (&self->uart->rx);
  self->cpu->changes++;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
modify_divider (FgSimRomCalls *self)
{
  if (self->cpu->a[2] == UART0) {
    self->uart->divider = MAX (self->cpu->a[3], 1);
    fg_sim_uart_empty_fifos (self->uart);
    self->cpu->changes++;
  }
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
get_cycle_count (FgSimRomCalls *self)
{
  self->cpu->a[2] = fg_sim_cpu_get_special (self->cpu, FG_SIM_SR_CCOUNT);
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
get_frequency (FgSimRomCalls *self)
{
  self->cpu->a[2] = self->clock.mhz;
  return FG_SIM_CALL_RETURN;
}

typedef struct {
  guint32 address;
  const char *name;
  FgSimCallResult (*run) (FgSimRomCalls *self);
} Call;

/* Addresses and names: eagle.rom.addr.v6.ld of Espressif's SDKs. Sorted by address. */
static const Call calls[] = {
  { 0x40000454, "_xtos_set_exception_handler", set_exception_handler },
  { 0x40000650, "__muldi3", fg_sim_rom_call_multiply_64 },
  { 0x400006c4, "xthal_memcpy", fg_sim_rom_call_copy },
  { 0x40000f74, "ets_intr_lock", lock_interrupts },
  { 0x40000f80, "ets_intr_unlock", unlock_interrupts },
  { 0x40000f88, "ets_isr_attach", attach_interrupt },
  { 0x40000f98, "ets_isr_mask", mask_interrupts },
  { 0x40000fa8, "ets_isr_unmask", unmask_interrupts },
  { 0x40000fbc, "ets_set_user_start", do_nothing },
  { 0x400010a8, "main, where it starts the flash", start_flash },
  { RETURN_TO_MAIN, "main, after the program", start_flash },
  { 0x400018a4, "ets_memset", fg_sim_rom_call_fill },
  { 0x400018b4, "ets_memcpy", fg_sim_rom_call_copy },
  { 0x400018c4, "ets_memmove", fg_sim_rom_call_copy },
  { 0x400018d4, "ets_memcmp", fg_sim_rom_call_compare },
  { 0x4000242c, "ets_install_putc1", do_nothing },
  { 0x4000264c, "software_reset", reset_chip },
  { 0x40002ac8, "ets_strlen", fg_sim_rom_call_length },
  { 0x40002ae8, "ets_bzero", fg_sim_rom_call_zero },
  { 0x40002ecc, "ets_delay_us", delay },
  { 0x40002f04, "ets_update_cpu_frequency", do_nothing },
  { 0x40002f0c, "ets_get_cpu_frequency", get_frequency },
  { 0x40002fa0, "ets_wdt_enable", do_nothing },
  { 0x400030f0, "ets_wdt_disable", do_nothing },
  { 0x400039d8, "uart_div_modify", modify_divider },
  { 0x40003b30, "uart_tx_one_char", send_char },
  { 0x40003b64, "uart_rx_one_char_block", receive_char_block },
  { 0x40003b8c, "uart_rx_one_char", receive_char },
  { 0x40003f58, "SelectSpiFunction", fg_sim_rom_call_spi_attach },
  { 0x4000443c, "SPI_write_enable", fg_sim_rom_call_spi_write_enable },
  { 0x4000448c, "Wait_SPI_Idle", fg_sim_rom_call_spi_wait_idle },
  { 0x40004644, "spi_flash_attach", fg_sim_rom_call_spi_attach },
  { 0x40004678, "Cache_Read_Enable", do_nothing },
  { 0x400047f0, "Cache_Read_Disable", do_nothing },
  { 0x40004878, "SPIUnlock", fg_sim_rom_call_spi_unlock },
  { 0x400048ec, "SPIReadModeCnfig", do_nothing },
  { 0x40004984, "SPIEraseChip", fg_sim_rom_call_spi_erase_chip },
  { 0x400049b4, "SPIEraseBlock", fg_sim_rom_call_spi_erase_block },
  { 0x40004a00, "SPIEraseSector", fg_sim_rom_call_spi_erase_sector },
  { 0x40004a4c, "SPIWrite", fg_sim_rom_call_spi_write },
  { 0x40004b1c, "SPIRead", fg_sim_rom_call_spi_read },
  { 0x40004c2c, "SPIParamCfg", fg_sim_rom_call_spi_configure },
  { 0x40009818, "MD5Init", fg_sim_rom_call_md5_init },
  { 0x40009834, "MD5Update", fg_sim_rom_call_md5_update },
  { 0x40009900, "MD5Final", fg_sim_rom_call_md5_final },
  { 0x4000bf4c, "strlen", fg_sim_rom_call_length },
  { 0x4000d310, "__udivdi3", fg_sim_rom_call_divide_unsigned_64 },
  { 0x4000d770, "__umoddi3", fg_sim_rom_call_remainder_unsigned_64 },
  { RETURN_FROM_HANDLER, "_xtos_return_from_exc", return_from_handler },
  { 0x4000dc88, "__divsi3", fg_sim_rom_call_divide },
  { 0x4000dcf0, "__umulsidi3", fg_sim_rom_call_multiply_wide },
  { 0x4000dd38, "xthal_get_ccount", get_cycle_count },
  { 0x4000de84, "bzero", fg_sim_rom_call_zero },
  { 0x4000dea8, "memcmp", fg_sim_rom_call_compare },
  { 0x4000df48, "memcpy", fg_sim_rom_call_copy },
  { 0x4000e04c, "memmove", fg_sim_rom_call_copy },
  { 0x4000e190, "memset", fg_sim_rom_call_fill },
  { 0x4000e21c, "__udivsi3", fg_sim_rom_call_divide_unsigned },
  { 0x4000e268, "__umodsi3", fg_sim_rom_call_remainder_unsigned },
};

static int
compare_call (const void *key, const void *row)
{
  guint32 address = *(const guint32 *) key, other = ((const Call *) row)->address;

  return address < other ? -1 : address > other;
}

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
  const Call *call;

  if (pc - FG_SIM_ROM_START >= FG_SIM_ROM_SIZE)
    return FALSE;
  call = bsearch (&pc, calls, G_N_ELEMENTS (calls), sizeof calls[0], compare_call);
  if (call == NULL)
    fg_sim_rom_calls_hang (self, "calls 0x%08x in the ROM, which has no stand-in", pc);
  else if (call->run (self) == FG_SIM_CALL_RETURN)
    cpu->pc = cpu->a[0];
  return TRUE;
}

static void
enter_interrupt (FgSimRomCalls *self)
{
  const guint32 *sr = self->cpu->sr;
  guint number = (guint) __builtin_ctz (sr[FG_SIM_SR_INTERRUPT] & sr[FG_SIM_SR_INTENABLE]);

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
fg_sim_rom_calls_init (
    FgSimRomCalls *self, FgSimCpu *cpu, FgSimSpi *spi, FgSimUart *uart, gboolean timed)
{
  *self = (FgSimRomCalls){ .cpu = cpu, .spi = spi, .uart = uart, .timed = timed };
  self->digests = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_checksum_free);
}

void
fg_sim_rom_calls_clear (FgSimRomCalls *self)
{
  g_hash_table_unref (self->digests);
  g_free (self->fault);
}

/** fg_sim_rom_calls_start: the ROM calls the program at @entry; @flash: what it believes of it */
void
fg_sim_rom_calls_start (FgSimRomCalls *self, guint32 entry, const FgSimRomFlash *flash)
{
  FgSimCpu *cpu = self->cpu;

  self->state = FG_SIM_PROGRAM_RUNS;
  g_clear_pointer (&self->fault, g_free);
  memset (self->interrupts, 0, sizeof self->interrupts);
  memset (self->exceptions, 0, sizeof self->exceptions);
  self->n_frames = 0;
  g_hash_table_remove_all (self->digests);
  fg_sim_cpu_reset (cpu, entry);
  cpu->a[0] = RETURN_TO_MAIN;
  cpu->a[1] = FIRST_STACK;
  cpu->sr[FG_SIM_SR_PS] = FG_SIM_PS_UM;
  fg_sim_rom_calls_describe_flash (self, flash);
}
