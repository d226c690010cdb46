/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's digests: MD5 and SHA-1. */
#include "fg-sim-rom-calls-list.h"

#include <string.h>

#define CYCLES_BYTE 14 /* of MD5, counted in the loops of the ROM's listing */
#define DIGEST_MAX 20

/* The state of a digest stays here; what the program holds of it is but a name. */
static FgSimCallResult
begin (FgSimRomCalls *self, GChecksumType type)
{
  g_hash_table_replace (self->digests, GUINT_TO_POINTER (self->cpu->a[2]), g_checksum_new (type));
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_md5_init (FgSimRomCalls *self)
{
  return begin (self, G_CHECKSUM_MD5);
}

FgSimCallResult
fg_sim_rom_call_sha1_init (FgSimRomCalls *self)
{
  return begin (self, G_CHECKSUM_SHA1);
}

static GChecksum *
find_digest (FgSimRomCalls *self, guint32 context)
{
  GChecksum *digest = g_hash_table_lookup (self->digests, GUINT_TO_POINTER (context));

  if (digest == NULL)
    fg_sim_rom_calls_hang (self, "uses a digest at 0x%08x that it has not begun", context);
  return digest;
}

FgSimCallResult
fg_sim_rom_call_digest_update (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  GChecksum *digest = find_digest (self, a[2]);
  const guint8 *bytes = digest != NULL ? fg_sim_rom_calls_memory (self, a[3], a[4]) : NULL;

  if (bytes == NULL)
    return FG_SIM_CALL_GONE;
  g_checksum_update (digest, bytes, a[4]);
  self->cpu->cycles += (guint64) a[4] * CYCLES_BYTE;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_digest_final (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  GChecksum *digest = find_digest (self, a[3]);
  guint8 bytes[DIGEST_MAX], *place;
  gsize len = sizeof bytes;

  if (digest == NULL)
    return FG_SIM_CALL_GONE;
  g_checksum_get_digest (digest, bytes, &len);
  place = fg_sim_rom_calls_memory (self, a[2], (guint32) len);
  if (place == NULL)
    return FG_SIM_CALL_GONE;
  memcpy (place, bytes, len);
  g_hash_table_remove (self->digests, GUINT_TO_POINTER (a[3]));
  self->cpu->cycles += 64 * CYCLES_BYTE;
  self->cpu->changes++;
  return FG_SIM_CALL_RETURN;
}
