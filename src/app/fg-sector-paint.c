/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sector-paint.h"

#define TALL 20.0f     /* pixels: from here on there is room for a bolder pattern */
#define OUTLINED 12.0f /* pixels: from here on a planned area gets its side lines, too */

GdkRGBA
fg_paint_color (GtkWidget *widget, const char *name, double alpha)
{
  GdkRGBA color = { 0.5f, 0.5f, 0.5f, 1.0f };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color);
  color.alpha *= alpha;
  return color;
}

void
fg_paint_rect (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float w, float h)
{
  if (w > 0 && h > 0)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, w, h));
}

static void
paint_plain (GtkWidget *widget,
             GtkSnapshot *snapshot,
             const char *name,
             const graphene_rect_t *area)
{
  GdkRGBA color = fg_paint_color (widget, name, 1);

  gtk_snapshot_append_color (snapshot, &color, area);
}

/* Diagonal lines in @color over a third of @area; @start to @end is one period. */
static void
paint_hatch (GtkSnapshot *snapshot,
             const GdkRGBA *color,
             const graphene_point_t *start,
             const graphene_point_t *end,
             const graphene_rect_t *area)
{
  GdkRGBA clear = *color;
  GskColorStop stops[4];

  clear.alpha = 0;
  stops[0] = (GskColorStop){ 0.0f, *color };
  stops[1] = (GskColorStop){ 0.29f, *color };
  stops[2] = (GskColorStop){ 0.33f, clear };
  stops[3] = (GskColorStop){ 1.0f, clear };
  gtk_snapshot_append_repeating_linear_gradient (snapshot, area, start, end, stops,
                                                 G_N_ELEMENTS (stops));
}

static void
paint_planned (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  GdkRGBA tint = fg_paint_color (widget, "fg_state_todo", 0.30);
  GdkRGBA line = fg_paint_color (widget, "fg_state_planned", 1);
  float x = area->origin.x, y = area->origin.y;
  float w = area->size.width, h = area->size.height;

  gtk_snapshot_append_color (snapshot, &tint, area);
  fg_paint_rect (snapshot, &line, x, y, w, 1);
  fg_paint_rect (snapshot, &line, x, y + h - 1, w, 1);
  if (w > OUTLINED) {
    fg_paint_rect (snapshot, &line, x, y, 1, h);
    fg_paint_rect (snapshot, &line, x + w - 1, y, 1, h);
  }
}

static void
paint_verified (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  const GdkRGBA line = { 1, 1, 1, 0.85f };
  gboolean tall = area->size.height > TALL;
  float bottom = area->origin.y + area->size.height;

  paint_plain (widget, snapshot, "fg_state_verified", area);
  fg_paint_rect (snapshot, &line, area->origin.x, bottom - (tall ? 6 : 4), area->size.width,
                 tall ? 2.0f : 1.5f);
}

void
fg_paint_sector (GtkWidget *widget,
                 GtkSnapshot *snapshot,
                 FgSectorState state,
                 const graphene_rect_t *area)
{
  GdkRGBA hatch;

  if (area->size.width <= 0 || area->size.height <= 0)
    return;

  switch (state) {
  case FG_SECTOR_PLANNED:
    paint_planned (widget, snapshot, area);
    break;
  case FG_SECTOR_UNCHANGED:
    paint_plain (widget, snapshot, "fg_state_unchanged", area);
    break;
  case FG_SECTOR_ERASED:
    hatch = fg_paint_color (widget, "theme_fg_color", 0.5);
    paint_plain (widget, snapshot, "fg_state_left", area);
    paint_hatch (snapshot, &hatch, &GRAPHENE_POINT_INIT (0, 0), &GRAPHENE_POINT_INIT (3.2f, 3.2f),
                 area);
    break;
  case FG_SECTOR_WRITTEN:
    paint_plain (widget, snapshot, "fg_state_written", area);
    break;
  case FG_SECTOR_VERIFIED:
    paint_verified (widget, snapshot, area);
    break;
  case FG_SECTOR_FAILED:
    hatch = (GdkRGBA){ 1, 1, 1, 0.75f };
    paint_plain (widget, snapshot, "fg_state_failed", area);
    paint_hatch (snapshot, &hatch, &GRAPHENE_POINT_INIT (0, 3.5f), &GRAPHENE_POINT_INIT (3.5f, 0),
                 area);
    break;
  case FG_SECTOR_LEFT:
  case FG_N_SECTOR_STATES:
  default:
    paint_plain (widget, snapshot, "fg_state_left", area);
    break;
  }
}
