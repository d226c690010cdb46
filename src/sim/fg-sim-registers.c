/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-registers.h"

#define CACHE_FLUSH (1u << 0)
#define CACHE_EMPTY (1u << 1) /* comes a little after a flush was asked for */
#define CACHE_SPI_IDLE (1u << 9)
#define ADDR_SPI1_CMD 0x60000100u
/* ESP8266 Technical Reference, appendix 1 */
#define ADDR_GPIO_OUT 0x60000300u
#define ADDR_GPIO_ENABLE 0x6000030Cu
#define ADDR_GPIO_IN 0x60000318u /* the straps are in its upper half */
#define ADDR_RESET_CAUSE 0x60000714u
#define ADDR_RTC_COUNT 0x6000071Cu
#define RTC_TICK_NS 6000 /* its clock is some 170 kHz */
#define ADDR_RANDOM 0x3FF20E44u

void
fg_sim_registers_init (FgSimRegisters *self)
{
  *self = (FgSimRegisters){ .words = g_hash_table_new (NULL, NULL) };
}

void
fg_sim_registers_clear (FgSimRegisters *self)
{
  g_hash_table_unref (self->words);
}

void
fg_sim_registers_reset (FgSimRegisters *self, guint strap, guint reset_cause)
{
  g_hash_table_remove_all (self->words);
  self->strap = strap;
  self->reset_cause = reset_cause;
  self->flushing = FALSE;
}

guint32
fg_sim_registers_recall (const FgSimRegisters *self, guint32 address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->words, GUINT_TO_POINTER (address)));
}

/** fg_sim_registers_remember: @address: 0: there is no such register, nothing happens */
void
fg_sim_registers_remember (FgSimRegisters *self, guint32 address, guint32 value)
{
  if (address != 0)
    g_hash_table_insert (self->words, GUINT_TO_POINTER (address), GUINT_TO_POINTER (value));
}

/* Whoever flushes the cache sees it first full, then empty. */
static guint32
read_cache (FgSimRegisters *self)
{
  guint32 value = fg_sim_registers_recall (self, FG_SIM_CACHE_CONTROL) | CACHE_SPI_IDLE;

  if (!self->flushing)
    return value | CACHE_EMPTY;
  self->flushing = FALSE;
  return value & ~CACHE_EMPTY;
}

/* What the pins are: those that the chip drives, and the straps of the others. */
static guint32
read_pins (const FgSimRegisters *self)
{
  guint32 driven = fg_sim_registers_recall (self, ADDR_GPIO_ENABLE);
  guint32 out = fg_sim_registers_recall (self, ADDR_GPIO_OUT);
  /* GPIO2, GPIO0 and GPIO15, from the lowest bit on */
  guint32 pulled = (self->strap & 1) << 2 | (self->strap >> 1 & 1) | (self->strap >> 2 & 1) << 15;

  return self->strap << 16 | (pulled & ~driven) | (out & driven);
}

/** fg_sim_registers_read: of an ESP8266 */
guint32
fg_sim_registers_read (FgSimRegisters *self, guint32 address, gint64 now_ns)
{
  switch (address) {
  case ADDR_GPIO_IN:
    return read_pins (self);
  case ADDR_RESET_CAUSE:
    return self->reset_cause;
  case FG_SIM_CACHE_CONTROL:
    return read_cache (self);
  case ADDR_SPI1_CMD: /* nothing is connected to it, and it is done at once */
    return 0;
  case ADDR_RTC_COUNT:
    return (guint32) (now_ns / RTC_TICK_NS);
  case ADDR_RANDOM:
    self->random = self->random * 1664525 + 1013904223; /* Numerical Recipes' */
    return self->random;
  default:
    return fg_sim_registers_recall (self, address);
  }
}

/* Output and enabling of pins: a register each, and two that set and clear bits of it. */
static void
write_pins (FgSimRegisters *self, guint32 address, guint32 value)
{
  guint32 base = address < ADDR_GPIO_ENABLE ? ADDR_GPIO_OUT : ADDR_GPIO_ENABLE;

  if (address == base + 4)
    value = fg_sim_registers_recall (self, base) | value;
  else if (address == base + 8)
    value = fg_sim_registers_recall (self, base) & ~value;
  fg_sim_registers_remember (self, base, value);
}

/** fg_sim_registers_write: of an ESP8266 */
void
fg_sim_registers_write (FgSimRegisters *self, guint32 address, guint32 value)
{
  if (address >= ADDR_GPIO_OUT && address < ADDR_GPIO_IN) {
    write_pins (self, address, value);
    return;
  }
  if (address == FG_SIM_CACHE_CONTROL && (value & CACHE_FLUSH))
    self->flushing = TRUE;
  fg_sim_registers_remember (self, address, value);
}

/** fg_sim_registers_is_steady: Returns: whether it says the same until it is written */
gboolean
fg_sim_registers_is_steady (guint32 address)
{
  return address != ADDR_RTC_COUNT && address != ADDR_RANDOM && address != FG_SIM_CACHE_CONTROL;
}
