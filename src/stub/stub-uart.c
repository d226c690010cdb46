/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-uart.h"

#include "stub-hot.h"
#include "stub-rom.h"

#define INT_FIFO_FULL (1u << 0)
#define INT_OVERFLOW (1u << 4)
#define INT_PAUSE (1u << 8)
/* interrupt at 32 bytes, or when the line rests for 10 byte times */
#define CONF1_RECEIVE (1u << 31 | 10u << 24 | 32u)
#define TX_FIFO_ROOM 126u
#define POLL_BYTES 128u /* looked at in one call, so that the flash does not wait for long */

#define SLIP_END 0xc0
#define SLIP_ESC 0xdb
#define SLIP_ESC_END 0xdc
#define SLIP_ESC_ESC 0xdd

enum { SLIP_PLAIN, SLIP_ESCAPED, SLIP_BROKEN };

StubUartLosses stub_uart_losses;

static uint8_t ring[STUB_RING_BYTES];
static volatile uint32_t ring_in, ring_out;
static uint32_t frame_len;
static uint32_t state;
static void (*while_idle) (void);

STUB_HOT static void
on_interrupt (void *data)
{
  uint32_t status = UART_INT_STATUS;
  uint32_t in = ring_in;
  uint32_t count;

  (void) data;
  if (status & INT_OVERFLOW)
    stub_uart_losses.fifo_overflows++;
  while ((count = UART_STATUS & 0xff) != 0)
    for (; count > 0; count--) {
      uint8_t byte = (uint8_t) UART_FIFO;
      uint32_t next = in + 1 == STUB_RING_BYTES ? 0 : in + 1;

      if (next == ring_out) {
        stub_uart_losses.ring_drops++;
        continue;
      }
      ring[in] = byte;
      in = next;
    }
  ring_in = in;
  UART_INT_CLEAR = status;
}

void
stub_uart_start (void)
{
  UART_CONF1 = CONF1_RECEIVE;
  ets_isr_attach (UART_INTERRUPT, on_interrupt, NULL);
  UART_INT_ENABLE = INT_FIFO_FULL | INT_OVERFLOW | INT_PAUSE;
  ets_isr_unmask (1u << UART_INTERRUPT);
}

/* Leaves the line to whoever comes next. */
void
stub_uart_stop (void)
{
  stub_uart_drain ();
  ets_isr_mask (1u << UART_INTERRUPT);
  UART_INT_ENABLE = 0;
}

int
stub_uart_waiting (void)
{
  return ring_in != ring_out;
}

/* Goes on with the frame that is coming in: its length once it is whole, or 0. Whatever is between
 * two delimiters is a frame, so that spare delimiters and noise harm one frame and not the framing;
 * a frame that is too long or badly escaped is dropped. */
STUB_HOT uint32_t
stub_uart_poll_frame (uint8_t *frame, uint32_t size)
{
  const uint8_t *next = ring + ring_out;
  const uint8_t *ring_end = ring + STUB_RING_BYTES;
  uint32_t in = ring_in; /* once: the interrupt moves it */
  uint32_t available = in - ring_out + (in < ring_out ? STUB_RING_BYTES : 0);
  uint32_t left = available < POLL_BYTES ? available : POLL_BYTES;
  uint32_t len = frame_len, whole = 0, now = state;

  for (; left > 0 && whole == 0; left--) {
    uint32_t byte = *next++;

    if (next == ring_end)
      next = ring;
    if (byte == SLIP_END) {
      whole = now == SLIP_PLAIN ? len : 0;
      len = 0;
      now = SLIP_PLAIN;
      continue;
    }
    if (byte == SLIP_ESC && now == SLIP_PLAIN) {
      now = SLIP_ESCAPED;
      continue;
    }
    if (now == SLIP_ESCAPED) {
      now = byte == SLIP_ESC_END || byte == SLIP_ESC_ESC ? SLIP_PLAIN : SLIP_BROKEN;
      byte = byte == SLIP_ESC_END ? SLIP_END : SLIP_ESC;
    }
    if (len < size)
      frame[len++] = (uint8_t) byte;
    else
      now = SLIP_BROKEN;
  }
  ring_out = (uint32_t) (next - ring);
  frame_len = len;
  state = now;
  return whole;
}

/* @idle is called whenever sending has to wait for the line; NULL for nothing. */
void
stub_uart_set_idle (void (*idle) (void))
{
  while_idle = idle;
}

static void
put (uint8_t byte)
{
  while ((UART_STATUS >> 16 & 0xff) >= TX_FIFO_ROOM)
    if (while_idle != NULL)
      while_idle ();
  UART_FIFO = byte;
}

void
stub_uart_delimit (void)
{
  put (SLIP_END);
}

void
stub_uart_send (const void *bytes, uint32_t len)
{
  const uint8_t *next = bytes;

  for (; len > 0; len--) {
    uint8_t byte = *next++;

    if (byte == SLIP_END || byte == SLIP_ESC) {
      put (SLIP_ESC);
      byte = byte == SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
    }
    put (byte);
  }
}

void
stub_uart_send_u32 (uint32_t value)
{
  stub_uart_send (&value, sizeof value);
}

/* Waits until the last bit has left: one byte takes 10 divider periods after the FIFO is empty. */
void
stub_uart_drain (void)
{
  while ((UART_STATUS >> 16 & 0xff) != 0)
    ;
  ets_delay_us ((UART_DIVIDER & 0xfffff) / 2 + 10);
}

void
stub_uart_set_divider (uint32_t divider)
{
  stub_uart_drain ();
  uart_div_modify (0, divider);
}
