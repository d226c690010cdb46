/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the factory burnt into the simulated chip: variant, embedded flash, MAC address.
 * PROTOCOL-FACTS 5.1.
 */

#include <glib.h>

G_BEGIN_DECLS

#define FG_SIM_EFUSE_WORDS 4

typedef struct {
  const char *name;      /* as a specification spells it: "esp8285n08" */
  const char *title;     /* "ESP8285N08" */
  guint32 bits[4];       /* what marks the variant */
  guint32 default_flash; /* bytes */
} FgSimVariant;

const FgSimVariant *fg_sim_variant_find (const char *name);
char *fg_sim_variant_list (void);
void fg_sim_efuse_burn (const FgSimVariant *variant,
                        const guint8 mac[6],
                        guint32 words[FG_SIM_EFUSE_WORDS]);

G_END_DECLS
