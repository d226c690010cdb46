/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-efuse.h"

#include <string.h>

#define MIB (1024u * 1024u)

/* Numbered over all 128 bits, as the table in PROTOCOL-FACTS 5.1 does. */
#define BIT_4 (1u << 4)
#define BIT_5 (1u << 5)
#define BIT_80 (1u << (80 - 64))
#define BIT_121 (1u << (121 - 96))
#define BIT_122 (1u << (122 - 96))

static const FgSimVariant variants[] = {
  { "esp8266", "ESP8266EX", { 0, 0, 0, 0 }, 4 * MIB },
  { "esp8285", "ESP8285", { BIT_4, 0, 0, 0 }, 1 * MIB },
  { "esp8285n08", "ESP8285N08", { BIT_4, 0, 0, 0 }, 1 * MIB },
  { "esp8285h08", "ESP8285H08", { BIT_4 | BIT_5, 0, 0, 0 }, 1 * MIB },
  { "esp8285n16", "ESP8285N16", { BIT_4, 0, 0, BIT_122 }, 2 * MIB },
  { "esp8285h16", "ESP8285H16", { BIT_4 | BIT_5, 0, 0, BIT_122 }, 2 * MIB },
  { "esp8285-4m", "ESP8285", { 0, 0, BIT_80, BIT_121 | BIT_122 }, 4 * MIB },
};

/** fg_sim_variant_find: Returns: (nullable): the variant a specification calls @name */
const FgSimVariant *
fg_sim_variant_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    if (strcmp (variants[i].name, name) == 0)
      return &variants[i];
  return NULL;
}

/** fg_sim_variant_list: Returns: (transfer full): all names, for error messages and help */
char *
fg_sim_variant_list (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    g_string_append_printf (list, "%s%s", i == 0 ? "" : ", ", variants[i].name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/**
 * fg_sim_efuse_burn:
 * @words: (out): the words at 0x3FF00050 and on
 *
 * The two vendor prefixes that early chips encode in one byte are written that way, all others into
 * the last word.
 */
void
fg_sim_efuse_burn (const FgSimVariant *variant, const guint8 mac[6], guint32 words[4])
{
  guint32 vendor = (guint32) mac[0] << 16 | (guint32) mac[1] << 8 | mac[2];

  memcpy (words, variant->bits, sizeof variant->bits);
  words[0] |= (guint32) mac[5] << 24;
  words[1] |= 0x02000000u | (guint32) mac[3] << 8 | mac[4];
  if (words[3] == 0 && vendor == 0x18FE34)
    return;
  if (words[3] == 0 && vendor == 0xACD074)
    words[1] |= 1u << 16;
  else
    words[3] |= vendor;
}
