/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Loader images: programs and bootloaders of all chips. */

#include "fg-content.h"

G_BEGIN_DECLS

/* FALSE: `image` has no header that is understood, and nothing was done. */
gboolean fg_content_read_image (FgContent *self, const guint8 *data, gsize len);

G_END_DECLS
