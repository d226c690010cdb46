/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-bus.h"

#include "fg-sim-boot.h"
#include "fg-sim-registers.h"

#include <string.h>

#define ADDR_MAGIC 0x40001000u       /* PROTOCOL-FACTS 3.6 and 4.1 */
#define ADDR_FLASH_PADS 0x5011010Cu  /* P4: LP_SYSTEM_REG_ANA_XPD_PAD_GROUP */
#define ADDR_FLASH_FORCE 0x501153FCu /* P4: PMU_DATE */
#define ADDR_PERIPHERALS 0x60000000u
#define ADDR_DPORT 0x3FF00000u
#define PERIPHERALS_SIZE 0x10000u
/* After a reset the ROM assumes a 40 MHz crystal: 80 MHz / 694 = 115200; with 26 MHz: 74928. */
#define RESET_DIVIDER 694u
#define ROM_BAUD 115200
#define CALIBRATION_SHIFT 7 /* PROTOCOL-FACTS 6.2 */
#define USB_BAUD 8e6        /* what a full-speed port carries, more or less */

typedef struct {
  guint32 start;
  gsize size; /* bytes */
} Range;

static const Range ram_ranges[] = {
  { FG_SIM_DRAM_START, FG_SIM_DRAM_SIZE },
  { FG_SIM_IRAM_START, FG_SIM_IRAM_SIZE },
};

struct _FgSimBus {
  const FgSimSpec *spec;   /* (unowned) */
  const FgSimModel *model; /* (unowned) static */
  FgSimSpi *spi;           /* (unowned) */
  FgSimUart *uart;         /* (unowned) */
  FgSimTimers *timers;     /* (unowned) */
  FgSimWatchdog watchdog;
  guint32 clock_hz;                       /* of the UART */
  double rom_clock_hz;                    /* what the ROM takes it for */
  guint8 *ram[G_N_ELEMENTS (ram_ranges)]; /* (owned) */
  FgSimRegisters others;
};

static gboolean
has_ram (const FgSimBus *self)
{
  return self->spec->variant != NULL; /* an ESP8266: the others run no programs */
}

/* The ESP32 counts the periods of its crystal in 64 of the internal clock's 256th part; when that
 * clock is not what its calibration says, the crystal seems to be wrong (PROTOCOL-FACTS 6.2). */
static guint32
calibration (const FgSimBus *self)
{
  guint32 clock = fg_sim_fuses_read (self->model, FG_SIM_FUSE_CLOCK, self->spec->efuse);
  double seen_hz = self->spec->crystal_mhz * (1000.0 + self->spec->drift) * 1000;

  return clock != 0 ? (guint32) (seen_hz * 40 / 15625 / clock + 0.5) : 0;
}

static double
rom_clock (const FgSimBus *self)
{
  guint32 clock = fg_sim_fuses_read (self->model, FG_SIM_FUSE_CLOCK, self->spec->efuse);

  if (self->model->clock_check != 0 && clock != 0)
    return calibration (self) * 15625.0 * clock / 40;
  return self->model->clock_factor * self->spec->rom_crystal_mhz * 1e6;
}

FgSimBus *
fg_sim_bus_new (const FgSimSpec *spec, FgSimSpi *spi, FgSimUart *uart, FgSimTimers *timers)
{
  FgSimBus *self = g_new0 (FgSimBus, 1);

  self->spec = spec;
  self->model = spec->model;
  self->spi = spi;
  self->uart = uart;
  self->timers = timers;
  self->watchdog.layout = &self->model->watchdog;
  self->clock_hz = self->model->clock_factor * spec->crystal_mhz * 1000000;
  self->rom_clock_hz = rom_clock (self);
  for (gsize i = 0; has_ram (self) && i < G_N_ELEMENTS (ram_ranges); i++)
    self->ram[i] = g_malloc0 (ram_ranges[i].size);
  fg_sim_registers_init (&self->others);
  fg_sim_bus_reset (self, 0, 0);
  return self;
}

void
fg_sim_bus_free (FgSimBus *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (ram_ranges); i++)
    g_free (self->ram[i]);
  fg_sim_registers_clear (&self->others);
  g_free (self);
}

/* An eFuse of the P4. */
static gboolean
is_rail_by_rom (const FgSimBus *self)
{
  return self->model->flash_off && (self->spec->efuse[0x34 / 4] >> 16 & 1) != 0;
}

/* Registers that say something about the chip. */
static void
set_up_facts (FgSimBus *self)
{
  const FgSimModel *model = self->model;
  FgSimRegisters *others = &self->others;
  guint major = self->spec->identity.revision / 100;

  fg_sim_registers_remember (others, ADDR_MAGIC, model->magic);
  fg_sim_registers_remember (others, model->strap,
                             others->strap == FG_SIM_STRAP_LOADER ? model->boot.loader
                                                                  : model->boot.flash);
  fg_sim_registers_remember (others, model->clock_check, calibration (self) << CALIBRATION_SHIFT);
  fg_sim_registers_remember (others, model->crystal_known, self->spec->rom_crystal_mhz << 24);
  if (is_rail_by_rom (self))
    fg_sim_registers_remember (others, ADDR_FLASH_FORCE, 3);
  if (model->majors != NULL)
    fg_sim_registers_remember (others, model->date, (model->majors[major] & 4u) << 29);
}

gboolean
fg_sim_bus_is_download_forced (const FgSimBus *self)
{
  return self->model->force_download != 0
         && (fg_sim_registers_recall (&self->others, self->model->force_download)
                 >> self->model->force_bit
             & 1);
}

void
fg_sim_bus_force_download (FgSimBus *self)
{
  fg_sim_registers_remember (&self->others, self->model->force_download,
                             1u << self->model->force_bit);
}

/**
 * fg_sim_bus_is_flash_on:
 *
 * Whether the ROM can attach the flash. A P4 of revision 3.1 or 3.2 needs its pads and its rail
 * switched on; with the eFuse set the ROM of 3.2 does it, and fails while the rail is forced on
 * from the start before (esptool targets/esp32p4.py; esptool-js pull request 268).
 */
gboolean
fg_sim_bus_is_flash_on (const FgSimBus *self)
{
  guint revision = self->spec->identity.revision;
  gboolean forced = (fg_sim_registers_recall (&self->others, ADDR_FLASH_FORCE) & 3) == 3;
  gboolean pads = (fg_sim_registers_recall (&self->others, ADDR_FLASH_PADS) & 1) != 0;

  if (!self->model->flash_off || (revision != 301 && revision != 302))
    return TRUE;
  if (revision == 302 && is_rail_by_rom (self))
    return !forced;
  return pads && forced;
}

FgSimWatchdog *
fg_sim_bus_get_watchdog (FgSimBus *self)
{
  return &self->watchdog;
}

/**
 * fg_sim_bus_reset:
 * @strap: the pins as the boot text shows them
 * @reset_cause: 1 power-on, 2 EN pin, 4 watchdog; 3 and 5 are resets that an ESP8266 does not have
 *
 * Puts registers into the state of a chip reset. RAM keeps what it holds, and what belongs to the
 * real-time clock survives all but the loss of power and EN.
 */
void
fg_sim_bus_reset (FgSimBus *self, guint strap, guint reset_cause)
{
  gboolean forced = fg_sim_bus_is_download_forced (self);

  fg_sim_registers_reset (&self->others, strap, reset_cause);
  set_up_facts (self);
  if (forced && reset_cause > 2)
    fg_sim_bus_force_download (self);
  fg_sim_watchdog_reset (&self->watchdog);
  fg_sim_spi_reset (self->spi);
  fg_sim_uart_reset (self->uart, RESET_DIVIDER);
  fg_sim_timers_reset (self->timers);
  if (!has_ram (self))
    fg_sim_bus_request_baud (self, ROM_BAUD);
}

static guint8 *
find_ram (FgSimBus *self, guint32 address)
{
  for (gsize i = 0; has_ram (self) && i < G_N_ELEMENTS (ram_ranges); i++)
    if (address >= ram_ranges[i].start && address - ram_ranges[i].start < ram_ranges[i].size)
      return self->ram[i] + (address - ram_ranges[i].start);
  return NULL;
}

/* Whether @address belongs to what begins at @start; nothing begins at 0. */
static gboolean
is_in (guint32 address, guint32 start, guint32 span)
{
  return start != 0 && address - start < span;
}

/** fg_sim_bus_read: @address: a multiple of 4 */
guint32
fg_sim_bus_read (FgSimBus *self, guint32 address, gint64 now_ns)
{
  const FgSimModel *model = self->model;
  const guint8 *ram = find_ram (self, address);

  if (ram != NULL)
    return ram[0] | (guint32) ram[1] << 8 | (guint32) ram[2] << 16 | (guint32) ram[3] << 24;
  if (is_in (address, model->efuse, model->efuse_len))
    return self->spec->efuse[(address - model->efuse) / 4];
  if (is_in (address, model->uart, FG_SIM_UART_SPAN))
    return fg_sim_uart_read (self->uart, address - model->uart);
  if (is_in (address, model->spi, FG_SIM_SPI_SPAN))
    return fg_sim_spi_read (self->spi, address - model->spi, now_ns);
  if (fg_sim_watchdog_find (&self->watchdog, address) != NULL)
    return *fg_sim_watchdog_find (&self->watchdog, address);
  if (!has_ram (self))
    return fg_sim_registers_recall (&self->others, address);
  if (fg_sim_timers_have (address))
    return fg_sim_timers_read (self->timers, address);
  return fg_sim_registers_read (&self->others, address, now_ns);
}

/* What is neither RAM nor known: an ESP8266 has registers only here, and a ROM elsewhere. */
static void
write_other (FgSimBus *self, guint32 address, guint32 value)
{
  if (!has_ram (self))
    fg_sim_registers_remember (&self->others, address, value);
  else if (fg_sim_timers_have (address))
    fg_sim_timers_write (self->timers, address, value);
  else if (is_in (address, ADDR_PERIPHERALS, PERIPHERALS_SIZE)
           || is_in (address, ADDR_DPORT, PERIPHERALS_SIZE))
    fg_sim_registers_write (&self->others, address, value);
}

/** fg_sim_bus_write: @address: a multiple of 4; read-only places ignore it */
void
fg_sim_bus_write (FgSimBus *self, guint32 address, guint32 value, gint64 now_ns)
{
  const FgSimModel *model = self->model;
  guint8 *ram = find_ram (self, address);

  if (ram != NULL)
    for (guint i = 0; i < 4; i++)
      ram[i] = (guint8) (value >> (8 * i));
  else if (is_in (address, model->uart, FG_SIM_UART_SPAN))
    fg_sim_uart_write (self->uart, address - model->uart, value);
  else if (is_in (address, model->spi, FG_SIM_SPI_SPAN))
    fg_sim_spi_write (self->spi, address - model->spi, value, now_ns);
  else if (fg_sim_watchdog_find (&self->watchdog, address) != NULL)
    fg_sim_watchdog_write (&self->watchdog, address, value, now_ns);
  else if (address != ADDR_MAGIC)
    write_other (self, address, value);
}

/**
 * fg_sim_bus_is_steady:
 *
 * Returns: whether what a register of an ESP8266 says changes only when it is written, or through
 *   the line, a timer, or the end of a transfer: a program that waits for it can sleep until then
 */
gboolean
fg_sim_bus_is_steady (guint32 address)
{
  if (is_in (address, FG_SIM_UART_START, FG_SIM_UART_SPAN))
    return address != FG_SIM_UART_START + FG_SIM_UART_FIFO_OFFSET;
  return !fg_sim_timers_have (address) && fg_sim_registers_is_steady (address);
}

double
fg_sim_bus_get_baud (const FgSimBus *self)
{
  if (self->spec->usb != FG_SIM_USB_NONE)
    return USB_BAUD;
  return self->clock_hz
         / (self->uart->divider + (double) self->uart->fraction / FG_SIM_UART_FRACTIONS);
}

static void
set_divider (FgSimBus *self, double divider)
{
  guint steps = has_ram (self) ? 1 : FG_SIM_UART_FRACTIONS;
  guint32 whole = (guint32) (divider * steps + 0.5);

  self->uart->divider = MAX (whole / steps, 1);
  self->uart->fraction = whole % steps;
}

/** fg_sim_bus_set_baud: sets the nearest divider, as software and auto-baud do. */
void
fg_sim_bus_set_baud (FgSimBus *self, double baud)
{
  set_divider (self, self->clock_hz / baud);
}

void
fg_sim_bus_request_baud (FgSimBus *self, double baud)
{
  set_divider (self, self->rom_clock_hz / baud);
}

/** fg_sim_bus_get_clock_hz: Returns: of the UART, and of the processor after a reset */
guint32
fg_sim_bus_get_clock_hz (const FgSimBus *self)
{
  return self->clock_hz;
}

/** fg_sim_bus_get_ram: Returns: (transfer none): %FG_SIM_DRAM_START's or %FG_SIM_IRAM_START's bytes
 */
guint8 *
fg_sim_bus_get_ram (FgSimBus *self, guint32 start)
{
  return find_ram (self, start);
}

/** fg_sim_bus_is_mapped: Returns: whether something is at @address, or might be */
gboolean
fg_sim_bus_is_mapped (guint32 address)
{
  static const Range mapped[] = {
    { FG_SIM_DRAM_START, FG_SIM_DRAM_SIZE }, { FG_SIM_IRAM_START, FG_SIM_IRAM_SIZE },
    { FG_SIM_ROM_START, FG_SIM_ROM_SIZE },   { ADDR_PERIPHERALS, PERIPHERALS_SIZE },
    { ADDR_DPORT, PERIPHERALS_SIZE },        { 0x3FF20000u, PERIPHERALS_SIZE }, /* radio */
    { 0x3FEF0000u, PERIPHERALS_SIZE }, /* what the SDK touches, and nobody documents */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mapped); i++)
    if (address >= mapped[i].start && address - mapped[i].start < mapped[i].size)
      return TRUE;
  return FALSE;
}
