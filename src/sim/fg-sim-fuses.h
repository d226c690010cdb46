/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the factory burnt into a chip of the ESP32 family, and what its owner added: address,
 * package, revision, what is embedded, security. PROTOCOL-FACTS 5.2 and 5.3.
 */

#include "fg-sim-model.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FG_SIM_FUSE_WORDS 128

typedef struct {
  guint8 mac[6];
  guint16 mac_extension; /* what stands in the middle of an EUI-64 */
  guint package;
  guint revision;       /* major * 100 + minor */
  guint flash_mb;       /* embedded; 0: none */
  guint flash_vendor;   /* a code */
  guint psram_mb;       /* embedded; 0: none */
  gboolean secure_boot; /* version 2 where there is a choice and the revision has it */
  gboolean encryption;
} FgSimIdentity;

gboolean fg_sim_fuses_burn (const FgSimModel *model,
                            const FgSimIdentity *identity,
                            guint32 words[FG_SIM_FUSE_WORDS],
                            GError **error);
guint32
fg_sim_fuses_read (const FgSimModel *model, FgSimFuseId id, const guint32 words[FG_SIM_FUSE_WORDS]);
guint32 fg_sim_fuses_get_pads (const FgSimModel *model, const guint32 words[FG_SIM_FUSE_WORDS]);

G_END_DECLS
