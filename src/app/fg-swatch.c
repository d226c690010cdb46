/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-swatch.h"

#include "fg-sector-paint.h"

#define SWATCH_WIDTH 18 /* pixels */
#define SWATCH_HEIGHT 12
#define SWATCH_RADIUS 3

struct _FgSwatch {
  GtkWidget parent_instance;
  FgSectorState state;
};

G_DEFINE_FINAL_TYPE (FgSwatch, fg_swatch, GTK_TYPE_WIDGET)

static void
fg_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FgSwatch *self = FG_SWATCH (widget);
  gboolean planned = self->state == FG_SECTOR_PLANNED;
  GdkRGBA edge = planned ? fg_paint_color (widget, "fg_state_planned", 1)
                         : fg_paint_color (widget, "theme_fg_color", 0.22);
  graphene_rect_t area =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &area, SWATCH_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  fg_paint_sector (widget, snapshot, self->state, &area);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (const float[4]){ 1, 1, 1, 1 },
                              (const GdkRGBA[4]){ edge, edge, edge, edge });
}

static void
fg_swatch_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? SWATCH_WIDTH : SWATCH_HEIGHT;
}

static void
fg_swatch_class_init (FgSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = fg_swatch_snapshot;
  widget_class->measure = fg_swatch_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
fg_swatch_init (FgSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
fg_swatch_new (FgSectorState state)
{
  FgSwatch *self = g_object_new (FG_TYPE_SWATCH, NULL);

  self->state = state;
  return GTK_WIDGET (self);
}
