/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the UART. */
#include "fg-sim-rom-calls-list.h"

#include <string.h>

#define UART0 0
#define TX_FULL 126 /* bytes: from then on the ROM waits for room */
#define WAIT_CYCLES 10
#define ARGUMENTS_IN_REGISTERS 6 /* from a2 on */
#define FORMAT_WIDTH_MAX 64
#define UART_DEVICE 0x3fffde10u /* UartDev in eagle.rom.addr.v6.ld */

/* Returns FALSE when there is no room yet. */
static gboolean
send (FgSimRomCalls *self, guint8 byte)
{
  self->cpu->cycles += WAIT_CYCLES;
  self->cpu->stop = TRUE; /* for the line to take it */
  if (fg_sim_queue_len (&self->uart->tx) + self->uart->tx_pending >= TX_FULL)
    return FALSE;
  fg_sim_queue_push (&self->uart->tx, &byte, 1);
  self->cpu->changes++;
  return TRUE;
}

FgSimCallResult
fg_sim_rom_call_send_char (FgSimRomCalls *self)
{
  if (!send (self, (guint8) self->cpu->a[2]))
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  self->cpu->a[2] = 0;
  return FG_SIM_CALL_RETURN;
}

/* An argument after the first six is on the stack. */
static guint32
get_argument (FgSimRomCalls *self, guint index)
{
  guint32 value = 0;

  if (index < ARGUMENTS_IN_REGISTERS)
    return self->cpu->a[2 + index];
  fg_sim_cpu_load (self->cpu, self->cpu->a[1] + 4 * (index - ARGUMENTS_IN_REGISTERS), 4, &value);
  return value;
}

static void
append_padded (GString *text, const char *item, gsize width, char pad)
{
  for (gsize len = strlen (item); len < width; len++)
    g_string_append_c (text, pad);
  g_string_append (text, item);
}

/* One conversion, from after its % on. Returns FALSE when its string is nowhere. */
static gboolean
append_item (FgSimRomCalls *self, GString *text, const char **format, guint *argument)
{
  g_autofree char *item = NULL;
  char pad = **format == '0' ? '0' : ' ', kind;
  gsize width = 0;

  for (; g_ascii_isdigit (**format); (*format)++)
    width = MIN (width * 10 + (gsize) (**format - '0'), FORMAT_WIDTH_MAX);
  kind = **format;
  if (kind != '\0')
    (*format)++;
  switch (kind) {
  case 'd':
    item = g_strdup_printf ("%d", (gint32) get_argument (self, (*argument)++));
    break;
  case 'u':
    item = g_strdup_printf ("%u", get_argument (self, (*argument)++));
    break;
  case 'x':
  case 'p':
    item = g_strdup_printf ("%x", get_argument (self, (*argument)++));
    break;
  case 'X':
    item = g_strdup_printf ("%X", get_argument (self, (*argument)++));
    break;
  case 'c':
    item = g_strdup_printf ("%c", (char) get_argument (self, (*argument)++));
    break;
  case 's':
    item = fg_sim_rom_calls_text (self, get_argument (self, (*argument)++));
    break;
  default:
    item = g_strdup_printf ("%c", kind);
    break;
  }
  if (item == NULL)
    return FALSE;
  append_padded (text, item, width, pad);
  return TRUE;
}

static char *
format_text (FgSimRomCalls *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *format = fg_sim_rom_calls_text (self, self->cpu->a[2]);
  const char *at = format;
  guint argument = 1;

  while (at != NULL && *at != '\0') {
    char c = *at++;

    if (c == '\n')
      g_string_append (text, "\r\n");
    else if (c != '%')
      g_string_append_c (text, c);
    else if (!append_item (self, text, &at, &argument))
      return NULL;
  }
  return at != NULL ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* The text is made anew each time that it goes on: meanwhile there is no place to keep it. */
FgSimCallResult
fg_sim_rom_call_print (FgSimRomCalls *self)
{
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);
  g_autofree char *text = frame != NULL ? format_text (self) : NULL;

  if (text == NULL)
    return FG_SIM_CALL_GONE;
  if (text[frame->step] == '\0')
    return fg_sim_rom_calls_leave (self, frame->step);
  if (!send (self, (guint8) text[frame->step]))
    return fg_sim_rom_calls_sleep (self, FG_SIM_ASLEEP);
  frame->step++;
  return FG_SIM_CALL_WAIT;
}

FgSimCallResult
fg_sim_rom_call_get_uart (FgSimRomCalls *self)
{
  self->cpu->a[2] = UART_DEVICE;
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
