/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-machine.h"

#include "fg-sim-registers.h"

#define UART_INTERRUPT 5 /* ETS_UART_INUM of Espressif's SDKs */
/* What a peripheral's register costs in cycles; estimated from the bus's clock. */
#define CYCLES_READ 6
#define CYCLES_WRITE 2
/* Bit 0 doubles the processor's clock, and no other: CPU_CLK of Espressif's SDKs. */
#define ADDR_CPU_CLOCK 0x3ff00014u
/* Without timing: how long it may compute before others have their turn. */
#define BUDGET_CYCLES 100000
#define PAUSE_NS 1000

#define RESET_VECTOR (FG_SIM_ROM_START + 0x80) /* _ResetVector in eagle.rom.addr.v6.ld */
#define ADDR_RTC_CONTROL 0x60000700u           /* what software_reset in the ROM writes to */
#define RTC_RESET (1u << 31)

/* What the cache does with the flash: R. Burton, "ESP8266 Cache_Read_Enable" (2015). */
#define FLASH_START 0x40200000u
#define FLASH_SPAN 0x100000u
#define CACHE_ENABLE (1u << 8)
#define CACHE_PAIR_SHIFT 16 /* which two megabytes */
#define CACHE_ODD (3u << 24)

struct _FgSimMachine {
  FgSimCpu cpu;
  FgSimBus *bus;       /* (unowned) */
  FgSimSpi *spi;       /* (unowned) */
  FgSimUart *uart;     /* (unowned) */
  FgSimTimers *timers; /* (unowned) */
  FgSimRegion *flash;  /* (unowned) as the cache shows it */
  FgSimTicks ticks;    /* the timers' */
  FgSimRomCalls calls;
  gboolean has_rom; /* the real one */
  gboolean timed;
  gint64 due_ns;      /* without timing: when to go on */
  guint64 alarm;      /* likewise: the cycle that a program sleeps for .. */
  gint64 alarm_ns;    /* .. and when that is; %G_MAXINT64: it does not */
  gint64 spi_done_ns; /* the end of a transfer that a program that sleeps has been woken for */
};

/* What the parts that count in cycles go by. */
static void
tell_time (FgSimMachine *self)
{
  self->uart->now = self->cpu.cycles;
  self->timers->now = fg_sim_ticks_at (&self->ticks, self->cpu.cycles);
}

static void
update_interrupt (FgSimMachine *self)
{
  tell_time (self);
  fg_sim_cpu_set_interrupt (&self->cpu, UART_INTERRUPT, fg_sim_uart_interrupts (self->uart));
}

/* The cache shows one megabyte of the flash, or nothing. Who changes what is in the flash has to
 * flush it; here that matters to code alone. */
static void
map_flash (FgSimMachine *self)
{
  guint32 control = fg_sim_bus_read (self->bus, FG_SIM_CACHE_CONTROL, 0);
  gsize size, start = (control & CACHE_ODD ? 1 : 0) + (gsize) (control >> CACHE_PAIR_SHIFT & 7) * 2;
  const guint8 *bytes = fg_sim_flash_get_data (self->spi->flash, &size);

  fg_sim_cpu_forget_code (&self->cpu, FLASH_START, self->flash->size);
  start *= FLASH_SPAN;
  self->flash->size = 0;
  if (!(control & CACHE_ENABLE) || start >= size)
    return;
  self->flash->bytes = (guint8 *) bytes + start; /* read only */
  self->flash->size = (guint32) MIN (size - start, FLASH_SPAN);
}

static guint32
read_register (gpointer owner, guint32 address)
{
  FgSimMachine *self = owner;
  guint32 value;

  self->cpu.cycles += CYCLES_READ;
  tell_time (self);
  value = fg_sim_bus_read (self->bus, address, fg_sim_rom_calls_now_ns (&self->calls));
  if (!fg_sim_bus_is_steady (address))
    self->cpu.changes++;
  if (address == FG_SIM_UART_START + FG_SIM_UART_FIFO_OFFSET)
    update_interrupt (self);
  return value;
}

/* From now on a cycle is as long as the speed says. The timers go on as before, but for CCOUNT. */
static void
set_speed (FgSimMachine *self, gboolean doubled)
{
  guint mhz = fg_sim_bus_get_clock_hz (self->bus) / 1000000 * (doubled ? 2 : 1);
  FgSimClock *clock = &self->calls.clock;

  if (clock->mhz == mhz)
    return;
  if (self->timed) /* else the flash's time stands still */
    clock->start_ns =
        fg_sim_rom_calls_now_ns (&self->calls) - (gint64) (self->cpu.cycles * 1000 / mhz);
  clock->mhz = mhz;
  self->uart->cycles_per_clock = doubled ? 2 : 1;
  fg_sim_ticks_change (&self->ticks, self->cpu.cycles, doubled ? 2 : 1);
}

static void
stop (FgSimMachine *self, FgSimProgramState state)
{
  self->calls.state = state;
  self->cpu.stop = TRUE;
}

static void
write_register (gpointer owner, guint32 address, guint32 value)
{
  FgSimMachine *self = owner;
  guint32 uart_offset = address - FG_SIM_UART_START;

  self->cpu.cycles += CYCLES_WRITE;
  tell_time (self);
  fg_sim_bus_write (self->bus, address, value, fg_sim_rom_calls_now_ns (&self->calls));
  if (uart_offset < FG_SIM_UART_SPAN)
    update_interrupt (self);
  if (uart_offset == FG_SIM_UART_FIFO_OFFSET)
    self->cpu.stop = TRUE; /* for the line to take it */
  else if (fg_sim_timers_have (address))
    self->cpu.stop = self->cpu.moved = TRUE;
  else if (address == ADDR_CPU_CLOCK)
    set_speed (self, value & 1);
  else if (address == FG_SIM_CACHE_CONTROL)
    map_flash (self);
  else if (address == ADDR_RTC_CONTROL && (value & RTC_RESET))
    stop (self, FG_SIM_PROGRAM_RESETS);
}

static gboolean
is_mapped (gpointer owner, guint32 address)
{
  return fg_sim_bus_is_mapped (address);
}

static gboolean
call_rom (gpointer owner)
{
  FgSimMachine *self = owner;
  gboolean known = !self->has_rom && fg_sim_rom_calls_run (&self->calls);

  update_interrupt (self);
  return known;
}

static gboolean
handle_exception (gpointer owner, FgSimCause cause, guint32 address)
{
  FgSimMachine *self = owner;

  if (self->has_rom)
    return FALSE;
  return fg_sim_rom_calls_exception (&self->calls, cause, address);
}

static const FgSimCpuOps cpu_ops = {
  read_register, write_register, is_mapped, call_rom, handle_exception,
};

/**
 * fg_sim_machine_new:
 * @parts: what surrounds the processor; all unowned
 * @rom: (nullable): %FG_SIM_ROM_SIZE bytes that run instead of the stand-in; unowned
 * @timed: whether it keeps to the caller's clock
 */
FgSimMachine *
fg_sim_machine_new (const FgSimMachineParts *parts, const guint8 *rom, gboolean timed)
{
  FgSimMachine *self = g_new0 (FgSimMachine, 1);
  FgSimRegion dram = { .start = FG_SIM_DRAM_START,
                       .size = FG_SIM_DRAM_SIZE,
                       .bytes = fg_sim_bus_get_ram (parts->bus, FG_SIM_DRAM_START) };
  FgSimRegion iram = { .start = FG_SIM_IRAM_START,
                       .size = FG_SIM_IRAM_SIZE,
                       .bytes = fg_sim_bus_get_ram (parts->bus, FG_SIM_IRAM_START),
                       .words = TRUE };
  FgSimRegion rom_region = { .start = FG_SIM_ROM_START,
                             .size = FG_SIM_ROM_SIZE,
                             .bytes = (guint8 *) rom,
                             .words = TRUE,
                             .read_only = TRUE };
  FgSimRegion flash = {
    .start = FLASH_START, .size = FLASH_SPAN, .words = TRUE, .read_only = TRUE
  };

  self->bus = parts->bus;
  self->spi = parts->spi;
  self->uart = parts->uart;
  self->timers = parts->timers;
  self->has_rom = rom != NULL;
  self->timed = timed;
  self->ticks.cycles = 1;
  fg_sim_cpu_init (&self->cpu, &cpu_ops, self);
  fg_sim_cpu_add_region (&self->cpu, &dram, FALSE);
  fg_sim_cpu_add_region (&self->cpu, &iram, TRUE);
  if (self->has_rom)
    fg_sim_cpu_add_region (&self->cpu, &rom_region, TRUE);
  self->flash = fg_sim_cpu_add_region (&self->cpu, &flash, TRUE);
  self->flash->size = 0;
  fg_sim_rom_calls_init (&self->calls, &self->cpu, self->bus, self->spi, self->uart, timed);
  self->calls.ticks_per_us = fg_sim_bus_get_clock_hz (self->bus) / 1000000;
  return self;
}

void
fg_sim_machine_free (FgSimMachine *self)
{
  if (self == NULL)
    return;
  fg_sim_rom_calls_clear (&self->calls);
  fg_sim_cpu_clear (&self->cpu);
  g_free (self);
}

static void
begin (FgSimMachine *self, gint64 now_ns)
{
  self->calls.clock = (FgSimClock){ now_ns, self->calls.ticks_per_us };
  self->due_ns = now_ns;
  self->alarm_ns = G_MAXINT64;
  self->ticks = (FgSimTicks){ .cycles = 1 };
  self->uart->now = self->uart->arrived_at = 0;
  fg_sim_timers_reset (self->timers);
  map_flash (self);
}

/** fg_sim_machine_start: the ROM calls the program at @entry; @flash: what it believes of it */
void
fg_sim_machine_start (FgSimMachine *self, guint32 entry, const FgSimRomFlash *flash, gint64 now_ns)
{
  begin (self, now_ns);
  fg_sim_rom_calls_start (&self->calls, entry, flash);
}

/** fg_sim_machine_boot: the chip left reset, and its ROM begins to run; there must be one. */
void
fg_sim_machine_boot (FgSimMachine *self, gint64 now_ns)
{
  begin (self, now_ns);
  fg_sim_rom_calls_reset (&self->calls);
  fg_sim_spi_attach (self->spi); /* the pins are the controller's until software changes that */
  fg_sim_cpu_reset (&self->cpu, RESET_VECTOR);
}

void
fg_sim_machine_receive (FgSimMachine *self, guint8 byte, double line_baud)
{
  fg_sim_uart_receive (self->uart, byte, line_baud, fg_sim_bus_get_clock_hz (self->bus));
  self->due_ns = 0;
}

static guint64
transfer_event (const FgSimMachine *self)
{
  guint64 event = fg_sim_uart_next_event (self->uart);

  if (self->spi->done_ns == self->spi_done_ns)
    return event;
  return MIN (event, fg_sim_clock_to_cycles (&self->calls.clock, self->spi->done_ns));
}

static guint64
timer_event (const FgSimMachine *self)
{
  guint64 tick = fg_sim_timers_next_event (self->timers);

  return MIN (self->cpu.timer_at, fg_sim_ticks_to_cycles (&self->ticks, tick));
}

/* What happens by itself: cycles. */
static guint64
internal_event (const FgSimMachine *self)
{
  return MIN (transfer_event (self), timer_event (self));
}

static gboolean
sleeps (const FgSimMachine *self)
{
  return self->cpu.asleep_until > self->cpu.cycles && !self->cpu.attention;
}

/* Time went on while nothing was to be done. */
static void
catch_up (FgSimMachine *self, gint64 now_ns)
{
  guint64 now = fg_sim_clock_to_cycles (&self->calls.clock, now_ns);

  if (!self->timed)
    now = now_ns >= self->alarm_ns ? self->alarm : 0;
  self->alarm_ns = G_MAXINT64;
  if (sleeps (self) && now > self->cpu.cycles)
    self->cpu.cycles = MIN (now, self->cpu.asleep_until);
}

static void
run_timers (FgSimMachine *self)
{
  guint32 events = fg_sim_timers_advance (self->timers);

  while (events != 0) {
    guint number = (guint) __builtin_ctz (events);

    fg_sim_cpu_set_interrupt (&self->cpu, number, TRUE);
    events &= ~(1u << number);
  }
  if (self->timers->bites)
    stop (self, FG_SIM_PROGRAM_BITTEN);
  fg_sim_cpu_check_timer (&self->cpu);
}

/* Lets in what has arrived or ended. */
static void
refresh (FgSimMachine *self)
{
  if (fg_sim_rom_calls_now_ns (&self->calls) >= self->spi->done_ns)
    self->spi_done_ns = self->spi->done_ns;
  tell_time (self);
  if (fg_sim_uart_feed (self->uart))
    self->cpu.changes++;
  update_interrupt (self);
  run_timers (self);
  fg_sim_cpu_wake (&self->cpu);
}

/* Without timing, a program that waits for a timer does so in real time. */
static void
set_alarm (FgSimMachine *self, gint64 now_ns)
{
  guint64 event = internal_event (self);

  if (event == FG_SIM_CYCLES_NEVER)
    return;
  self->alarm = MAX (event, self->cpu.cycles);
  self->alarm_ns =
      now_ns + (gint64) ((self->alarm - self->cpu.cycles) * 1000 / self->calls.clock.mhz);
  self->due_ns = self->alarm_ns;
}

static gboolean
sleeps_for_good (const FgSimMachine *self)
{
  return self->cpu.asleep_until == FG_SIM_ASLEEP && !self->cpu.attention;
}

/**
 * fg_sim_machine_run:
 * @until_ns: with timing: it may go on by itself until then
 *
 * Runs until the program waits for something from outside, or wants to send.
 */
FgSimProgramState
fg_sim_machine_run (FgSimMachine *self, gint64 now_ns, gint64 until_ns)
{
  FgSimCpu *cpu = &self->cpu;
  guint64 until, event;

  catch_up (self, now_ns);
  if (self->timed) {
    until = fg_sim_clock_to_cycles (&self->calls.clock, until_ns);
    until = MAX (until, cpu->cycles + 1);
  } else {
    until = cpu->cycles + BUDGET_CYCLES;
  }
  refresh (self);
  do {
    event = internal_event (self);
    fg_sim_cpu_run (cpu, MIN (until, MAX (event, cpu->cycles + 1)));
    if (cpu->moved)
      cpu->stop = cpu->moved = FALSE;
    if (sleeps_for_good (self)) {
      event = self->timed ? internal_event (self) : transfer_event (self);
      if (event >= until)
        break;
      cpu->cycles = MAX (cpu->cycles, event);
    }
    if (cpu->cycles >= event)
      refresh (self);
  } while (cpu->cycles < until && !cpu->stop);
  self->due_ns = cpu->stop ? now_ns : MAX (now_ns, until_ns) + PAUSE_NS;
  if (!self->timed && sleeps_for_good (self))
    set_alarm (self, now_ns);
  return self->calls.state;
}

/** fg_sim_machine_next_event: Returns: when it goes on; %G_MAXINT64: when something comes */
gint64
fg_sim_machine_next_event (const FgSimMachine *self)
{
  const FgSimCpu *cpu = &self->cpu;
  guint64 next = cpu->cycles;

  if (sleeps (self))
    next = MIN (cpu->asleep_until, internal_event (self));
  if (self->timed)
    return fg_sim_clock_to_ns (&self->calls.clock, next);
  if (next == FG_SIM_CYCLES_NEVER && fg_sim_queue_len (&self->uart->backlog) == 0)
    return G_MAXINT64;
  return self->due_ns;
}

/** fg_sim_machine_is_computing: Returns: %FALSE when it has nothing to do at present */
gboolean
fg_sim_machine_is_computing (const FgSimMachine *self)
{
  return !sleeps (self);
}

/** fg_sim_machine_get_fault: Returns: (nullable): why the program hangs, in words */
const char *
fg_sim_machine_get_fault (const FgSimMachine *self)
{
  return self->calls.fault;
}
