/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The ESP8266 as a machine: a processor that executes what was loaded into RAM, or a dump of the
 * ROM from reset on, between the UART, the flash controller, timers, and the stand-in for the ROM's
 * functions where there is no dump. With timing it keeps to the
 * caller's clock; without, it is as fast as it can be. Times in nanoseconds.
 */

#include "fg-sim-rom-calls.h"

G_BEGIN_DECLS

typedef struct _FgSimMachine FgSimMachine;

typedef struct {
  FgSimBus *bus;
  FgSimSpi *spi;
  FgSimUart *uart;
  FgSimTimers *timers;
} FgSimMachineParts;

FgSimMachine *
fg_sim_machine_new (const FgSimMachineParts *parts, const guint8 *rom, gboolean timed);
void fg_sim_machine_free (FgSimMachine *self);
void
fg_sim_machine_start (FgSimMachine *self, guint32 entry, const FgSimRomFlash *flash, gint64 now_ns);
void fg_sim_machine_boot (FgSimMachine *self, gint64 now_ns);
void fg_sim_machine_receive (FgSimMachine *self, guint8 byte, double line_baud);
FgSimProgramState fg_sim_machine_run (FgSimMachine *self, gint64 now_ns, gint64 until_ns);
gint64 fg_sim_machine_next_event (const FgSimMachine *self);
gboolean fg_sim_machine_is_computing (const FgSimMachine *self);
const char *fg_sim_machine_get_fault (const FgSimMachine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimMachine, fg_sim_machine_free)

G_END_DECLS
