/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a chip sees at its addresses, as far as a loader can ask: ROM identification, eFuse words,
 * the UART, the SPI controller, the RAM of an ESP8266. Times in nanoseconds.
 */

#include "fg-sim-spi.h"
#include "fg-sim-timers.h"
#include "fg-sim-uart.h"
#include "fg-sim-watchdog.h"

G_BEGIN_DECLS

typedef struct _FgSimBus FgSimBus;

FgSimBus *
fg_sim_bus_new (const FgSimSpec *spec, FgSimSpi *spi, FgSimUart *uart, FgSimTimers *timers);
void fg_sim_bus_free (FgSimBus *self);
void fg_sim_bus_reset (FgSimBus *self, guint strap, guint reset_cause);

guint32 fg_sim_bus_read (FgSimBus *self, guint32 address, gint64 now_ns);
void fg_sim_bus_write (FgSimBus *self, guint32 address, guint32 value, gint64 now_ns);

/* The rate of the chip's UART in both directions, bit/s. */
double fg_sim_bus_get_baud (const FgSimBus *self);
void fg_sim_bus_set_baud (FgSimBus *self, double baud);
/* As the ROM does: it divides what it takes its crystal for. */
void fg_sim_bus_request_baud (FgSimBus *self, double baud);
FgSimWatchdog *fg_sim_bus_get_watchdog (FgSimBus *self);
/* Whether the register that keeps the chip in its loader says so. */
gboolean fg_sim_bus_is_download_forced (const FgSimBus *self);
void fg_sim_bus_force_download (FgSimBus *self);
gboolean fg_sim_bus_is_flash_on (const FgSimBus *self);
guint32 fg_sim_bus_get_clock_hz (const FgSimBus *self);

/* What a processor executes and works in. */
#define FG_SIM_DRAM_START 0x3FFE8000u
#define FG_SIM_DRAM_SIZE 0x18000u
#define FG_SIM_IRAM_START 0x40100000u
#define FG_SIM_IRAM_SIZE 0x10000u
#define FG_SIM_ROM_START 0x40000000u
#define FG_SIM_ROM_SIZE 0x10000u
#define FG_SIM_UART_START 0x60000000u
#define FG_SIM_SPI_START 0x60000200u
guint8 *fg_sim_bus_get_ram (FgSimBus *self, guint32 start);
gboolean fg_sim_bus_is_mapped (guint32 address);
gboolean fg_sim_bus_is_steady (guint32 address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimBus, fg_sim_bus_free)

G_END_DECLS
