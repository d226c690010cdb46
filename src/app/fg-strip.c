/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-strip.h"

#include "fg-sector-paint.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels. */
#define MAP_HEIGHT 22
#define THIN_MAP_HEIGHT 12
#define LENS_GAP 14
#define CELL_HEIGHT 30
#define TEXT_GAP 4
#define TEXT_HEIGHT 16
#define LEAST_REGION 4.0f /* a region on the map is at least this wide */
#define LEAST_CELL_FOR_GAP 4.0f
#define ADDRESS_ROOM 100 /* kept free for the addresses at both ends */

#define MOST_CELLS 300 /* in the lens; neighbours are merged above it */
#define QUARTERS 4

struct _FgStrip {
  GtkWidget parent_instance;
  FgFlashMap *map; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FgStrip, fg_strip, GTK_TYPE_WIDGET)

static gboolean
has_lens (FgStrip *self)
{
  return self->map != NULL && fg_flash_map_get_mode (self->map) >= FG_MAP_BUSY
         && fg_flash_map_get_n_regions (self->map) > 0;
}

/* The least finished of two neighbours is what a merged cell shows. */
static FgSectorState
least_finished (FgSectorState a, FgSectorState b)
{
  static const guint8 rank[FG_N_SECTOR_STATES] = {
    [FG_SECTOR_FAILED] = 0,   [FG_SECTOR_PLANNED] = 1, [FG_SECTOR_LEFT] = 2,
    [FG_SECTOR_ERASED] = 3,   [FG_SECTOR_WRITTEN] = 4, [FG_SECTOR_UNCHANGED] = 5,
    [FG_SECTOR_VERIFIED] = 6,
  };

  return rank[a] <= rank[b] ? a : b;
}

static void
paint_text (GtkWidget *widget,
            GtkSnapshot *snapshot,
            const char *text,
            float x,
            float y,
            float align,
            const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x - (float) width * align), y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* Paints the sectors from @first on as runs of one state between @x and @x + @width. */
static void
paint_runs (FgStrip *self,
            GtkSnapshot *snapshot,
            guint first,
            guint count,
            float x,
            float width,
            float height)
{
  for (guint i = 0; i < count;) {
    FgSectorState state = fg_flash_map_get_state (self->map, first + i);
    guint end = i;

    while (end < count && fg_flash_map_get_state (self->map, first + end) == state)
      end++;
    fg_paint_sector (GTK_WIDGET (self), snapshot, state,
                     &GRAPHENE_RECT_INIT (x + width * (float) i / (float) count, 0,
                                          width * (float) (end - i) / (float) count, height));
    i = end;
  }
}

static void
paint_scale (FgStrip *self, GtkSnapshot *snapshot, float width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA dim = fg_paint_color (widget, "theme_fg_color", 0.72);
  guint32 size = fg_flash_map_get_size (self->map);

  for (guint i = 0; i <= QUARTERS; i++) {
    g_autofree char *text = i == 0 ? g_strdup ("0") : fg_words_size ((guint64) size * i / QUARTERS);

    paint_text (widget, snapshot, text, width * (float) i / QUARTERS, MAP_HEIGHT + TEXT_GAP,
                i == 0          ? 0.0f
                : i == QUARTERS ? 1.0f
                                : 0.5f,
                &dim);
  }
}

static void
paint_map (FgStrip *self, GtkSnapshot *snapshot, float width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean thin = has_lens (self);
  float height = thin ? THIN_MAP_HEIGHT : MAP_HEIGHT;
  float scale = width / (float) fg_flash_map_get_size (self->map);
  GdkRGBA edge = fg_paint_color (widget, "theme_fg_color", 0.22);
  GdkRGBA tick = fg_paint_color (widget, "theme_fg_color", 0.25);
  FgSectorState rest;
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, 0, width, height),
                                   thin ? 4 : 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  fg_flash_map_count_rest (self->map, &rest);
  fg_paint_sector (widget, snapshot, rest, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = 0; i < fg_flash_map_get_n_regions (self->map); i++) {
    const FgFlashMapRegion *region = fg_flash_map_get_region (self->map, i);
    float region_width = MAX (LEAST_REGION, roundf ((float) region->length * scale));
    float x = MIN (floorf ((float) region->offset * scale), width - region_width);

    paint_runs (self, snapshot, region->offset / FG_SECTOR_SIZE, region->length / FG_SECTOR_SIZE, x,
                region_width, height);
  }
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (const float[4]){ 1, 1, 1, 1 },
                              (const GdkRGBA[4]){ edge, edge, edge, edge });
  for (guint i = 1; i < QUARTERS; i++)
    fg_paint_rect (snapshot, &tick, roundf (width * (float) i / QUARTERS),
                   thin ? height - 4 : height - 6, 1, thin ? 3 : 5);
}

/* The funnel from the region on the map to the row of its sectors. */
static void
paint_funnel (FgStrip *self, GtkSnapshot *snapshot, const FgFlashMapRegion *region, float width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double scale = (double) width / fg_flash_map_get_size (self->map);
  double left = floor (region->offset * scale);
  double right =
      MAX (left + LEAST_REGION, round ((region->offset + (double) region->length) * scale));
  double top = THIN_MAP_HEIGHT + 1, bottom = THIN_MAP_HEIGHT + LENS_GAP;
  GdkRGBA fill = fg_paint_color (widget, "theme_fg_color", 0.07);
  GdkRGBA line = fg_paint_color (widget, "theme_fg_color", 0.30);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, THIN_MAP_HEIGHT, width, LENS_GAP));

  cairo_move_to (cr, left + 0.5, top);
  cairo_curve_to (cr, left + 0.5, top + 8, 0.5, top + 4, 0.5, bottom);
  cairo_line_to (cr, width - 0.5, bottom);
  cairo_curve_to (cr, width - 0.5, top + 4, right - 0.5, top + 8, right - 0.5, top);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, &fill);
  cairo_fill (cr);

  cairo_set_line_width (cr, 1);
  gdk_cairo_set_source_rgba (cr, &line);
  cairo_move_to (cr, left + 0.5, top);
  cairo_curve_to (cr, left + 0.5, top + 8, 0.5, top + 4, 0.5, bottom);
  cairo_stroke (cr);
  cairo_move_to (cr, right - 0.5, top);
  cairo_curve_to (cr, right - 0.5, top + 8, width - 0.5, top + 4, width - 0.5, bottom);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
paint_cells (FgStrip *self, GtkSnapshot *snapshot, const FgFlashMapRegion *region, float width)
{
  guint sectors = region->length / FG_SECTOR_SIZE;
  guint first = region->offset / FG_SECTOR_SIZE;
  guint cells = MIN (sectors, MOST_CELLS);
  float y = THIN_MAP_HEIGHT + LENS_GAP;
  float pitch = width / (float) cells;
  float gap = pitch >= LEAST_CELL_FOR_GAP ? 1 : 0;
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, y, width, CELL_HEIGHT), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  for (guint i = 0; i < cells; i++) {
    guint from = (guint) ((guint64) i * sectors / cells);
    guint to = (guint) ((guint64) (i + 1) * sectors / cells);
    float left = roundf ((float) i * pitch), right = roundf ((float) (i + 1) * pitch);
    FgSectorState state = fg_flash_map_get_state (self->map, first + from);

    for (guint k = from + 1; k < to; k++)
      state = least_finished (state, fg_flash_map_get_state (self->map, first + k));
    if (i + 1 < cells)
      right -= gap;
    fg_paint_sector (GTK_WIDGET (self), snapshot, state,
                     &GRAPHENE_RECT_INIT (left, y, right - left, CELL_HEIGHT));
  }
  gtk_snapshot_pop (snapshot);
}

static void
paint_head (FgStrip *self, GtkSnapshot *snapshot, float x)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float y = THIN_MAP_HEIGHT + LENS_GAP;
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA paper = fg_paint_color (widget, "fg_window_bg", 1);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (x - 8, y - 8, 16, CELL_HEIGHT + 16));

  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_move_to (cr, x - 5, y - 7);
  cairo_line_to (cr, x + 5, y - 7);
  cairo_line_to (cr, x, y - 1);
  cairo_close_path (cr);
  cairo_fill_preserve (cr);
  cairo_set_line_width (cr, 1);
  gdk_cairo_set_source_rgba (cr, &paper);
  cairo_stroke (cr);
  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_rectangle (cr, x - 1, y - 1, 2, CELL_HEIGHT + 2);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
paint_lens (FgStrip *self, GtkSnapshot *snapshot, float width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const FgFlashMapRegion *region = fg_flash_map_get_current (self->map);
  gint64 head = fg_flash_map_get_head (self->map);
  float text_y = THIN_MAP_HEIGHT + LENS_GAP + CELL_HEIGHT + TEXT_GAP;
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA dim = fg_paint_color (widget, "theme_fg_color", 0.72);
  g_autofree char *start = fg_words_address (region->offset);
  g_autofree char *end = fg_words_address (region->offset + region->length);

  paint_funnel (self, snapshot, region, width);
  paint_cells (self, snapshot, region, width);
  paint_text (widget, snapshot, start, 0, text_y, 0, &dim);
  paint_text (widget, snapshot, end, width, text_y, 1, &dim);

  if (head >= region->offset && head < (gint64) region->offset + region->length) {
    g_autofree char *where = fg_words_address ((guint32) head / FG_SECTOR_SIZE * FG_SECTOR_SIZE);
    float sector = floorf ((float) (head - region->offset) / FG_SECTOR_SIZE);
    float x = (sector + 0.5f) * width / ((float) region->length / FG_SECTOR_SIZE);

    paint_head (self, snapshot, x);
    paint_text (widget, snapshot, where,
                CLAMP (x, ADDRESS_ROOM, MAX (width - ADDRESS_ROOM, ADDRESS_ROOM)), text_y, 0.5f,
                &ink);
  } else {
    guint sectors = region->length / FG_SECTOR_SIZE;
    g_autofree char *text =
        g_strdup_printf (ngettext ("%s, %u sector of 4 KB", "%s, %u sectors of 4 KB", sectors),
                         region->name, sectors);

    paint_text (widget, snapshot, text, width / 2, text_y, 0.5f, &dim);
  }
}

static void
fg_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FgStrip *self = FG_STRIP (widget);
  float width = (float) gtk_widget_get_width (widget);

  if (self->map == NULL || fg_flash_map_get_size (self->map) == 0)
    return;
  paint_map (self, snapshot, width);
  if (has_lens (self))
    paint_lens (self, snapshot, width);
  else
    paint_scale (self, snapshot, width);
}

static void
fg_strip_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 200;
    *natural = 640;
    return;
  }
  *minimum = *natural =
      TEXT_GAP + TEXT_HEIGHT
      + (has_lens (FG_STRIP (widget)) ? THIN_MAP_HEIGHT + LENS_GAP + CELL_HEIGHT : MAP_HEIGHT);
}

static void
on_map_changed (FgStrip *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
fg_strip_dispose (GObject *object)
{
  FgStrip *self = FG_STRIP (object);

  g_clear_object (&self->map);
  G_OBJECT_CLASS (fg_strip_parent_class)->dispose (object);
}

static void
fg_strip_class_init (FgStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_strip_dispose;
  widget_class->snapshot = fg_strip_snapshot;
  widget_class->measure = fg_strip_measure;
  gtk_widget_class_set_css_name (widget_class, "flashstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
fg_strip_init (FgStrip *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "strip");
}

void
fg_strip_set_map (FgStrip *self, FgFlashMap *map)
{
  g_return_if_fail (FG_IS_STRIP (self) && self->map == NULL);

  self->map = g_object_ref (map);
  g_signal_connect_object (map, "changed", G_CALLBACK (on_map_changed), self, G_CONNECT_SWAPPED);
  on_map_changed (self);
}
