/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-board-drawing.h"

#include "fg-board-art.h"
#include "fg-sector-paint.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels. */
#define HELP_WIDTH 430
#define HELP_HEIGHT 216
#define EMPTY_WIDTH 400
#define EMPTY_HEIGHT 132
#define EMPTY_SCALE 0.86
#define LEAST_WIDTH 260 /* below its natural width the drawing is scaled down */
#define BOARD_X 130
#define BOARD_Y 40
#define CALLOUT_TOP 14
#define CALLOUT_BOTTOM (BOARD_Y + 158)

#define BREATH_US (2 * G_USEC_PER_SEC)
#define FRAME_US (G_USEC_PER_SEC / 20)

struct _FgBoardDrawing {
  GtkWidget parent_instance;
  gboolean empty;
  guint tick_id;
  gint64 drawn_us; /* frame time of the last redraw */
  double breath;   /* 0 to 1 */
};

G_DEFINE_FINAL_TYPE (FgBoardDrawing, fg_board_drawing, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_EMPTY, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
draw_markup (FgBoardDrawing *self,
             cairo_t *cr,
             const char *markup,
             double x,
             double y,
             double align,
             const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  int width, height;

  pango_layout_set_markup (layout, markup, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_move_to (cr, x - width * align, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_callout (FgBoardDrawing *self,
              cairo_t *cr,
              const char *number,
              const char *markup,
              double button_y,
              double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA line = fg_paint_color (widget, "theme_fg_color", 0.45);
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA accent = fg_paint_color (widget, "fg_accent_bg", 1);
  const GdkRGBA white = { 1, 1, 1, 1 };
  double x = BOARD_X + FG_BOARD_ART_BUTTON_X;

  gdk_cairo_set_source_rgba (cr, &line);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, x, button_y);
  cairo_line_to (cr, x, y);
  cairo_line_to (cr, x + 16, y);
  cairo_stroke (cr);

  cairo_arc (cr, x + 30, y, 12, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_fill (cr);
  draw_markup (self, cr, number, x + 30, y, 0.5, &white);
  draw_markup (self, cr, markup, x + 50, y, 0, &ink);
}

static void
draw_boot_button (FgBoardDrawing *self, cairo_t *cr)
{
  GdkRGBA accent = fg_paint_color (GTK_WIDGET (self), "fg_accent_bg", 1);
  double x = BOARD_X + FG_BOARD_ART_BUTTON_X, y = BOARD_Y + FG_BOARD_ART_BOOT_Y;
  double grow = 4 * self->breath;

  for (int ring = 0; ring < 2; ring++) {
    GdkRGBA halo = accent;

    halo.alpha = (float) ((ring == 0 ? 0.45 : 0.22) - 0.08 * self->breath);
    cairo_arc (cr, x, y, 24 + ring * 9 + grow, 0, 2 * G_PI);
    gdk_cairo_set_source_rgba (cr, &halo);
    cairo_fill (cr);
  }
  fg_board_art_button (cr, x, y);
  cairo_arc (cr, x, y - 1, FG_BOARD_ART_CAP_RADIUS, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_fill (cr);
}

static void
draw_reset_button (FgBoardDrawing *self, cairo_t *cr)
{
  GdkRGBA ring = fg_paint_color (GTK_WIDGET (self), "fg_accent_fg", 1);
  double x = BOARD_X + FG_BOARD_ART_BUTTON_X, y = BOARD_Y + FG_BOARD_ART_RESET_Y;

  fg_board_art_button (cr, x, y);
  gdk_cairo_set_source_rgba (cr, &ring);
  cairo_set_line_width (cr, 2.5);
  cairo_set_dash (cr, (const double[]){ 4, 5 }, 2, 0);
  cairo_arc (cr, x, y, 24, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
draw_help (FgBoardDrawing *self, cairo_t *cr)
{
  GdkRGBA cable = fg_paint_color (GTK_WIDGET (self), "fg_cable", 1);

  fg_board_art_plug (cr, &cable, 0, BOARD_X - 4, BOARD_Y + FG_BOARD_ART_SOCKET_Y);
  fg_board_art_board (cr, BOARD_X, BOARD_Y);
  draw_boot_button (self, cr);
  draw_reset_button (self, cr);
  draw_callout (self, cr, "<b>2</b>", _ ("Tap <b>RESET</b>"), BOARD_Y + FG_BOARD_ART_RESET_Y - 24,
                CALLOUT_TOP);
  draw_callout (self, cr, "<b>1</b>", _ ("Hold <b>BOOT</b>"), BOARD_Y + FG_BOARD_ART_BOOT_Y + 34,
                CALLOUT_BOTTOM);
}

static void
draw_empty (FgBoardDrawing *self, cairo_t *cr)
{
  GdkRGBA cable = fg_paint_color (GTK_WIDGET (self), "fg_cable", 1);
  GdkRGBA dots = fg_paint_color (GTK_WIDGET (self), "fg_accent_fg", 1);
  double x = 196, y = 2, middle = y + FG_BOARD_ART_SOCKET_Y + 1;

  cairo_translate (cr, 0, 8);
  cairo_scale (cr, EMPTY_SCALE, EMPTY_SCALE);
  fg_board_art_plug (cr, &cable, 4, 142, middle);
  fg_board_art_board (cr, x, y);
  fg_board_art_button (cr, x + FG_BOARD_ART_BUTTON_X - 2, y + FG_BOARD_ART_RESET_Y);
  fg_board_art_button (cr, x + FG_BOARD_ART_BUTTON_X - 2, y + FG_BOARD_ART_BOOT_Y - 4);

  cairo_set_line_width (cr, 3);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_dash (cr, (const double[]){ 1, 8 }, 2, 0);
  gdk_cairo_set_source_rgba (cr, &dots);
  cairo_move_to (cr, 150, middle);
  cairo_line_to (cr, 184, middle);
  cairo_stroke (cr);
}

static void
fg_board_drawing_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FgBoardDrawing *self = FG_BOARD_DRAWING (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double natural = self->empty ? EMPTY_WIDTH : HELP_WIDTH;
  double scale = MIN (1.0, width / natural);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  cairo_translate (cr, (width - natural * scale) / 2, 0);
  cairo_scale (cr, scale, scale);
  if (self->empty)
    draw_empty (self, cr);
  else
    draw_help (self, cr);
  cairo_destroy (cr);
}

static void
fg_board_drawing_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  gboolean empty = FG_BOARD_DRAWING (widget)->empty;

  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = empty ? EMPTY_HEIGHT : HELP_HEIGHT;
    return;
  }
  *minimum = LEAST_WIDTH;
  *natural = empty ? EMPTY_WIDTH : HELP_WIDTH;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  FgBoardDrawing *self = FG_BOARD_DRAWING (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  if (now - self->drawn_us >= FRAME_US) {
    double turn = (double) (now % BREATH_US) / BREATH_US;

    self->drawn_us = now;
    self->breath = 0.5 - 0.5 * cos (2 * G_PI * turn);
    gtk_widget_queue_draw (widget);
  }
  return G_SOURCE_CONTINUE;
}

static void
fg_board_drawing_map (GtkWidget *widget)
{
  FgBoardDrawing *self = FG_BOARD_DRAWING (widget);
  gboolean animate = FALSE;

  GTK_WIDGET_CLASS (fg_board_drawing_parent_class)->map (widget);
  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &animate, NULL);
  if (animate && !self->empty && self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (widget, on_tick, NULL, NULL);
}

static void
fg_board_drawing_unmap (GtkWidget *widget)
{
  FgBoardDrawing *self = FG_BOARD_DRAWING (widget);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;
  GTK_WIDGET_CLASS (fg_board_drawing_parent_class)->unmap (widget);
}

static void
fg_board_drawing_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_EMPTY:
    FG_BOARD_DRAWING (object)->empty = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_board_drawing_class_init (FgBoardDrawingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = fg_board_drawing_set_property;
  widget_class->snapshot = fg_board_drawing_snapshot;
  widget_class->measure = fg_board_drawing_measure;
  widget_class->map = fg_board_drawing_map;
  widget_class->unmap = fg_board_drawing_unmap;

  properties[PROP_EMPTY] =
      g_param_spec_boolean ("empty", NULL, NULL, FALSE,
                            G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
fg_board_drawing_init (FgBoardDrawing *self)
{
}
