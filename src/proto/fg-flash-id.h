/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From the answer to command 9F to a maker, a part and a size. No I/O. */

#include "fg-board-info.h"

G_BEGIN_DECLS

void fg_flash_id_read (guint32 id, FgBoardInfo *info);
gboolean fg_flash_id_is_dead (guint32 id);

G_END_DECLS
