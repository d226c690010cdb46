/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A drawing of a board. "empty": with an unplugged cable; else with the BOOT and RESET buttons
 * marked, BOOT with a slowly breathing halo where animations are allowed.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_BOARD_DRAWING (fg_board_drawing_get_type ())
G_DECLARE_FINAL_TYPE (FgBoardDrawing, fg_board_drawing, FG, BOARD_DRAWING, GtkWidget)

G_END_DECLS
