/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* READ_FLASH of the standard stubs: frames that are acknowledged, then a digest. */

#include "fg-loader.h"

G_BEGIN_DECLS

gboolean
fg_file_read (FgLoader *loader, guint32 offset, guint8 *buf, guint32 length, GError **error);

G_END_DECLS
