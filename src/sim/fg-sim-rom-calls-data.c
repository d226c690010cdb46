/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions that only compute. */
#include "fg-sim-rom-calls-list.h"

#include <string.h>

/* Cycles: measured by nobody, counted in the loops of the ROM's listing. */
#define CYCLES_COPY_BYTE 1
#define CYCLES_FILL_2_BYTES 1
#define CYCLES_MD5_BYTE 14

#define MD5_LEN 16

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

FgSimCallResult
fg_sim_rom_call_length (FgSimRomCalls *self)
{
  guint32 len = 0;

  for (;; len++) {
    const guint8 *byte = fg_sim_rom_calls_memory (self, self->cpu->a[2] + len, 1);

    if (byte == NULL)
      return FG_SIM_CALL_GONE;
    if (*byte == '\0')
      break;
  }
  self->cpu->cycles += (guint64) len * CYCLES_COPY_BYTE;
  self->cpu->a[2] = len;
  return FG_SIM_CALL_RETURN;
}

/* The state of a digest stays here; what the program holds of it is but a name. */
FgSimCallResult
fg_sim_rom_call_md5_init (FgSimRomCalls *self)
{
  g_hash_table_replace (self->digests, GUINT_TO_POINTER (self->cpu->a[2]),
                        g_checksum_new (G_CHECKSUM_MD5));
  return FG_SIM_CALL_RETURN;
}

static GChecksum *
find_digest (FgSimRomCalls *self, guint32 context)
{
  GChecksum *digest = g_hash_table_lookup (self->digests, GUINT_TO_POINTER (context));

  if (digest == NULL)
    fg_sim_rom_calls_hang (self, "uses an MD5 at 0x%08x that it has not begun", context);
  return digest;
}

FgSimCallResult
fg_sim_rom_call_md5_update (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  GChecksum *digest = find_digest (self, a[2]);
  const guint8 *bytes = digest != NULL ? fg_sim_rom_calls_memory (self, a[3], a[4]) : NULL;

  if (bytes == NULL)
    return FG_SIM_CALL_GONE;
  g_checksum_update (digest, bytes, a[4]);
  self->cpu->cycles += (guint64) a[4] * CYCLES_MD5_BYTE;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_md5_final (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  GChecksum *digest = find_digest (self, a[3]);
  guint8 *bytes = digest != NULL ? fg_sim_rom_calls_memory (self, a[2], MD5_LEN) : NULL;
  gsize len = MD5_LEN;

  if (bytes == NULL)
    return FG_SIM_CALL_GONE;
  g_checksum_get_digest (digest, bytes, &len);
  g_hash_table_remove (self->digests, GUINT_TO_POINTER (a[3]));
  self->cpu->cycles += 64 * CYCLES_MD5_BYTE;
  self->cpu->changes++;
  return FG_SIM_CALL_RETURN;
}
