/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The serial line: an interrupt fills a ring, frames are taken out of it when the main loop has
 * time for them. */
#pragma once

#include <stdint.h>

#define STUB_RING_BYTES 24576u

/* What got lost on the way in; nothing else tells that a line was too fast. */
typedef struct {
  uint32_t fifo_overflows; /* times that the interrupt came too late for the hardware's 128 bytes */
  uint32_t ring_drops;     /* bytes for which the ring had no room */
} StubUartLosses;

extern StubUartLosses stub_uart_losses;

void stub_uart_start (void);
void stub_uart_stop (void);
uint32_t stub_uart_poll_frame (uint8_t *frame, uint32_t size);
int stub_uart_waiting (void);
void stub_uart_set_idle (void (*idle) (void));
void stub_uart_delimit (void);
void stub_uart_send (const void *bytes, uint32_t len);
void stub_uart_send_u32 (uint32_t value);
void stub_uart_drain (void);
void stub_uart_set_divider (uint32_t divider);
