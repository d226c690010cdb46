/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Registers that remember what is written to them, without effect; and those of an ESP8266 that do
 * a little more: pins, cache control, counters that programs look at.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Of the cache for the flash; esp-open-rtos calls it SPI_READY. */
#define FG_SIM_CACHE_CONTROL 0x3FF0000Cu

typedef struct {
  GHashTable *words; /* (owned) by address */
  guint strap, reset_cause;
  guint32 random;
  gboolean flushing; /* the cache, until somebody looks */
} FgSimRegisters;

void fg_sim_registers_init (FgSimRegisters *self);
void fg_sim_registers_clear (FgSimRegisters *self);
void fg_sim_registers_reset (FgSimRegisters *self, guint strap, guint reset_cause);

guint32 fg_sim_registers_recall (const FgSimRegisters *self, guint32 address);
void fg_sim_registers_remember (FgSimRegisters *self, guint32 address, guint32 value);

guint32 fg_sim_registers_read (FgSimRegisters *self, guint32 address, gint64 now_ns);
void fg_sim_registers_write (FgSimRegisters *self, guint32 address, guint32 value);
gboolean fg_sim_registers_is_steady (guint32 address);

G_END_DECLS
