/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-machine.h"

#define UART_INTERRUPT 5 /* ETS_UART_INUM of Espressif's SDKs */
/* What a peripheral's register costs in cycles; estimated from the bus's clock. */
#define CYCLES_READ 6
#define CYCLES_WRITE 2
/* Without timing: how long it may compute before others have their turn. */
#define BUDGET_CYCLES 100000
#define PAUSE_NS 1000

struct _FgSimMachine {
  FgSimCpu cpu;
  FgSimBus *bus;   /* (unowned) */
  FgSimSpi *spi;   /* (unowned) */
  FgSimUart *uart; /* (unowned) */
  FgSimRomCalls calls;
  gboolean timed;
  gint64 due_ns;      /* without timing: when to go on */
  gint64 spi_done_ns; /* the end of a transfer that a program that sleeps has been woken for */
};

static void
update_interrupt (FgSimMachine *self)
{
  self->uart->now = self->cpu.cycles;
  fg_sim_cpu_set_interrupt (&self->cpu, UART_INTERRUPT, fg_sim_uart_interrupts (self->uart));
}

static guint32
read_register (gpointer owner, guint32 address)
{
  FgSimMachine *self = owner;
  guint32 uart_offset = address - FG_SIM_UART_START;
  /* what these say changes only through the line, the processor or the end of a transfer, at all
   * of which a program that sleeps wakes up */
  gboolean steady = (uart_offset < FG_SIM_UART_SPAN && uart_offset != FG_SIM_UART_FIFO_OFFSET)
                    || address - FG_SIM_SPI_START < FG_SIM_SPI_SPAN;
  guint32 value;

  self->cpu.cycles += CYCLES_READ;
  self->uart->now = self->cpu.cycles;
  value = fg_sim_bus_read (self->bus, address, fg_sim_rom_calls_now_ns (&self->calls));
  if (!steady)
    self->cpu.changes++;
  if (uart_offset == FG_SIM_UART_FIFO_OFFSET)
    update_interrupt (self);
  return value;
}

static void
write_register (gpointer owner, guint32 address, guint32 value)
{
  FgSimMachine *self = owner;
  guint32 uart_offset = address - FG_SIM_UART_START;

  self->cpu.cycles += CYCLES_WRITE;
  self->uart->now = self->cpu.cycles;
  fg_sim_bus_write (self->bus, address, value, fg_sim_rom_calls_now_ns (&self->calls));
  if (uart_offset >= FG_SIM_UART_SPAN)
    return;
  update_interrupt (self);
  if (uart_offset == FG_SIM_UART_FIFO_OFFSET)
    self->cpu.stop = TRUE; /* for the line to take it */
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
  gboolean known = fg_sim_rom_calls_run (&self->calls);

  update_interrupt (self);
  return known;
}

static gboolean
handle_exception (gpointer owner, FgSimCause cause, guint32 address)
{
  FgSimMachine *self = owner;

  return fg_sim_rom_calls_exception (&self->calls, cause, address);
}

static const FgSimCpuOps cpu_ops = {
  read_register, write_register, is_mapped, call_rom, handle_exception,
};

/** fg_sim_machine_new: @timed: whether it keeps to the caller's clock; the peripherals are unowned
 */
FgSimMachine *
fg_sim_machine_new (FgSimBus *bus, FgSimSpi *spi, FgSimUart *uart, gboolean timed)
{
  FgSimMachine *self = g_new0 (FgSimMachine, 1);
  FgSimRegion dram = { .start = FG_SIM_DRAM_START,
                       .size = FG_SIM_DRAM_SIZE,
                       .bytes = fg_sim_bus_get_ram (bus, FG_SIM_DRAM_START) };
  FgSimRegion iram = { .start = FG_SIM_IRAM_START,
                       .size = FG_SIM_IRAM_SIZE,
                       .bytes = fg_sim_bus_get_ram (bus, FG_SIM_IRAM_START),
                       .words = TRUE };

  self->bus = bus;
  self->spi = spi;
  self->uart = uart;
  self->timed = timed;
  fg_sim_cpu_init (&self->cpu, &cpu_ops, self);
  fg_sim_cpu_add_region (&self->cpu, &dram, FALSE);
  fg_sim_cpu_add_region (&self->cpu, &iram, TRUE);
  fg_sim_rom_calls_init (&self->calls, &self->cpu, spi, uart, timed);
  self->calls.clock.mhz = fg_sim_bus_get_clock_hz (bus) / 1000000;
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

/** fg_sim_machine_start: the ROM calls the program at @entry; @flash: what it believes of it */
void
fg_sim_machine_start (FgSimMachine *self, guint32 entry, const FgSimRomFlash *flash, gint64 now_ns)
{
  self->calls.clock.start_ns = now_ns;
  self->due_ns = now_ns;
  self->uart->now = self->uart->arrived_at = 0;
  fg_sim_rom_calls_start (&self->calls, entry, flash);
}

void
fg_sim_machine_receive (FgSimMachine *self, guint8 byte, double line_baud)
{
  fg_sim_uart_receive (self->uart, byte, line_baud, fg_sim_bus_get_clock_hz (self->bus));
  self->due_ns = 0;
}

/* What happens by itself: cycles. */
static guint64
internal_event (const FgSimMachine *self)
{
  guint64 event = fg_sim_uart_next_event (self->uart);

  if (self->spi->done_ns == self->spi_done_ns)
    return event;
  return MIN (event, fg_sim_clock_to_cycles (&self->calls.clock, self->spi->done_ns));
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

  if (sleeps (self) && now > self->cpu.cycles)
    self->cpu.cycles = MIN (now, self->cpu.asleep_until);
}

/* Lets in what has arrived or ended. */
static void
refresh (FgSimMachine *self)
{
  if (fg_sim_rom_calls_now_ns (&self->calls) >= self->spi->done_ns)
    self->spi_done_ns = self->spi->done_ns;
  self->uart->now = self->cpu.cycles;
  if (fg_sim_uart_feed (self->uart))
    self->cpu.changes++;
  update_interrupt (self);
  fg_sim_cpu_wake (&self->cpu);
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

  if (self->timed) {
    catch_up (self, now_ns);
    until = fg_sim_clock_to_cycles (&self->calls.clock, until_ns);
    until = MAX (until, cpu->cycles + 1);
  } else {
    until = cpu->cycles + BUDGET_CYCLES;
  }
  refresh (self);
  do {
    event = internal_event (self);
    fg_sim_cpu_run (cpu, MIN (until, MAX (event, cpu->cycles + 1)));
    if (cpu->asleep_until == FG_SIM_ASLEEP && !cpu->attention) {
      event = internal_event (self);
      if (event >= until)
        break;
      cpu->cycles = MAX (cpu->cycles, event);
    }
    if (cpu->cycles >= event)
      refresh (self);
  } while (cpu->cycles < until && !cpu->stop);
  self->due_ns = cpu->stop ? now_ns : MAX (now_ns, until_ns) + PAUSE_NS;
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
