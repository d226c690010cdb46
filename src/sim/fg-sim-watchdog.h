/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The two watchdogs that go on while a chip sits in its loader behind its own USB port, and that
 * also serve to leave it: PROTOCOL-FACTS 4.3 and 12. Times in nanoseconds.
 */

#include "fg-sim-model.h"

G_BEGIN_DECLS

typedef struct {
  const FgSimWatchdogLayout *layout; /* (unowned) static */
  guint32 config0, config1, protect;
  guint32 super_config, super_protect;
  gint64 due_ns, super_due_ns; /* G_MAXINT64: off */
} FgSimWatchdog;

void fg_sim_watchdog_reset (FgSimWatchdog *self);
void fg_sim_watchdog_arm (FgSimWatchdog *self, gint64 now_ns);
guint32 *fg_sim_watchdog_find (FgSimWatchdog *self, guint32 address);
void fg_sim_watchdog_write (FgSimWatchdog *self, guint32 address, guint32 value, gint64 now_ns);
gint64 fg_sim_watchdog_next_event (const FgSimWatchdog *self);

G_END_DECLS
