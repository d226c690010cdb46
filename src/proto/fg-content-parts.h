/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Merged images: bootloader, partition table and what the partitions hold, in one file. */

#include "fg-content.h"

G_BEGIN_DECLS

void fg_content_take_apart (FgContent *self, const guint8 *data, gsize len);

G_END_DECLS
