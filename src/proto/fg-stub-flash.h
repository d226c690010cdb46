/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Digests of sectors and erasing, by a stub that runs. */

#include "fg-stub.h"

G_BEGIN_DECLS

#define FG_STUB_BLANK_DIGEST 0xf154670au /* of a sector of FF */

gboolean fg_stub_digests (FgStub *self,
                          guint32 offset,
                          guint n_sectors,
                          guint32 *crcs,
                          FgStubProgress progress,
                          gpointer data,
                          GError **error);
gboolean fg_stub_erase (FgStub *self,
                        guint32 offset,
                        guint32 length,
                        FgStubProgress progress,
                        gpointer data,
                        GError **error);

G_END_DECLS
