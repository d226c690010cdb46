/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What counts by itself in an ESP8266: the timers FRC1 and FRC2, and the watchdog. Times are in
 * ticks of the bus's clock, which is the processor's unless that is doubled.
 * Registers: esp-open-rtos, timer_regs.h, wdt_regs.h and dport_regs.h; ESP8266 Technical Reference,
 * appendix 5. How the watchdog's two stages work is known from Espressif's start-up code alone.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Interrupts of the processor. */
#define FG_SIM_INTERRUPT_WATCHDOG 8
#define FG_SIM_INTERRUPT_FRC1 9
#define FG_SIM_INTERRUPT_FRC2 10

typedef struct {
  guint32 load, control;
  guint32 base;  /* what it counted at .. */
  guint64 since; /* .. this tick */
  guint64 due;   /* tick of its interrupt; %G_MAXUINT64: none */
} FgSimTimer;

typedef struct {
  guint64 now; /* kept up by whoever runs the processor */
  FgSimTimer frc1, frc2;
  guint32 alarm; /* of FRC2 */
  guint32 edges; /* which of them may interrupt */
  guint32 control, exponents[2];
  guint64 stage_since;
  guint stage;
  gboolean bites;
} FgSimTimers;

void fg_sim_timers_reset (FgSimTimers *self);
gboolean fg_sim_timers_have (guint32 address);
guint32 fg_sim_timers_read (const FgSimTimers *self, guint32 address);
void fg_sim_timers_write (FgSimTimers *self, guint32 address, guint32 value);
guint64 fg_sim_timers_next_event (const FgSimTimers *self);
guint32 fg_sim_timers_advance (FgSimTimers *self);

G_END_DECLS
