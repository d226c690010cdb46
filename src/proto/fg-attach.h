/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Connecting a ROM to its flash: the way differs from chip to chip. */

#include "fg-spi-flash.h"

G_BEGIN_DECLS

gboolean fg_attach_flash (FgSpiFlash *spi, const FgBoardInfo *board, GError **error);
gboolean fg_attach_set_size (FgLoader *loader, const FgChip *chip, guint32 size, GError **error);

G_END_DECLS
