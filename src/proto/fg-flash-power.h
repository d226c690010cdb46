/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Chips that start their loader with the flash switched off.
 */

#include "fg-board-info.h"
#include "fg-loader.h"

G_BEGIN_DECLS

gboolean fg_flash_power_on (FgLoader *loader, const FgBoardInfo *board, GError **error);

G_END_DECLS
