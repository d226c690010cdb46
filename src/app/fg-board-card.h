/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The board group: where the board is, "Detect chip", and what it told about itself.
 */

#include "fg-board-info.h"
#include "fg-port-picker.h"

G_BEGIN_DECLS

#define FG_TYPE_BOARD_CARD (fg_board_card_get_type ())
G_DECLARE_FINAL_TYPE (FgBoardCard, fg_board_card, FG, BOARD_CARD, GtkWidget)

FgPortPicker *fg_board_card_get_picker (FgBoardCard *self);
/* @info: NULL forgets what was shown. */
void fg_board_card_set_info (FgBoardCard *self, FgBoardInfo *info);

G_END_DECLS
