/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Changing the rate of a ROM. The ESP8266's has no command for it, but its UART divider can be
 * written like any register; later ROMs have one, and some of them are wrong about their clock.
 */

#include "fg-board-info.h"
#include "fg-loader.h"

G_BEGIN_DECLS

/* The ESP8266's ROM loses bytes above this. */
#define FG_BAUD_ROM_MAX 921600u
#define FG_BAUD_CONNECT 115200u

guint fg_baud_rom_max (const FgChip *chip);
guint fg_baud_below (guint baud);
guint32 fg_baud_divider (guint32 clkdiv, guint synced_baud, guint baud);
gboolean
fg_baud_change (FgLoader *loader, const FgChip *chip, guint32 divider, guint baud, GError **error);
gboolean fg_baud_command (FgLoader *loader, const FgBoardInfo *board, guint baud, GError **error);

G_END_DECLS
