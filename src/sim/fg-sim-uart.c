/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-uart.h"

enum {
  REG_FIFO = FG_SIM_UART_FIFO_OFFSET,
  REG_INT_RAW = 0x04,
  REG_INT_STATUS = 0x08,
  REG_INT_ENABLE = 0x0c,
  REG_INT_CLEAR = 0x10,
  REG_DIVIDER = 0x14,
  REG_AUTOBAUD = 0x18,
  REG_STATUS = 0x1c,
  REG_CONF0 = 0x20,
  REG_CONF1 = 0x24,
  REG_LOW_PULSE = 0x28,
  REG_HIGH_PULSE = 0x2c,
  REG_EDGES = 0x30,
  REG_DATE = 0x78,
};

#define INT_RX_FULL (1u << 0)
#define INT_TX_EMPTY (1u << 1)
#define INT_RX_OVERFLOW (1u << 4)
#define INT_RX_TIMEOUT (1u << 8)

#define STATUS_IDLE (1u << 15) /* RXD is high; bit 31 is set only while something is sent */
#define CONF0_8N1 0x1cu
#define CONF0_RX_RESET (1u << 17)
#define CONF0_TX_RESET (1u << 18)
#define CONF1_ROM 1u /* as the mask ROM sets it up: an interrupt for each byte */
#define CONF1_TIMEOUT_ENABLE (1u << 31)
#define TIMEOUT_UNIT_BITS 8 /* one step of the threshold */
#define DIVIDER_BITS 20
#define DIVIDER_MASK ((1u << DIVIDER_BITS) - 1)
#define AUTOBAUD_ENABLE 1u
#define EDGES_MAX 0x3ffu
#define PULSE_MAX 0xfffffu
/* The counters miss what the glitch filter and the synchronizer swallow; the mask ROM adds it. */
#define PULSE_LOSS 12
#define DATE 0x00062000u
/* Without timing a byte still comes some instructions after the one before: programs are written
 * for lines, which have a rate. This one is 2.6 Mbaud at 52 MHz. */
#define FEED_CYCLES 200
#define NEVER G_MAXUINT64

void
fg_sim_uart_init (FgSimUart *self, gboolean timed)
{
  *self = (FgSimUart){ .timed = timed };
  fg_sim_queue_init (&self->rx);
  fg_sim_queue_init (&self->tx);
  fg_sim_queue_init (&self->backlog);
  fg_sim_uart_reset (self, 1);
}

void
fg_sim_uart_clear (FgSimUart *self)
{
  fg_sim_queue_free_contents (&self->rx);
  fg_sim_queue_free_contents (&self->tx);
  fg_sim_queue_free_contents (&self->backlog);
}

/** fg_sim_uart_reset: @divider: that after a reset; the rest is as the ROM sets it up. */
void
fg_sim_uart_reset (FgSimUart *self, guint32 divider)
{
  fg_sim_uart_empty_fifos (self);
  fg_sim_queue_clear (&self->backlog);
  self->raw = self->enabled = self->autobaud = self->edges = 0;
  self->tx_pending = 0;
  self->cycles_per_clock = 1;
  self->pulse = PULSE_MAX;
  self->conf0 = CONF0_8N1;
  self->conf1 = CONF1_ROM;
  self->divider = divider;
  self->fraction = 0;
  self->arrived_at = 0;
  self->timed_out = TRUE;
}

void
fg_sim_uart_empty_fifos (FgSimUart *self)
{
  fg_sim_queue_clear (&self->rx);
  fg_sim_queue_clear (&self->tx);
  self->raw &= ~(INT_RX_FULL | INT_RX_TIMEOUT);
}

static guint64
timeout_at (const FgSimUart *self)
{
  guint64 units = self->conf1 >> 24 & 0x7f;

  if (!(self->conf1 & CONF1_TIMEOUT_ENABLE) || self->timed_out || fg_sim_queue_len (&self->rx) == 0)
    return NEVER;
  return self->arrived_at + units * TIMEOUT_UNIT_BITS * self->divider * self->cycles_per_clock;
}

static guint64
feed_at (const FgSimUart *self)
{
  if (fg_sim_queue_len (&self->backlog) == 0 || fg_sim_queue_len (&self->rx) >= FG_SIM_UART_FIFO)
    return NEVER;
  return self->arrived_at + FEED_CYCLES;
}

/** fg_sim_uart_next_event: Returns: cycles; when something happens that nobody else causes */
guint64
fg_sim_uart_next_event (const FgSimUart *self)
{
  return MIN (timeout_at (self), feed_at (self));
}

/* What the conditions of now make pending, in addition to what is. */
static void
update (FgSimUart *self)
{
  guint rx_threshold = self->conf1 & 0x7f, tx_threshold = self->conf1 >> 8 & 0x7f;

  if (fg_sim_queue_len (&self->rx) >= MAX (rx_threshold, 1))
    self->raw |= INT_RX_FULL;
  if (fg_sim_queue_len (&self->tx) + self->tx_pending < tx_threshold)
    self->raw |= INT_TX_EMPTY;
  if (self->now >= timeout_at (self)) {
    self->raw |= INT_RX_TIMEOUT;
    self->timed_out = TRUE;
  }
}

/** fg_sim_uart_interrupts: Returns: whether the UART pulls its interrupt line */
gboolean
fg_sim_uart_interrupts (FgSimUart *self)
{
  update (self);
  return (self->raw & self->enabled) != 0;
}

static void
take_in (FgSimUart *self, guint8 byte)
{
  self->arrived_at = self->now;
  self->timed_out = FALSE;
  if (fg_sim_queue_len (&self->rx) < FG_SIM_UART_FIFO) {
    fg_sim_queue_push (&self->rx, &byte, 1);
  } else {
    self->raw |= INT_RX_OVERFLOW;
    self->lost++;
  }
}

/** fg_sim_uart_count_edges: Returns: how often the line changes in the ten bits of a byte */
guint
fg_sim_uart_count_edges (guint8 byte)
{
  /* the bits in the order of the line, with the idle level before them, start and stop bit */
  guint line = 1u | (guint) byte << 2 | 1u << 10;

  return (guint) __builtin_popcount ((line ^ (line >> 1)) & 0x3ff);
}

/**
 * fg_sim_uart_receive:
 * @line_baud: the rate at which the byte came, which auto-baud measures
 *
 * A byte has arrived. It is in the FIFO after fg_sim_uart_feed().
 */
void
fg_sim_uart_receive (FgSimUart *self, guint8 byte, double line_baud, double clock_hz)
{
  double cycles = clock_hz / line_baud;

  fg_sim_queue_push (&self->backlog, &byte, 1);
  if (!fg_sim_uart_is_measuring (self))
    return;
  self->edges = MIN (self->edges + fg_sim_uart_count_edges (byte), EDGES_MAX);
  if (cycles > PULSE_LOSS && cycles < self->pulse)
    self->pulse = (guint32) (cycles + 0.5) - PULSE_LOSS;
}

/** fg_sim_uart_feed: Returns: whether something came into the FIFO, or was lost before it */
gboolean
fg_sim_uart_feed (FgSimUart *self)
{
  gboolean fed = FALSE;

  while (fg_sim_queue_len (&self->backlog) > 0 && (self->timed || self->now >= feed_at (self))) {
    take_in (self, fg_sim_queue_pop (&self->backlog));
    fed = TRUE;
  }
  return fed;
}

gboolean
fg_sim_uart_is_measuring (const FgSimUart *self)
{
  return (self->autobaud & AUTOBAUD_ENABLE) != 0;
}

/** fg_sim_uart_read: @offset: word-aligned, below %FG_SIM_UART_SPAN */
guint32
fg_sim_uart_read (FgSimUart *self, guint32 offset)
{
  gsize rx = fg_sim_queue_len (&self->rx);
  gsize tx = fg_sim_queue_len (&self->tx) + self->tx_pending;

  switch (offset) {
  case REG_FIFO:
    return rx > 0 ? fg_sim_queue_pop (&self->rx) : 0;
  case REG_INT_RAW:
    update (self);
    return self->raw;
  case REG_INT_STATUS:
    update (self);
    return self->raw & self->enabled;
  case REG_INT_ENABLE:
    return self->enabled;
  case REG_DIVIDER:
    return self->divider | self->fraction << DIVIDER_BITS;
  case REG_AUTOBAUD:
    return self->autobaud;
  case REG_STATUS:
    return (guint32) rx | (guint32) MIN (tx, FG_SIM_UART_FIFO) << 16 | STATUS_IDLE;
  case REG_CONF0:
    return self->conf0;
  case REG_CONF1:
    return self->conf1;
  case REG_LOW_PULSE:
  case REG_HIGH_PULSE:
    return self->pulse;
  case REG_EDGES:
    return self->edges;
  case REG_DATE:
    return DATE;
  default:
    return 0;
  }
}

static void
write_conf0 (FgSimUart *self, guint32 value)
{
  self->conf0 = value;
  if (value & CONF0_RX_RESET) {
    fg_sim_queue_clear (&self->rx);
    self->raw &= ~(INT_RX_FULL | INT_RX_TIMEOUT);
  }
  if (value & CONF0_TX_RESET)
    fg_sim_queue_clear (&self->tx);
}

/** fg_sim_uart_write: @offset: word-aligned, below %FG_SIM_UART_SPAN */
void
fg_sim_uart_write (FgSimUart *self, guint32 offset, guint32 value)
{
  guint8 byte = (guint8) value;

  switch (offset) {
  case REG_FIFO:
    if (fg_sim_queue_len (&self->tx) < FG_SIM_UART_FIFO)
      fg_sim_queue_push (&self->tx, &byte, 1);
    break;
  case REG_INT_ENABLE:
    self->enabled = value;
    break;
  case REG_INT_CLEAR:
    self->raw &= ~value;
    break;
  case REG_DIVIDER:
    self->divider = MAX (value & DIVIDER_MASK, 1);
    break;
  case REG_AUTOBAUD:
    if ((value & AUTOBAUD_ENABLE) && !fg_sim_uart_is_measuring (self)) {
      self->edges = 0;
      self->pulse = PULSE_MAX;
    }
    self->autobaud = value;
    break;
  case REG_CONF0:
    write_conf0 (self, value);
    break;
  case REG_CONF1:
    self->conf1 = value;
    break;
  default:
    break;
  }
}
