/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-board-art.h"

#define N_PINS 15
#define CAP_COLOR 0x3f5866

static void
set_color (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16) / 255.0, ((rgb >> 8) & 0xff) / 255.0, (rgb & 0xff) / 255.0,
                         alpha);
}

static void
rounded_path (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

static void
rounded (cairo_t *cr, double x, double y, double width, double height, double radius, guint32 rgb)
{
  rounded_path (cr, x, y, width, height, radius);
  set_color (cr, rgb, 1);
  cairo_fill (cr);
}

static void
disc (cairo_t *cr, double x, double y, double radius, guint32 rgb)
{
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  set_color (cr, rgb, 1);
  cairo_fill (cr);
}

static void
pins (cairo_t *cr, double x, double y)
{
  for (int i = 0; i < N_PINS; i++) {
    disc (cr, x + 66 + i * 12.2, y, 3.4, 0xe5c46b);
    disc (cr, x + 66 + i * 12.2, y, 1.5, 0x12303f);
  }
}

static void
antenna (cairo_t *cr, double x, double y)
{
  cairo_set_line_width (cr, 3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_color (cr, 0xe5c46b, 1);
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x + 20, y);
  for (int i = 0; i < 3; i++) {
    double turn = y + i * 20;

    cairo_line_to (cr, x + 20, turn + 10);
    cairo_line_to (cr, x + 4, turn + 10);
    cairo_line_to (cr, x + 4, turn + 20);
    cairo_line_to (cr, x + 20, turn + 20);
  }
  cairo_stroke (cr);
}

static void
bolt (cairo_t *cr, double x, double y)
{
  static const double points[][2] = { { 5, -20 }, { -12, 4 }, { -1, 4 },
                                      { -6, 20 }, { 12, -5 }, { 1, -5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    cairo_line_to (cr, x + points[i][0], y + points[i][1]);
  cairo_close_path (cr);
  set_color (cr, 0x8e9aa1, 1);
  cairo_fill (cr);
}

void
fg_board_art_board (cairo_t *cr, double x, double y)
{
  /* the board, its shadow and a light edge */
  rounded_path (cr, x, y + 3, FG_BOARD_ART_WIDTH, FG_BOARD_ART_HEIGHT, 9);
  set_color (cr, 0x0d2231, 0.35);
  cairo_fill (cr);
  rounded_path (cr, x, y, FG_BOARD_ART_WIDTH, FG_BOARD_ART_HEIGHT, 9);
  set_color (cr, 0x1f4e66, 1);
  cairo_fill_preserve (cr);
  cairo_set_line_width (cr, 1);
  set_color (cr, 0xffffff, 0.18);
  cairo_stroke (cr);
  pins (cr, x, y + 7);
  pins (cr, x, y + 121);

  /* the module: can, antenna, bolt */
  rounded (cr, x + 142, y + 22, 108, 84, 4, 0x16384a);
  rounded (cr, x + 150, y + 30, 66, 68, 4, 0xc3cbd0);
  rounded (cr, x + 150, y + 30, 66, 66, 4, 0xdfe4e7);
  antenna (cr, x + 223, y + 32);
  bolt (cr, x + 183, y + 63);

  /* the USB bridge and the parts beside it */
  rounded (cr, x + 86, y + 48, 32, 32, 3, 0x0f2a38);
  disc (cr, x + 92, y + 54, 2, 0x5f8195);
  for (int i = 0; i < 3; i++)
    rounded (cr, x + 124, y + 46 + i * 13, 11, 6, 1.5, 0x9c8b66);

  /* the USB socket */
  rounded (cr, x - 8, y + 44, 44, 40, 4, 0xaab4ba);
  rounded (cr, x - 8, y + 44, 44, 37, 4, 0xd5dbdf);
}

void
fg_board_art_button (cairo_t *cr, double x, double y)
{
  rounded (cr, x - 14, y - 14, 28, 28, 4, 0xb9c2c7);
  rounded (cr, x - 14, y - 14, 28, 26, 4, 0xdde3e6);
  disc (cr, x, y - 1, FG_BOARD_ART_CAP_RADIUS, CAP_COLOR);
}

void
fg_board_art_plug (cairo_t *cr, const GdkRGBA *color, double from, double tip, double y)
{
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 9);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, from, y + 34);
  cairo_curve_to (cr, from + 50, y + 34, tip - 110, y, tip - 60, y);
  cairo_stroke (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  rounded_path (cr, tip - 66, y - 17, 46, 34, 7);
  cairo_fill (cr);
  rounded (cr, tip - 22, y - 12, 22, 24, 2, 0xc9d0d4);
}
