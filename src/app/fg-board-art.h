/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The parts of the board drawing, in cairo. They have fixed colours: a board looks the same in
 * light and dark. Units are pixels of the unscaled drawing.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_BOARD_ART_WIDTH 250
#define FG_BOARD_ART_HEIGHT 128
#define FG_BOARD_ART_SOCKET_Y 63 /* middle of the USB socket, from the board's top */
#define FG_BOARD_ART_BUTTON_X 24
#define FG_BOARD_ART_RESET_Y 22
#define FG_BOARD_ART_BOOT_Y 106
#define FG_BOARD_ART_CAP_RADIUS 8.5

/* The circuit board with its top left corner at @x, @y; without its buttons. */
void fg_board_art_board (cairo_t *cr, double x, double y);
void fg_board_art_button (cairo_t *cr, double x, double y);
/* A cable from @from to the plug, whose tip is at @tip; @y: the plug's middle. */
void fg_board_art_plug (cairo_t *cr, const GdkRGBA *color, double from, double tip, double y);

G_END_DECLS
