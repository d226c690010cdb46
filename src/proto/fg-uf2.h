/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* UF2 files: blocks of 512 bytes, each with its address in the flash and its chip. No I/O. */

#include "fg-chip.h"
#include "fg-sparse.h"

G_BEGIN_DECLS

gboolean fg_uf2_is (const guint8 *data, gsize len);
/*
 * @chip: (inout): whose blocks to take, NULL: those of the only chip there is; what was found.
 * (element-type FgPiece); FG_ERROR_FILE_KIND names the block, FG_ERROR_WRONG_CHIP the chips.
 */
GPtrArray *fg_uf2_read (const guint8 *data, gsize len, const FgChip **chip, GError **error);
/* Adds the blocks of one piece. */
void
fg_uf2_write (GByteArray *file, const FgChip *chip, guint32 address, const guint8 *data, gsize len);

G_END_DECLS
