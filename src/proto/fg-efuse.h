/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the eFuse words of a chip say: variant, revision, addresses, memory in the package,
 * security. Which words they are differs from chip to chip. No I/O.
 */

#include "fg-board-info.h"

G_BEGIN_DECLS

guint fg_efuse_count (const FgChip *chip);
guint32 fg_efuse_address (const FgChip *chip, guint index);
void fg_efuse_read (const guint32 *words, FgBoardInfo *info);

/* For fg-efuse.c alone. */
guint fg_efuse_esp32_count (void);
guint32 fg_efuse_esp32_address (guint32 base, guint index);
void fg_efuse_esp32_read (const guint32 *words, FgBoardInfo *info);
guint fg_efuse_later_count (const FgChip *chip);
guint32 fg_efuse_later_address (const FgChip *chip, guint index);
void fg_efuse_later_read (const guint32 *words, FgBoardInfo *info);

guint fg_crystal_estimate (const FgChip *chip, guint host_baud, guint32 clkdiv, double *estimate);

G_END_DECLS
