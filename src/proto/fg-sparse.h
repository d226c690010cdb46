/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Bytes at addresses, with gaps: what Intel HEX and UF2 files hold. No I/O. Sectors have 4096
 * bytes. */

#include <glib.h>

G_BEGIN_DECLS

/* Larger than any flash: an address beyond it is a mistake in the file. */
#define FG_SPARSE_LIMIT (128u * 1024 * 1024)

typedef struct {
  guint32 address; /* bytes from the start of the flash */
  GByteArray *bytes;
} FgPiece;

/* (element-type FgPiece) */
GPtrArray *fg_sparse_new (void);
void fg_sparse_add (GPtrArray *self, guint32 address, const guint8 *data, guint len);
gboolean fg_sparse_finish (GPtrArray *self, GError **error);

G_END_DECLS
