/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-strip-lens.h"

#include "fg-sector-paint.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels. */
#define LEAST_REGION 4.0f /* a region on the map is at least this wide */
#define LEAST_CELL_FOR_GAP 4.0f
#define ADDRESS_ROOM 100 /* kept free for the addresses at both ends */

#define MOST_CELLS 300 /* neighbours are merged above it */

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

void
fg_strip_paint_text (GtkWidget *widget,
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

/* The funnel from the region on the map to the row of its sectors. */
static void
paint_funnel (GtkWidget *widget,
              FgFlashMap *map,
              GtkSnapshot *snapshot,
              const FgFlashMapRegion *region,
              float width)
{
  double scale = (double) width / fg_flash_map_get_size (map);
  double left = floor (region->offset * scale);
  double right =
      MAX (left + LEAST_REGION, round ((region->offset + (double) region->length) * scale));
  double top = FG_STRIP_THIN_HEIGHT + 1, bottom = FG_STRIP_THIN_HEIGHT + FG_STRIP_LENS_GAP;
  GdkRGBA fill = fg_paint_color (widget, "theme_fg_color", 0.07);
  GdkRGBA line = fg_paint_color (widget, "theme_fg_color", 0.30);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, FG_STRIP_THIN_HEIGHT, width, FG_STRIP_LENS_GAP));

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

/* A cell stands for one sector, or for a few where there are more than cells. */
static FgSectorState
cell_state (FgFlashMap *map, guint first, guint sectors, guint cell, guint cells)
{
  guint from = (guint) ((guint64) cell * sectors / cells);
  guint to = (guint) ((guint64) (cell + 1) * sectors / cells);
  FgSectorState state = fg_flash_map_get_state (map, first + from);

  for (guint i = from + 1; i < to; i++)
    state = least_finished (state, fg_flash_map_get_state (map, first + i));
  return state;
}

static void
paint_cells (GtkWidget *widget,
             FgFlashMap *map,
             GtkSnapshot *snapshot,
             const FgFlashMapRegion *region,
             float width)
{
  guint sectors = region->length / FG_SECTOR_SIZE;
  guint first = region->offset / FG_SECTOR_SIZE;
  guint cells = MIN (sectors, MOST_CELLS);
  float y = FG_STRIP_THIN_HEIGHT + FG_STRIP_LENS_GAP;
  float pitch = width / (float) cells;
  float gap = pitch >= LEAST_CELL_FOR_GAP ? 1 : 0;
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (0, y, width, FG_STRIP_CELL_HEIGHT), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  for (guint i = 0; i < cells;) {
    FgSectorState state = cell_state (map, first, sectors, i, cells);
    guint end = i + 1;
    float left, right;

    /* Cells without a gap between them are painted as one. */
    while (gap <= 0 && end < cells && cell_state (map, first, sectors, end, cells) == state)
      end++;
    left = roundf ((float) i * pitch);
    right = roundf ((float) end * pitch) - (end < cells ? gap : 0);
    fg_paint_sector (widget, snapshot, state,
                     &GRAPHENE_RECT_INIT (left, y, right - left, FG_STRIP_CELL_HEIGHT));
    i = end;
  }
  gtk_snapshot_pop (snapshot);
}

static void
paint_head (GtkWidget *widget, GtkSnapshot *snapshot, float x)
{
  float y = FG_STRIP_THIN_HEIGHT + FG_STRIP_LENS_GAP;
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA paper = fg_paint_color (widget, "fg_window_bg", 1);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (x - 8, y - 8, 16, FG_STRIP_CELL_HEIGHT + 16));

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
  cairo_rectangle (cr, x - 1, y - 1, 2, FG_STRIP_CELL_HEIGHT + 2);
  cairo_fill (cr);
  cairo_destroy (cr);
}

void
fg_strip_lens_snapshot (
    GtkWidget *widget, FgFlashMap *map, GtkSnapshot *snapshot, float width, const char *note)
{
  const FgFlashMapRegion *region = fg_flash_map_get_current (map);
  gint64 head = fg_flash_map_get_head (map);
  float text_y =
      FG_STRIP_THIN_HEIGHT + FG_STRIP_LENS_GAP + FG_STRIP_CELL_HEIGHT + FG_STRIP_TEXT_GAP;
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA dim = fg_paint_color (widget, "theme_fg_color", 0.72);
  g_autofree char *start = fg_words_address (region->offset);
  g_autofree char *end = fg_words_address (region->offset + region->length);

  paint_funnel (widget, map, snapshot, region, width);
  paint_cells (widget, map, snapshot, region, width);
  if (note == NULL) {
    fg_strip_paint_text (widget, snapshot, start, 0, text_y, 0, &dim);
    fg_strip_paint_text (widget, snapshot, end, width, text_y, 1, &dim);
  }

  if (head >= region->offset && head < (gint64) region->offset + region->length) {
    g_autofree char *where = fg_words_address ((guint32) head / FG_SECTOR_SIZE * FG_SECTOR_SIZE);
    float sector = floorf ((float) (head - region->offset) / FG_SECTOR_SIZE);
    float x = (sector + 0.5f) * width / ((float) region->length / FG_SECTOR_SIZE);

    paint_head (widget, snapshot, x);
    if (note == NULL)
      fg_strip_paint_text (widget, snapshot, where,
                           CLAMP (x, ADDRESS_ROOM, MAX (width - ADDRESS_ROOM, ADDRESS_ROOM)),
                           text_y, 0.5f, &ink);
  } else if (note == NULL) {
    guint sectors = region->length / FG_SECTOR_SIZE;
    g_autofree char *text =
        g_strdup_printf (ngettext ("%s, %u sector of 4 KB", "%s, %u sectors of 4 KB", sectors),
                         region->name, sectors);

    fg_strip_paint_text (widget, snapshot, text, width / 2, text_y, 0.5f, &dim);
  }
  if (note != NULL)
    fg_strip_paint_text (widget, snapshot, note, width / 2, text_y, 0.5f, &ink);
}
