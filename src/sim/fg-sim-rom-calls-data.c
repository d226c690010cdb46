/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions that only compute. */
#include "fg-sim-rom-calls-list.h"

#include <string.h>

/* Cycles: measured by nobody, counted in the loops of the ROM's listing. */
#define CYCLES_COPY_BYTE 1
#define CYCLES_FILL_2_BYTES 1

FgSimCallResult
fg_sim_rom_call_copy (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  guint8 *to = fg_sim_rom_calls_memory (self, a[2], a[4]);
  const guint8 *from = to != NULL ? fg_sim_rom_calls_memory (self, a[3], a[4]) : NULL;

  if (from == NULL)
    return FG_SIM_CALL_GONE;
  memmove (to, from, a[4]);
  fg_sim_cpu_forget_code (self->cpu, a[2], a[4]);
  self->cpu->cycles += (guint64) a[4] * CYCLES_COPY_BYTE;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
fill (FgSimRomCalls *self, int value, guint32 len)
{
  guint8 *to = fg_sim_rom_calls_memory (self, self->cpu->a[2], len);

  if (to == NULL)
    return FG_SIM_CALL_GONE;
  memset (to, value, len);
  fg_sim_cpu_forget_code (self->cpu, self->cpu->a[2], len);
  self->cpu->cycles += (guint64) len / 2 * CYCLES_FILL_2_BYTES;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_fill (FgSimRomCalls *self)
{
  return fill (self, (int) (self->cpu->a[3] & 0xff), self->cpu->a[4]);
}

FgSimCallResult
fg_sim_rom_call_zero (FgSimRomCalls *self)
{
  return fill (self, 0, self->cpu->a[3]);
}

FgSimCallResult
fg_sim_rom_call_compare (FgSimRomCalls *self)
{
  guint32 *a = self->cpu->a;
  const guint8 *one = fg_sim_rom_calls_memory (self, a[2], a[4]);
  const guint8 *other = one != NULL ? fg_sim_rom_calls_memory (self, a[3], a[4]) : NULL;

  if (other == NULL)
    return FG_SIM_CALL_GONE;
  self->cpu->cycles += (guint64) a[4] * CYCLES_COPY_BYTE;
  a[2] = (guint32) memcmp (one, other, a[4]);
  return FG_SIM_CALL_RETURN;
}

/* xthal's order is the other way round. */
FgSimCallResult
fg_sim_rom_call_copy_from (FgSimRomCalls *self)
{
  guint32 *a = self->cpu->a, from = a[2];

  a[2] = a[3];
  a[3] = from;
  return fg_sim_rom_call_copy (self);
}

FgSimCallResult
fg_sim_rom_call_length (FgSimRomCalls *self)
{
  g_autofree char *text = fg_sim_rom_calls_text (self, self->cpu->a[2]);

  if (text == NULL)
    return FG_SIM_CALL_GONE;
  self->cpu->a[2] = (guint32) strlen (text);
  self->cpu->cycles += (guint64) self->cpu->a[2] * CYCLES_COPY_BYTE;
  return FG_SIM_CALL_RETURN;
}

static FgSimCallResult
compare_texts (FgSimRomCalls *self, guint32 max)
{
  guint32 *a = self->cpu->a;
  g_autofree char *one = fg_sim_rom_calls_text (self, a[2]);
  g_autofree char *other = one != NULL ? fg_sim_rom_calls_text (self, a[3]) : NULL;

  if (other == NULL)
    return FG_SIM_CALL_GONE;
  self->cpu->cycles += (guint64) MIN (strlen (one), max) * CYCLES_COPY_BYTE;
  a[2] = (guint32) strncmp (one, other, max);
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_compare_texts (FgSimRomCalls *self)
{
  return compare_texts (self, G_MAXUINT32);
}

FgSimCallResult
fg_sim_rom_call_compare_texts_n (FgSimRomCalls *self)
{
  return compare_texts (self, self->cpu->a[4]);
}

/* @padded: zeros follow up to @len, and there is no zero after a longer text */
static FgSimCallResult
copy_text (FgSimRomCalls *self, guint32 len, gboolean padded)
{
  guint32 to = self->cpu->a[2];
  g_autofree char *text = fg_sim_rom_calls_text (self, self->cpu->a[3]);
  guint8 *place = NULL;

  if (text != NULL && !padded)
    len = (guint32) strlen (text) + 1;
  if (text != NULL)
    place = fg_sim_rom_calls_memory (self, to, len);
  if (place == NULL)
    return FG_SIM_CALL_GONE;
  for (guint32 i = 0, n = (guint32) strlen (text); i < len; i++)
    place[i] = i < n ? (guint8) text[i] : 0;
  fg_sim_cpu_forget_code (self->cpu, to, len);
  self->cpu->cycles += (guint64) len * CYCLES_COPY_BYTE;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_copy_text (FgSimRomCalls *self)
{
  return copy_text (self, 0, FALSE);
}

FgSimCallResult
fg_sim_rom_call_copy_text_n (FgSimRomCalls *self)
{
  return copy_text (self, self->cpu->a[4], TRUE);
}

FgSimCallResult
fg_sim_rom_call_find_text (FgSimRomCalls *self)
{
  guint32 *a = self->cpu->a;
  g_autofree char *text = fg_sim_rom_calls_text (self, a[2]);
  g_autofree char *part = text != NULL ? fg_sim_rom_calls_text (self, a[3]) : NULL;
  const char *found = part != NULL ? strstr (text, part) : NULL;

  if (part == NULL)
    return FG_SIM_CALL_GONE;
  self->cpu->cycles += (guint64) strlen (text) * CYCLES_COPY_BYTE;
  a[2] = found != NULL ? a[2] + (guint32) (found - text) : 0;
  return FG_SIM_CALL_RETURN;
}
