/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-bus.h"

#include <string.h>

#define ADDR_MAGIC 0x40001000u /* PROTOCOL-FACTS 3.6 and 4.1 */
#define MAGIC 0xFFF0C101u
#define ADDR_EFUSE 0x3FF00050u /* 5.1 */
#define ADDR_PERIPHERALS 0x60000000u
#define ADDR_DPORT 0x3FF00000u
#define ADDR_CACHE 0x3FF0000Cu /* bit 0 asks for the cache, bit 1 says that it is on */
#define ADDR_STRAP 0x60000318u /* GPIO_IN: the straps are in its upper half */
#define ADDR_RESET_CAUSE 0x60000714u
#define PERIPHERALS_SIZE 0x10000u
/* After a reset the ROM assumes a 40 MHz crystal: 80 MHz / 694 = 115200; with 26 MHz: 74928. */
#define RESET_DIVIDER 694u

typedef struct {
  guint32 start;
  gsize size; /* bytes */
} Range;

static const Range ram_ranges[] = {
  { FG_SIM_DRAM_START, FG_SIM_DRAM_SIZE },
  { FG_SIM_IRAM_START, FG_SIM_IRAM_SIZE },
};

struct _FgSimBus {
  FgSimSpi *spi;   /* (unowned) */
  FgSimUart *uart; /* (unowned) */
  guint32 efuse[FG_SIM_EFUSE_WORDS];
  guint32 clock_hz; /* of the UART: twice the crystal */
  guint strap, reset_cause;
  guint8 *ram[G_N_ELEMENTS (ram_ranges)]; /* (owned) */
  GHashTable *others;                     /* (owned) address to word: remembered, without effect */
};

FgSimBus *
fg_sim_bus_new (const FgSimSpec *spec, FgSimSpi *spi, FgSimUart *uart)
{
  FgSimBus *self = g_new0 (FgSimBus, 1);

  self->spi = spi;
  self->uart = uart;
  memcpy (self->efuse, spec->efuse, sizeof self->efuse);
  self->clock_hz = 2 * spec->crystal_mhz * 1000000;
  for (gsize i = 0; i < G_N_ELEMENTS (ram_ranges); i++)
    self->ram[i] = g_malloc0 (ram_ranges[i].size);
  self->others = g_hash_table_new (NULL, NULL);
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
  g_hash_table_unref (self->others);
  g_free (self);
}

/**
 * fg_sim_bus_reset:
 * @strap: GPIO15, GPIO0 and GPIO2 as the boot text shows them: 1 loader, 3 flash
 * @reset_cause: 1 power-on, 2 EN pin, 4 watchdog
 *
 * Puts registers into the state of a chip reset. RAM keeps what it holds.
 */
void
fg_sim_bus_reset (FgSimBus *self, guint strap, guint reset_cause)
{
  self->strap = strap;
  self->reset_cause = reset_cause;
  g_hash_table_remove_all (self->others);
  fg_sim_spi_reset (self->spi);
  fg_sim_uart_reset (self->uart, RESET_DIVIDER);
}

static guint8 *
find_ram (FgSimBus *self, guint32 address)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ram_ranges); i++)
    if (address >= ram_ranges[i].start && address - ram_ranges[i].start < ram_ranges[i].size)
      return self->ram[i] + (address - ram_ranges[i].start);
  return NULL;
}

/** fg_sim_bus_read: @address: a multiple of 4 */
guint32
fg_sim_bus_read (FgSimBus *self, guint32 address, gint64 now_ns)
{
  const guint8 *ram = find_ram (self, address);

  if (ram != NULL)
    return ram[0] | (guint32) ram[1] << 8 | (guint32) ram[2] << 16 | (guint32) ram[3] << 24;
  if (address - ADDR_EFUSE < sizeof self->efuse)
    return self->efuse[(address - ADDR_EFUSE) / 4];
  if (address - FG_SIM_UART_START < FG_SIM_UART_SPAN)
    return fg_sim_uart_read (self->uart, address - FG_SIM_UART_START);
  if (address - FG_SIM_SPI_START < FG_SIM_SPI_SPAN)
    return fg_sim_spi_read (self->spi, address - FG_SIM_SPI_START, now_ns);
  switch (address) {
  case ADDR_MAGIC:
    return MAGIC;
  case ADDR_STRAP:
    return self->strap << 16;
  case ADDR_RESET_CAUSE:
    return self->reset_cause;
  default:
    return GPOINTER_TO_UINT (g_hash_table_lookup (self->others, GUINT_TO_POINTER (address)));
  }
}

/** fg_sim_bus_write: @address: a multiple of 4; read-only places ignore it */
void
fg_sim_bus_write (FgSimBus *self, guint32 address, guint32 value, gint64 now_ns)
{
  guint8 *ram = find_ram (self, address);

  if (ram != NULL)
    for (guint i = 0; i < 4; i++)
      ram[i] = (guint8) (value >> (8 * i));
  else if (address - FG_SIM_UART_START < FG_SIM_UART_SPAN)
    fg_sim_uart_write (self->uart, address - FG_SIM_UART_START, value);
  else if (address - FG_SIM_SPI_START < FG_SIM_SPI_SPAN)
    fg_sim_spi_write (self->spi, address - FG_SIM_SPI_START, value, now_ns);
  else if (address == ADDR_CACHE)
    g_hash_table_insert (self->others, GUINT_TO_POINTER (address),
                         GUINT_TO_POINTER (value | (value & 1) << 1));
  else if (address - ADDR_PERIPHERALS < PERIPHERALS_SIZE || address - ADDR_DPORT < PERIPHERALS_SIZE)
    g_hash_table_insert (self->others, GUINT_TO_POINTER (address), GUINT_TO_POINTER (value));
}

double
fg_sim_bus_get_baud (const FgSimBus *self)
{
  return (double) self->clock_hz / self->uart->divider;
}

/** fg_sim_bus_set_baud: sets the nearest divider, as software and auto-baud do. */
void
fg_sim_bus_set_baud (FgSimBus *self, double baud)
{
  self->uart->divider = MAX ((guint32) (self->clock_hz / baud + 0.5), 1);
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
    { FG_SIM_DRAM_START, FG_SIM_DRAM_SIZE },
    { FG_SIM_IRAM_START, FG_SIM_IRAM_SIZE },
    { FG_SIM_ROM_START, FG_SIM_ROM_SIZE },
    { ADDR_PERIPHERALS, PERIPHERALS_SIZE },
    { ADDR_DPORT, PERIPHERALS_SIZE },
    { 0x3FEF0000u, PERIPHERALS_SIZE }, /* what the SDK touches, and nobody documents */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mapped); i++)
    if (address >= mapped[i].start && address - mapped[i].start < mapped[i].size)
      return TRUE;
  return FALSE;
}
