/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-watchdog.h"

#define KEY 0x50D83AA1u /* PROTOCOL-FACTS 4.3 */
#define ENABLE (1u << 31)
/* How long a loader may take that does not switch them off. PROTOCOL-FACTS only says that it is
 * shorter than flashing; ESP-IDF's boot loader gives itself as long. */
#define LOADER_NS (9 * G_GINT64_CONSTANT (1000000000))
#define TICK_NS 7353 /* the slow clock has about 136 kHz */

/** fg_sim_watchdog_reset: both are off. */
void
fg_sim_watchdog_reset (FgSimWatchdog *self)
{
  *self = (FgSimWatchdog){
    .layout = self->layout,
    .due_ns = G_MAXINT64,
    .super_due_ns = G_MAXINT64,
  };
}

/** fg_sim_watchdog_arm: as far as the chip has them. */
void
fg_sim_watchdog_arm (FgSimWatchdog *self, gint64 now_ns)
{
  if (self->layout->config0 != 0) {
    self->config0 = ENABLE;
    self->due_ns = now_ns + LOADER_NS;
  }
  if (self->layout->super_config != 0)
    self->super_due_ns = now_ns + LOADER_NS;
}

/** fg_sim_watchdog_find: Returns: (nullable): the register at @address, when it is one of them */
guint32 *
fg_sim_watchdog_find (FgSimWatchdog *self, guint32 address)
{
  const FgSimWatchdogLayout *layout = self->layout;

  if (address == 0)
    return NULL;
  if (address == layout->config0)
    return &self->config0;
  if (address == layout->config1)
    return &self->config1;
  if (address == layout->protect)
    return &self->protect;
  if (address == layout->super_config)
    return &self->super_config;
  if (address == layout->super_protect)
    return &self->super_protect;
  return NULL;
}

/** fg_sim_watchdog_write: to one of its registers; without the key next to it nothing happens. */
void
fg_sim_watchdog_write (FgSimWatchdog *self, guint32 address, guint32 value, gint64 now_ns)
{
  guint32 *reg = fg_sim_watchdog_find (self, address);
  gboolean is_super = reg == &self->super_config;

  if (reg == &self->protect || reg == &self->super_protect) {
    *reg = value;
    return;
  }
  if (is_super ? self->super_protect != self->layout->super_key : self->protect != KEY)
    return;
  *reg = value;
  if (is_super)
    self->super_due_ns = value >> self->layout->super_bit & 1 ? G_MAXINT64 : now_ns + LOADER_NS;
  else if (reg == &self->config0)
    self->due_ns = value & ENABLE ? now_ns + (gint64) self->config1 * TICK_NS : G_MAXINT64;
}

/** fg_sim_watchdog_next_event: Returns: when the chip is reset */
gint64
fg_sim_watchdog_next_event (const FgSimWatchdog *self)
{
  return MIN (self->due_ns, self->super_due_ns);
}
