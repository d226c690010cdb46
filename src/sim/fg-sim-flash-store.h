/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Memory that may live in a file: what was written survives the process, however it ends. */

#include <gio/gio.h>

G_BEGIN_DECLS

guint8 *fg_sim_flash_store_map (const char *path, gsize size, GError **error);
void fg_sim_flash_store_unmap (guint8 *data, gsize size);

G_END_DECLS
