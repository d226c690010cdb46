/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the eFuse words of a chip say: variant, MAC address, flash in the package. No I/O. */

#include "fg-board-info.h"

G_BEGIN_DECLS

void fg_efuse_read_esp8266 (const guint32 words[4], FgBoardInfo *info);
guint fg_crystal_estimate (const FgChip *chip, guint host_baud, guint32 clkdiv, double *estimate);

G_END_DECLS
