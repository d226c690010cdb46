/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What an ESP8266 sees at its addresses, as far as a loader can ask: ROM identification, eFuse
 * words, the UART divider, the SPI controller, RAM. Times in nanoseconds.
 */

#include "fg-sim-spi.h"

G_BEGIN_DECLS

typedef struct _FgSimBus FgSimBus;

FgSimBus *fg_sim_bus_new (const FgSimSpec *spec, FgSimSpi *spi);
void fg_sim_bus_free (FgSimBus *self);
void fg_sim_bus_reset (FgSimBus *self, guint strap, guint reset_cause);

guint32 fg_sim_bus_read (FgSimBus *self, guint32 address, gint64 now_ns);
void fg_sim_bus_write (FgSimBus *self, guint32 address, guint32 value, gint64 now_ns);

/* The rate of the chip's UART in both directions, bit/s. */
double fg_sim_bus_get_baud (const FgSimBus *self);
void fg_sim_bus_set_baud (FgSimBus *self, double baud);
void fg_sim_bus_set_divider (FgSimBus *self, guint32 divider);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimBus, fg_sim_bus_free)

G_END_DECLS
