/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Images of file systems. Each answers FALSE, and does nothing, when it is not that. */

#include "fg-content.h"

G_BEGIN_DECLS

gboolean fg_content_read_littlefs (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_spiffs (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_fat (FgContent *self, const guint8 *data, gsize len);

G_END_DECLS
