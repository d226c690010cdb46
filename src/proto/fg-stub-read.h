/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reads the flash through our stub, as fast as the line is: src/stub/README.md, E5. */

#include "fg-stub.h"

G_BEGIN_DECLS

gboolean fg_stub_read (FgStub *self,
                       guint32 offset,
                       guint32 length,
                       guint8 *buf,
                       FgStubProgress progress,
                       gpointer data,
                       GError **error);

G_END_DECLS
