/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the UART. */
#include "fg-sim-rom-calls-list.h"

#define UART0 0
#define TX_FULL 126 /* bytes: from then on the ROM waits for room */
#define WAIT_CYCLES 10

FgSimCallResult
fg_sim_rom_call_send_char (FgSimRomCalls *self)
{
  guint8 byte = (guint8) self->cpu->a[2];

  self->cpu->cycles += WAIT_CYCLES;
  self->cpu->stop = TRUE; /* for the line to take it */
  if (fg_sim_queue_len (&self->uart->tx) + self->uart->tx_pending >= TX_FULL)
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  fg_sim_queue_push (&self->uart->tx, &byte, 1);
  self->cpu->changes++;
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_receive_char (FgSimRomCalls *self)
{
  guint8 *place;

  self->cpu->cycles += WAIT_CYCLES;
  if (fg_sim_queue_len (&self->uart->rx) == 0) {
    self->cpu->a[2] = 1;
    return FG_SIM_CALL_RETURN;
  }
  place = fg_sim_rom_calls_memory (self, self->cpu->a[2], 1);
  if (place == NULL)
    return FG_SIM_CALL_GONE;
  *place = fg_sim_queue_pop (&self->uart->rx);
  self->cpu->changes++;
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_receive_char_block (FgSimRomCalls *self)
{
  self->cpu->cycles += WAIT_CYCLES;
  if (fg_sim_queue_len (&self->uart->rx) == 0)
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  self->cpu->a[2] = fg_sim_queue_pop (&self->uart->rx);
  self->cpu->changes++;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_modify_divider (FgSimRomCalls *self)
{
  if (self->cpu->a[2] == UART0) {
    self->uart->divider = MAX (self->cpu->a[3], 1);
    fg_sim_uart_empty_fifos (self->uart);
    self->cpu->changes++;
  }
  return FG_SIM_CALL_RETURN;
}
