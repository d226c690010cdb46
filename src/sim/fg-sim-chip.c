/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-chip.h"

#include "fg-sim-machine.h"
#include "fg-sim-rom-dump.h"
#include "fg-sim-rom.h"

#define TX_FIFO 128 /* bytes; the ROM waits while it is full */
/* The ROM counts this many edges before it believes the rate: 29 in its uart_baudrate_detect. */
#define AUTOBAUD_EDGES 29
/* For a real ROM to reach its loader. It needs a few milliseconds, and its text as many as it has
 * characters, tenfold. */
#define BOOT_UNHEARD_NS (1000 * G_GINT64_CONSTANT (1000000))
#define BOOT_STEP_NS 100000

struct _FgSimChip {
  const FgSimSpec *spec; /* (unowned) */
  FgSimFlash *flash;     /* (owned) */
  FgSimSpi spi;
  FgSimUart uart;
  FgSimTimers timers;
  guint8 *dump;          /* (owned) (nullable) of the mask ROM */
  FgSimBus *bus;         /* (owned) */
  FgSimRom *rom;         /* (owned) */
  FgSimMachine *machine; /* (owned) (nullable) of an ESP8266: the others run no programs */
  FgSimChipState state;
  GArray *plan; /* (owned) (nullable) (element-type FgSimStep) while booted */
  guint next_step;
  gint64 step_at;
  guint strap;
  guint pins;        /* as they were read last, whatever keeps the chip in its loader */
  guint resets;      /* since it was made */
  guint edges;       /* seen since the loader started to listen */
  guint64 overflows; /* bytes that came faster than the loader took them */
  char *fault;       /* (owned) (nullable) why there is no program from RAM */
};

/** fg_sim_chip_new: Returns: (transfer full): without power */
FgSimChip *
fg_sim_chip_new (const FgSimSpec *spec, GError **error)
{
  g_autoptr (FgSimChip) self = g_new0 (FgSimChip, 1);

  self->spec = spec;
  if (spec->rom != NULL) {
    self->dump = fg_sim_rom_dump_load (spec->rom, error);
    if (self->dump == NULL)
      return NULL;
  }
  self->flash = fg_sim_flash_new (spec, error);
  if (self->flash == NULL)
    return NULL;
  fg_sim_spi_init (&self->spi, self->flash, spec->model->spi_layout, spec->datasheet);
  self->spi.user_enable = spec->user_enable;
  if (spec->model == fg_sim_model_get_esp8266 ())
    self->spi.clock_mhz = 2 * spec->crystal_mhz;
  fg_sim_uart_init (&self->uart, spec->datasheet);
  self->bus = fg_sim_bus_new (spec, &self->spi, &self->uart, &self->timers);
  self->rom = fg_sim_rom_new (spec, self->bus, &self->spi, self->flash);
  if (spec->variant != NULL)
    self->machine = fg_sim_machine_new (
        &(FgSimMachineParts){ self->bus, &self->spi, &self->uart, &self->timers }, self->dump,
        spec->datasheet);
  return g_steal_pointer (&self);
}

void
fg_sim_chip_free (FgSimChip *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->plan, g_array_unref);
  fg_sim_machine_free (self->machine);
  fg_sim_rom_free (self->rom);
  fg_sim_uart_clear (&self->uart);
  fg_sim_bus_free (self->bus);
  fg_sim_flash_free (self->flash);
  g_free (self->fault);
  g_free (self->dump);
  g_free (self);
}

/** fg_sim_chip_stop: @power_too: the flash loses its power as well; else only EN is low */
void
fg_sim_chip_stop (FgSimChip *self, gboolean power_too)
{
  self->state = FG_SIM_CHIP_OFF;
  fg_sim_rom_reset (self->rom);
  if (power_too)
    fg_sim_flash_power_on (self->flash);
}

static void
follow (FgSimChip *self, FgSimResetCause cause, gint64 now_ns)
{
  g_clear_pointer (&self->plan, g_array_unref);
  self->plan = fg_sim_boot_plan (self->spec, self->flash, self->strap, cause);
  self->next_step = 0;
  if (self->plan->len > 0)
    self->step_at = now_ns + g_array_index (self->plan, FgSimStep, 0).delay_ns;
  self->state = FG_SIM_CHIP_BOOTED;
}

/**
 * fg_sim_chip_start:
 *
 * Leaves reset. When the chip's own USB port asks an S3 for the loader, it also sets the flag that
 * keeps it there until somebody clears it (PROTOCOL-FACTS 12).
 */
void
fg_sim_chip_start (FgSimChip *self, guint strap, FgSimResetCause cause, gint64 now_ns)
{
  self->resets++;
  self->pins = strap;
  fg_sim_bus_reset (self->bus, strap, cause);
  if (self->spec->usb == FG_SIM_USB_JTAG && cause == FG_SIM_RESET_USB
      && strap == FG_SIM_STRAP_LOADER)
    fg_sim_bus_force_download (self->bus);
  if (fg_sim_bus_is_download_forced (self->bus))
    strap = FG_SIM_STRAP_LOADER;
  self->strap = strap;
  fg_sim_rom_reset (self->rom);
  if (self->dump == NULL) {
    follow (self, cause, now_ns);
    return;
  }
  self->state = FG_SIM_CHIP_RUNNING;
  fg_sim_machine_boot (self->machine, now_ns);
}

/** fg_sim_chip_hang: the program in RAM stops for good. */
void
fg_sim_chip_hang (FgSimChip *self)
{
  self->state = FG_SIM_CHIP_SILENT;
}

static void
listen (FgSimChip *self, gint64 now_ns)
{
  self->state = FG_SIM_CHIP_LISTENING;
  self->edges = 0;
  if (self->spec->usb == FG_SIM_USB_NONE)
    return;
  self->state = FG_SIM_CHIP_LOADER; /* there is no rate to measure */
  if (self->spec->usb == FG_SIM_USB_JTAG)
    fg_sim_watchdog_arm (fg_sim_bus_get_watchdog (self->bus), now_ns);
}

/* What it said has been said to nobody. */
static void
boot_unheard (FgSimChip *self, gint64 now_ns)
{
  gint64 at = now_ns - BOOT_UNHEARD_NS;

  fg_sim_machine_boot (self->machine, at);
  self->state = FG_SIM_CHIP_RUNNING;
  for (; at < now_ns && !fg_sim_uart_is_measuring (&self->uart); at += BOOT_STEP_NS) {
    fg_sim_queue_clear (&self->uart.tx);
    self->uart.tx_pending = 0;
    fg_sim_machine_run (self->machine, at, at + BOOT_STEP_NS);
  }
  fg_sim_queue_clear (&self->uart.tx);
}

/** fg_sim_chip_start_in_loader: as if somebody had brought it there a while ago. */
void
fg_sim_chip_start_in_loader (FgSimChip *self, gint64 now_ns)
{
  self->strap = self->pins = FG_SIM_STRAP_LOADER;
  fg_sim_bus_reset (self->bus, self->strap, FG_SIM_RESET_POWER_ON);
  fg_sim_rom_reset (self->rom);
  if (self->dump != NULL)
    boot_unheard (self, now_ns);
  else
    listen (self, now_ns);
}

/**
 * fg_sim_chip_receive:
 * @line_baud: the rate at which the byte really came, for auto-baud
 */
void
fg_sim_chip_receive (FgSimChip *self, guint8 byte, double line_baud)
{
  if (self->state == FG_SIM_CHIP_LISTENING) {
    self->edges += fg_sim_uart_count_edges (byte);
    if (self->spec->datasheet && self->edges < AUTOBAUD_EDGES)
      return;
    fg_sim_bus_set_baud (self->bus, line_baud);
    self->state = FG_SIM_CHIP_LOADER;
    if (self->spec->datasheet)
      return; /* what was needed to measure is lost */
  }
  if (self->state == FG_SIM_CHIP_RUNNING)
    fg_sim_machine_receive (self->machine, byte, line_baud);
  if (self->state == FG_SIM_CHIP_LOADER && !fg_sim_rom_receive (self->rom, byte))
    self->overflows++;
}

static void
run_step (FgSimChip *self, GByteArray *out, gint64 now_ns)
{
  const FgSimStep *step = &g_array_index (self->plan, FgSimStep, self->next_step);

  self->next_step++;
  switch (step->kind) {
  case FG_SIM_STEP_PRINT:
    g_byte_array_append (out, (const guint8 *) step->text, (guint) strlen (step->text));
    break;
  case FG_SIM_STEP_BAUD:
    fg_sim_bus_set_baud (self->bus, step->value);
    break;
  case FG_SIM_STEP_LOADER:
    listen (self, now_ns);
    return;
  case FG_SIM_STEP_WATCHDOG:
    fg_sim_chip_start (self, self->strap, FG_SIM_RESET_WATCHDOG, now_ns);
    return;
  case FG_SIM_STEP_AGAIN:
    self->next_step -= 2;
    break;
  default:
    g_assert_not_reached ();
  }
  if (self->next_step < self->plan->len)
    self->step_at = now_ns + g_array_index (self->plan, FgSimStep, self->next_step).delay_ns;
}

static void
run_from_ram (FgSimChip *self, gint64 now_ns)
{
  guint32 entry = fg_sim_rom_get_entry (self->rom);

  if (self->machine != NULL) {
    self->state = FG_SIM_CHIP_RUNNING;
    self->spi.misreads = self->spec->misreads;
    fg_sim_machine_start (self->machine, entry, fg_sim_rom_get_params (self->rom), now_ns);
    return;
  }
  self->state = FG_SIM_CHIP_SILENT;
  g_free (self->fault);
  self->fault = g_strdup_printf ("the simulated %s cannot run the program at 0x%08x, it has no "
                                 "processor",
                                 self->spec->model->title, entry);
}

static void
run_loader (FgSimChip *self, GByteArray *out, gint64 now_ns)
{
  fg_sim_rom_run (self->rom, out, now_ns);
  switch (fg_sim_rom_get_state (self->rom)) {
  case FG_SIM_ROM_LEFT_TO_FLASH:
    self->strap = FG_SIM_STRAP_FLASH;
    follow (self, FG_SIM_RESET_NONE, now_ns);
    break;
  case FG_SIM_ROM_LEFT_TO_RAM:
    run_from_ram (self, now_ns);
    break;
  case FG_SIM_ROM_ENDED:
    follow (self, FG_SIM_RESET_NONE, now_ns);
    break;
  case FG_SIM_ROM_RESETS: /* the straps stay as they were when EN rose */
    fg_sim_chip_start (self, self->strap, FG_SIM_RESET_SOFTWARE, now_ns);
    break;
  case FG_SIM_ROM_HUNG:
    self->state = FG_SIM_CHIP_SILENT;
    break;
  case FG_SIM_ROM_RUNNING:
  default:
    break;
  }
}

/* The line takes a byte when it has none. Without timing it takes all at once. */
static void
speak (FgSimChip *self, gsize tx_pending, GByteArray *out)
{
  while (tx_pending == 0 && fg_sim_queue_len (&self->uart.tx) > 0) {
    guint8 byte = fg_sim_queue_pop (&self->uart.tx);

    g_byte_array_append (out, &byte, 1);
    if (self->spec->datasheet)
      return;
  }
}

static void
run_program (FgSimChip *self, gsize tx_pending, GByteArray *out, gint64 now_ns, gint64 until_ns)
{
  speak (self, tx_pending, out);
  self->uart.tx_pending = (guint) (tx_pending + out->len);
  switch (fg_sim_machine_run (self->machine, now_ns, until_ns)) {
  case FG_SIM_PROGRAM_HANGS:
    self->state = FG_SIM_CHIP_SILENT;
    break;
  case FG_SIM_PROGRAM_RESETS: /* the straps stay as they were when EN rose */
    fg_sim_chip_start (self, self->strap, FG_SIM_RESET_EN, now_ns);
    break;
  case FG_SIM_PROGRAM_BITTEN:
    fg_sim_chip_start (self, self->strap, FG_SIM_RESET_WATCHDOG, now_ns);
    break;
  case FG_SIM_PROGRAM_STARTS_FLASH:
    self->strap = FG_SIM_STRAP_FLASH;
    follow (self, FG_SIM_RESET_NONE, now_ns);
    break;
  case FG_SIM_PROGRAM_RUNS:
  default:
    break;
  }
}

static gint64
watchdog_due (const FgSimChip *self)
{
  if (self->state == FG_SIM_CHIP_OFF)
    return G_MAXINT64;
  return fg_sim_watchdog_next_event (fg_sim_bus_get_watchdog (self->bus));
}

/**
 * fg_sim_chip_run:
 * @tx_pending: bytes that have not left the UART
 * @out: what the chip says is appended
 * @until_ns: up to then nothing will come from outside
 *
 * Does one thing that is due at @now_ns, if any; or lets a program run until @until_ns at most.
 */
void
fg_sim_chip_run (FgSimChip *self, gsize tx_pending, GByteArray *out, gint64 now_ns, gint64 until_ns)
{
  if (fg_sim_chip_next_event (self, tx_pending) > now_ns)
    return;
  if (now_ns >= watchdog_due (self)) /* nobody holds BOOT any more */
    fg_sim_chip_start (self, FG_SIM_STRAP_FLASH, FG_SIM_RESET_WATCHDOG, now_ns);
  else if (self->state == FG_SIM_CHIP_BOOTED)
    run_step (self, out, now_ns);
  else if (self->state == FG_SIM_CHIP_RUNNING)
    run_program (self, tx_pending, out, now_ns, until_ns);
  else
    run_loader (self, out, now_ns);
}

/* Of what the chip is at, watchdogs apart. */
static gint64
next_of_state (const FgSimChip *self, gsize tx_pending)
{
  if (self->state == FG_SIM_CHIP_BOOTED && self->next_step < self->plan->len && tx_pending == 0)
    return self->step_at;
  if (self->state == FG_SIM_CHIP_LOADER
      && tx_pending <= (fg_sim_rom_waits_for_line (self->rom) ? 0 : TX_FIFO))
    return fg_sim_rom_next_event (self->rom);
  if (self->state != FG_SIM_CHIP_RUNNING)
    return G_MAXINT64;
  /* the line took a byte: a program may wait for just that */
  if (tx_pending < self->uart.tx_pending
      || (tx_pending == 0 && fg_sim_queue_len (&self->uart.tx) > 0))
    return 0;
  return fg_sim_machine_next_event (self->machine);
}

/** fg_sim_chip_next_event: Returns: when fg_sim_chip_run() is due; %G_MAXINT64: not by itself */
gint64
fg_sim_chip_next_event (const FgSimChip *self, gsize tx_pending)
{
  return MIN (next_of_state (self, tx_pending), watchdog_due (self));
}

/** fg_sim_chip_get_pins: Returns: the straps of the last reset that read them */
guint
fg_sim_chip_get_pins (const FgSimChip *self)
{
  return self->pins;
}

/** fg_sim_chip_get_resets: Returns: how many there have been since it was made */
guint
fg_sim_chip_get_resets (const FgSimChip *self)
{
  return self->resets;
}

/** fg_sim_chip_get_tx_waiting: Returns: bytes that the UART holds back until the line is free */
gsize
fg_sim_chip_get_tx_waiting (const FgSimChip *self)
{
  return self->state == FG_SIM_CHIP_RUNNING ? fg_sim_queue_len (&self->uart.tx) : 0;
}

/** fg_sim_chip_is_computing: Returns: whether a program is at work, at every instant */
gboolean
fg_sim_chip_is_computing (const FgSimChip *self)
{
  return self->state == FG_SIM_CHIP_RUNNING && fg_sim_machine_is_computing (self->machine);
}

/** fg_sim_chip_is_measuring: Returns: whether it finds out the rate of what comes */
gboolean
fg_sim_chip_is_measuring (const FgSimChip *self)
{
  return self->state == FG_SIM_CHIP_LISTENING
         || (self->state == FG_SIM_CHIP_RUNNING && fg_sim_uart_is_measuring (&self->uart));
}

/** fg_sim_chip_get_fault: Returns: (nullable): why the last program from RAM came to its end */
const char *
fg_sim_chip_get_fault (const FgSimChip *self)
{
  return self->machine != NULL ? fg_sim_machine_get_fault (self->machine) : self->fault;
}

FgSimChipState
fg_sim_chip_get_state (const FgSimChip *self)
{
  return self->state;
}

double
fg_sim_chip_get_baud (const FgSimChip *self)
{
  return fg_sim_bus_get_baud (self->bus);
}

guint64
fg_sim_chip_get_overflows (const FgSimChip *self)
{
  return self->overflows + self->uart.lost;
}

const guint8 *
fg_sim_chip_get_flash (const FgSimChip *self, gsize *size)
{
  return fg_sim_flash_get_data (self->flash, size);
}

const FgSimFlashWork *
fg_sim_chip_get_flash_work (const FgSimChip *self)
{
  return fg_sim_flash_get_work (self->flash);
}
