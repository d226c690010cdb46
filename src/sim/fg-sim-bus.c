/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-bus.h"

#include <string.h>

#define ADDR_MAGIC 0x40001000u /* PROTOCOL-FACTS 3.6 and 4.1 */
#define MAGIC 0xFFF0C101u
#define ADDR_EFUSE 0x3FF00050u /* 5.1 */
#define ADDR_UART 0x60000000u
#define ADDR_CLKDIV 0x60000014u /* 4.2 */
#define ADDR_UART_DATE 0x60000078u
#define ADDR_SPI 0x60000200u   /* 4.2 */
#define ADDR_STRAP 0x60000318u /* GPIO_IN: the straps are in its upper half */
#define ADDR_RESET_CAUSE 0x60000714u
#define DIVIDER_MASK 0xfffffu
/* After a reset the ROM assumes a 40 MHz crystal: 80 MHz / 694 = 115200; with 26 MHz: 74928. */
#define RESET_DIVIDER 694u

typedef struct {
  guint32 start;
  gsize size; /* bytes */
} Range;

static const Range ram_ranges[] = {
  { 0x3FFE8000u, 0x18000 }, /* DRAM */
  { 0x40100000u, 0x10000 }, /* IRAM */
};

struct _FgSimBus {
  FgSimSpi *spi; /* (unowned) */
  guint32 efuse[FG_SIM_EFUSE_WORDS];
  guint32 clock_hz; /* of the UART: twice the crystal */
  guint32 divider;
  guint strap, reset_cause;
  guint8 *ram[G_N_ELEMENTS (ram_ranges)]; /* (owned) */
  GHashTable *others;                     /* (owned) address to word: remembered, without effect */
};

FgSimBus *
fg_sim_bus_new (const FgSimSpec *spec, FgSimSpi *spi)
{
  FgSimBus *self = g_new0 (FgSimBus, 1);

  self->spi = spi;
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
  self->divider = RESET_DIVIDER;
  self->strap = strap;
  self->reset_cause = reset_cause;
  g_hash_table_remove_all (self->others);
  fg_sim_spi_reset (self->spi);
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
  if (address - ADDR_SPI < FG_SIM_SPI_SPAN)
    return fg_sim_spi_read (self->spi, address - ADDR_SPI, now_ns);
  switch (address) {
  case ADDR_MAGIC:
    return MAGIC;
  case ADDR_CLKDIV:
    return self->divider;
  case ADDR_UART_DATE:
    return 0x00062000;
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
  else if (address - ADDR_SPI < FG_SIM_SPI_SPAN)
    fg_sim_spi_write (self->spi, address - ADDR_SPI, value, now_ns);
  else if (address == ADDR_CLKDIV)
    fg_sim_bus_set_divider (self, value);
  else if (address >= ADDR_UART && address < ADDR_UART + 0x10000)
    g_hash_table_insert (self->others, GUINT_TO_POINTER (address), GUINT_TO_POINTER (value));
}

double
fg_sim_bus_get_baud (const FgSimBus *self)
{
  return (double) self->clock_hz / self->divider;
}

/** fg_sim_bus_set_baud: sets the nearest divider, as software and auto-baud do. */
void
fg_sim_bus_set_baud (FgSimBus *self, double baud)
{
  fg_sim_bus_set_divider (self, (guint32) (self->clock_hz / baud + 0.5));
}

void
fg_sim_bus_set_divider (FgSimBus *self, guint32 divider)
{
  self->divider = MAX (divider & DIVIDER_MASK, 1);
}
