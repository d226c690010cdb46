/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-timers.h"

enum {
  REG_EDGES = 0x3ff00004, /* bits 0 to 2: watchdog, FRC1, FRC2 */
  REG_FRC1 = 0x60000600,
  REG_FRC2 = 0x60000620,
  REG_ALARM = 0x60000630,
  REG_TIMERS_END = 0x60000640,
  REG_WATCHDOG = 0x60000900,
  REG_WATCHDOG_STAGE_0 = 0x60000904,
  REG_WATCHDOG_STAGE_1 = 0x60000908,
  REG_WATCHDOG_FEED = 0x60000914,
  REG_WATCHDOG_END = 0x60000920,
};

/* Offsets of both timers. */
#define OFFSET_LOAD 0x00
#define OFFSET_COUNT 0x04
#define OFFSET_CONTROL 0x08

#define CONTROL_RELOAD (1u << 6)
#define CONTROL_RUN (1u << 7)
#define FRC1_MAX 0xffffffu
#define WRAP_32 (G_GUINT64_CONSTANT (1) << 32)

#define WATCHDOG_RUN (1u << 0)
#define WATCHDOG_HARMLESS (3u << 1) /* its second stage does not reset, or is not there */
#define WATCHDOG_FOOD 0x73
/* A stage takes 2^n of this: 1.68 s with n = 11 at 80 MHz, says wdt.c of pvvx's SDK. */
#define WATCHDOG_UNIT 65536u
#define WATCHDOG_EXPONENT_MAX 15u

#define NEVER G_MAXUINT64

static guint64
divider (const FgSimTimer *timer)
{
  static const guint dividers[4] = { 1, 16, 256, 256 };

  return dividers[timer->control >> 2 & 3];
}

static guint32
count (const FgSimTimers *self, const FgSimTimer *timer)
{
  guint64 passed = 0;

  if (timer->control & CONTROL_RUN)
    passed = (self->now - timer->since) / divider (timer);
  if (timer == &self->frc1)
    return (guint32) (timer->base - passed) & FRC1_MAX;
  return (guint32) (timer->base + passed);
}

/* Lets it go on from @base. */
static void
start (FgSimTimers *self, FgSimTimer *timer, guint32 base)
{
  guint64 left;

  timer->base = base;
  timer->since = self->now;
  timer->due = NEVER;
  if (!(timer->control & CONTROL_RUN))
    return;
  if (timer == &self->frc1)
    left = (guint64) base + 1;
  else
    left = self->alarm != base ? (guint32) (self->alarm - base) : WRAP_32;
  timer->due = self->now + left * divider (timer);
}

static void
write_timer (FgSimTimers *self, FgSimTimer *timer, guint32 offset, guint32 value)
{
  guint32 counted = count (self, timer);

  switch (offset) {
  case OFFSET_LOAD:
    timer->load = timer == &self->frc1 ? value & FRC1_MAX : value;
    start (self, timer, timer->load);
    break;
  case OFFSET_CONTROL:
    timer->control = value;
    start (self, timer, counted);
    break;
  default:
    break;
  }
}

static guint64
watchdog_due (const FgSimTimers *self)
{
  if (!(self->control & WATCHDOG_RUN))
    return NEVER;
  return self->stage_since + ((guint64) WATCHDOG_UNIT << self->exponents[self->stage]);
}

static void
feed (FgSimTimers *self)
{
  self->stage = 0;
  self->stage_since = self->now;
}

/** fg_sim_timers_reset: nothing counts after a reset; the tick is 0. */
void
fg_sim_timers_reset (FgSimTimers *self)
{
  *self = (FgSimTimers){ .exponents = { WATCHDOG_EXPONENT_MAX, WATCHDOG_EXPONENT_MAX } };
  self->frc1.due = self->frc2.due = NEVER;
}

/** fg_sim_timers_have: Returns: whether @address is a register of theirs */
gboolean
fg_sim_timers_have (guint32 address)
{
  return address == REG_EDGES || (address >= REG_FRC1 && address < REG_TIMERS_END)
         || (address >= REG_WATCHDOG && address < REG_WATCHDOG_END);
}

guint32
fg_sim_timers_read (const FgSimTimers *self, guint32 address)
{
  switch (address) {
  case REG_EDGES:
    return self->edges;
  case REG_FRC1 + OFFSET_COUNT:
    return count (self, &self->frc1);
  case REG_FRC1 + OFFSET_CONTROL:
    return self->frc1.control;
  case REG_FRC2 + OFFSET_COUNT:
    return count (self, &self->frc2);
  case REG_FRC2 + OFFSET_CONTROL:
    return self->frc2.control;
  case REG_ALARM:
    return self->alarm;
  case REG_WATCHDOG:
    return self->control;
  case REG_WATCHDOG_STAGE_0:
  case REG_WATCHDOG_STAGE_1:
    return self->exponents[(address - REG_WATCHDOG_STAGE_0) / 4];
  default:
    if (address >= REG_WATCHDOG)
      return 0;
    return address < REG_FRC2 ? self->frc1.load : self->frc2.load;
  }
}

void
fg_sim_timers_write (FgSimTimers *self, guint32 address, guint32 value)
{
  switch (address) {
  case REG_EDGES:
    self->edges = value;
    return;
  case REG_ALARM:
    self->alarm = value;
    start (self, &self->frc2, count (self, &self->frc2));
    return;
  case REG_WATCHDOG:
    if ((value & ~self->control) & WATCHDOG_RUN)
      feed (self);
    self->control = value;
    return;
  case REG_WATCHDOG_STAGE_0:
  case REG_WATCHDOG_STAGE_1:
    self->exponents[(address - REG_WATCHDOG_STAGE_0) / 4] = value & WATCHDOG_EXPONENT_MAX;
    return;
  case REG_WATCHDOG_FEED:
    if (value == WATCHDOG_FOOD)
      feed (self);
    return;
  default:
    break;
  }
  if (address < REG_FRC2)
    write_timer (self, &self->frc1, address - REG_FRC1, value);
  else if (address < REG_ALARM)
    write_timer (self, &self->frc2, address - REG_FRC2, value);
}

/** fg_sim_timers_next_event: Returns: when fg_sim_timers_advance() is due; %G_MAXUINT64: never */
guint64
fg_sim_timers_next_event (const FgSimTimers *self)
{
  return MIN (MIN (self->frc1.due, self->frc2.due), watchdog_due (self));
}

/**
 * fg_sim_timers_advance:
 *
 * Lets happen what is due now. A watchdog that nobody fed interrupts after its first stage, and
 * bites after its second.
 *
 * Returns: the interrupts that came, one bit each
 */
guint32
fg_sim_timers_advance (FgSimTimers *self)
{
  guint32 events = 0;

  if (self->now >= self->frc1.due) {
    start (self, &self->frc1, self->frc1.control & CONTROL_RELOAD ? self->frc1.load : FRC1_MAX);
    if (self->edges & 2)
      events |= 1u << FG_SIM_INTERRUPT_FRC1;
  }
  if (self->now >= self->frc2.due) {
    self->frc2.due += WRAP_32 * divider (&self->frc2);
    if (self->edges & 4)
      events |= 1u << FG_SIM_INTERRUPT_FRC2;
  }
  if (self->now >= watchdog_due (self)) {
    if (self->stage == 1 && !(self->control & WATCHDOG_HARMLESS))
      self->bites = TRUE;
    if (self->stage == 0 && (self->edges & 1))
      events |= 1u << FG_SIM_INTERRUPT_WATCHDOG;
    self->stage ^= 1;
    self->stage_since = self->now;
  }
  return events;
}
