/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Intel HEX, as esptool writes it: addresses are offsets in the flash. No I/O. */

#include "fg-sparse.h"

G_BEGIN_DECLS

gboolean fg_intel_hex_is (const guint8 *data, gsize len);
/* (element-type FgPiece); FG_ERROR_FILE_KIND names the line. */
GPtrArray *fg_intel_hex_read (const guint8 *data, gsize len, GError **error);
/* Adds the records of one piece; fg_intel_hex_end() ends the file. */
void fg_intel_hex_write (GString *file, guint32 address, const guint8 *data, gsize len);
void fg_intel_hex_end (GString *file);

G_END_DECLS
