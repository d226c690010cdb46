/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is no program and no file system: settings, OTA data, init data, code without a header, and
 * files that are firmware by mistake. Each answers FALSE, and does nothing, when it is not that. */

#include "fg-content.h"

G_BEGIN_DECLS

gboolean fg_content_read_ota_data (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_init_data (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_nvs (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_irom (FgContent *self, const guint8 *data, gsize len);
gboolean fg_content_read_mistake (FgContent *self, const guint8 *data, gsize len);

G_END_DECLS
