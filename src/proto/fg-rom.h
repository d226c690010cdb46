/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Flash commands that the ROMs of the ESP32 family have and the ESP8266's has not; stubs have them,
 * too, and differ in small ways. */

#include "fg-chip.h"
#include "fg-loader.h"

G_BEGIN_DECLS

#define FG_ROM_DIGEST_LEN 16
#define FG_ROM_READ_LEN 64u /* bytes of one READ_FLASH_SLOW */

gboolean fg_rom_begin (FgLoader *loader,
                       const FgChip *chip,
                       gboolean packed,
                       guint32 size,
                       guint32 n_blocks,
                       guint32 block_size,
                       guint32 offset,
                       GError **error);
gboolean fg_rom_data (FgLoader *loader,
                      gboolean packed,
                      guint32 seq,
                      const guint8 *payload,
                      gsize len,
                      guint timeout_ms,
                      GError **error);
gboolean fg_rom_end (FgLoader *loader, gboolean packed, guint timeout_ms, GError **error);
gboolean fg_rom_digest (FgLoader *loader,
                        guint32 offset,
                        guint32 length,
                        guint8 digest[FG_ROM_DIGEST_LEN],
                        GError **error);
gboolean
fg_rom_read (FgLoader *loader, guint32 offset, guint8 *buf, guint32 length, GError **error);

G_END_DECLS
