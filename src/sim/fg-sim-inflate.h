/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the ROM makes of compressed blocks: they come out whole again, written by zlib. */

#include <glib.h>
#include <zlib.h>

G_BEGIN_DECLS

typedef struct {
  z_stream stream;
  gboolean begun, ended;
} FgSimInflate;

void fg_sim_inflate_begin (FgSimInflate *self);
void fg_sim_inflate_clear (FgSimInflate *self);
gboolean fg_sim_inflate_add (FgSimInflate *self, const guint8 *data, gsize len, GByteArray *out);

G_END_DECLS
