/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * UART0 of an ESP8266 as a program sees it: FIFOs, interrupts, divider, auto-baud. The wire is not
 * its business: bytes come in when they have arrived, and leave one by one when the line is free.
 * Times are in cycles of the processor, whose clock is the UART's or twice that.
 * Registers and bits: ESP8266 Technical Reference, chapter 11 and appendix 1.
 */

#include "fg-sim-queue.h"

G_BEGIN_DECLS

#define FG_SIM_UART_SPAN 0x80u
#define FG_SIM_UART_FIFO 128u
#define FG_SIM_UART_FIFO_OFFSET 0x00
#define FG_SIM_UART_FRACTIONS 16u /* of a step of the divider */

typedef struct {
  gboolean timed; /* FALSE: a FIFO that is full makes the line wait, so that nothing is lost */
  guint cycles_per_clock; /* the processor's, of its own */
  guint64 now;            /* cycles; kept up by whoever runs the processor */
  guint tx_pending;       /* bytes that left the FIFO and wait for the line; likewise */
  FgSimQueue rx, tx;
  FgSimQueue backlog; /* what has arrived at a full FIFO, without timing */
  guint32 raw, enabled, conf0, conf1, divider, autobaud;
  guint32 fraction;   /* of the divider; always 0 on an ESP8266 */
  guint32 edges;      /* of the line, while auto-baud counts */
  guint32 pulse;      /* shortest, in cycles */
  guint64 arrived_at; /* when the last byte came, or was taken; in cycles */
  gboolean timed_out; /* said once after a byte */
  guint64 lost;
} FgSimUart;

void fg_sim_uart_init (FgSimUart *self, gboolean timed);
void fg_sim_uart_clear (FgSimUart *self);
void fg_sim_uart_reset (FgSimUart *self, guint32 divider);

guint32 fg_sim_uart_read (FgSimUart *self, guint32 offset);
void fg_sim_uart_write (FgSimUart *self, guint32 offset, guint32 value);
void fg_sim_uart_empty_fifos (FgSimUart *self);

void fg_sim_uart_receive (FgSimUart *self, guint8 byte, double line_baud, double clock_hz);
gboolean fg_sim_uart_feed (FgSimUart *self);
gboolean fg_sim_uart_interrupts (FgSimUart *self);
guint64 fg_sim_uart_next_event (const FgSimUart *self);
gboolean fg_sim_uart_is_measuring (const FgSimUart *self);
guint fg_sim_uart_count_edges (guint8 byte);

G_END_DECLS
