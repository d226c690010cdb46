/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-strip.h"

#include "fg-sector-paint.h"
#include "fg-sector-words.h"
#include "fg-strip-lens.h"
#include "fg-words.h"

#include "config.h"

#include <math.h>

/* Pixels. */
#define MAP_HEIGHT 22
#define TEXT_HEIGHT 16
#define LEAST_REGION 4.0f /* a region on the map is at least this wide */
#define LEAST_ZONE 2.0f
#define LEAST_CURSOR 3.0f
#define LABEL_ROOM 8.0f /* around the name of a zone */

#define QUARTERS 4
#define PAGE_SECTORS 16 /* 64 KB, which flashes erase at once */

struct _FgStrip {
  GtkWidget parent_instance;
  FgFlashMap *map; /* (owned) (nullable) */
  guint cursor;    /* a sector; only shown while the strip has the focus */
  char *sentence;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FgStrip, fg_strip, GTK_TYPE_WIDGET)

static gboolean
has_lens (FgStrip *self)
{
  return self->map != NULL && fg_flash_map_get_mode (self->map) >= FG_MAP_BUSY
         && fg_flash_map_get_n_regions (self->map) > 0;
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

    fg_strip_paint_text (widget, snapshot, text, width * (float) i / QUARTERS,
                         MAP_HEIGHT + FG_STRIP_TEXT_GAP,
                         i == 0          ? 0.0f
                         : i == QUARTERS ? 1.0f
                                         : 0.5f,
                         &dim);
  }
}

/* Where partitions begin and, where there is room for it, what they are called. */
static void
paint_zones (FgStrip *self, GtkSnapshot *snapshot, float width, float height, gboolean names)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float scale = width / (float) fg_flash_map_get_size (self->map);
  GdkRGBA line = fg_paint_color (widget, "theme_fg_color", 0.38);
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 0.85);

  for (guint i = 0; i < fg_flash_map_get_n_zones (self->map); i++) {
    const FgZone *zone = fg_flash_map_get_zone (self->map, i);
    float left = floorf ((float) zone->offset * scale);
    float zone_width = MAX (LEAST_ZONE, floorf ((float) zone->length * scale));
    g_autoptr (PangoLayout) layout = NULL;
    int text_width, text_height;

    fg_paint_rect (snapshot, &line, left, 0, 1, height);
    fg_paint_rect (snapshot, &line, left + zone_width - 1, 0, 1, height);
    if (!names)
      continue;
    layout = gtk_widget_create_pango_layout (widget, zone->name);
    pango_layout_get_pixel_size (layout, &text_width, &text_height);
    if ((float) text_width + LABEL_ROOM <= zone_width)
      fg_strip_paint_text (widget, snapshot, zone->name, left + zone_width / 2,
                           roundf ((height - (float) text_height) / 2), 0.5f, &ink);
  }
}

static gboolean
has_cursor (FgStrip *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkRoot *root = gtk_widget_get_root (widget);

  return gtk_widget_has_focus (widget) && GTK_IS_WINDOW (root)
         && gtk_window_get_focus_visible (GTK_WINDOW (root));
}

static void
paint_cursor (FgStrip *self, GtkSnapshot *snapshot, float width, float height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float pitch = width * FG_SECTOR_SIZE / (float) fg_flash_map_get_size (self->map);
  float cursor_width = MAX (LEAST_CURSOR, pitch);
  float x = CLAMP (roundf (((float) self->cursor + 0.5f) * pitch - cursor_width / 2), 0,
                   width - cursor_width);
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);
  GdkRGBA paper = fg_paint_color (widget, "fg_window_bg", 1);

  fg_paint_rect (snapshot, &paper, x - 1, 0, cursor_width + 2, height);
  fg_paint_rect (snapshot, &ink, x, 0, cursor_width, height);
}

static void
paint_map (FgStrip *self, GtkSnapshot *snapshot, float width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean thin = has_lens (self);
  float height = thin ? FG_STRIP_THIN_HEIGHT : MAP_HEIGHT;
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
  paint_zones (self, snapshot, width, height, !thin);
  if (has_cursor (self))
    paint_cursor (self, snapshot, width, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (const float[4]){ 1, 1, 1, 1 },
                              (const GdkRGBA[4]){ edge, edge, edge, edge });
  for (guint i = 1; i < QUARTERS; i++)
    fg_paint_rect (snapshot, &tick, roundf (width * (float) i / QUARTERS),
                   thin ? height - 4 : height - 6, 1, thin ? 3 : 5);
}

/* What stands at the cursor, in place of the scale. */
static void
paint_note (FgStrip *self, GtkSnapshot *snapshot, float width, const char *note)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA ink = fg_paint_color (widget, "theme_fg_color", 1);

  fg_strip_paint_text (widget, snapshot, note, width / 2, MAP_HEIGHT + FG_STRIP_TEXT_GAP, 0.5f,
                       &ink);
}

static void
fg_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FgStrip *self = FG_STRIP (widget);
  float width = (float) gtk_widget_get_width (widget);
  g_autofree char *note = NULL;

  if (self->map == NULL || fg_flash_map_get_size (self->map) == 0)
    return;
  if (has_cursor (self))
    note = fg_sector_words (self->map, self->cursor);
  paint_map (self, snapshot, width);
  if (has_lens (self))
    fg_strip_lens_snapshot (widget, self->map, snapshot, width, note);
  else if (note != NULL)
    paint_note (self, snapshot, width, note);
  else
    paint_scale (self, snapshot, width);
}

static int
wanted_height (FgStrip *self)
{
  return FG_STRIP_TEXT_GAP + TEXT_HEIGHT
         + (has_lens (self) ? FG_STRIP_THIN_HEIGHT + FG_STRIP_LENS_GAP + FG_STRIP_CELL_HEIGHT
                            : MAP_HEIGHT);
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
  *minimum = *natural = wanted_height (FG_STRIP (widget));
}

static guint
count_sectors (FgStrip *self)
{
  return self->map != NULL ? fg_flash_map_get_size (self->map) / FG_SECTOR_SIZE : 0;
}

/* The description tells what is at the cursor, so that moving it is heard. */
static void
update_words (FgStrip *self)
{
  g_autofree char *here = has_cursor (self) && count_sectors (self) > 0
                              ? fg_sector_words (self->map, self->cursor)
                              : NULL;
  const char *sentence = self->sentence != NULL ? self->sentence : "";

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  here != NULL ? here : sentence, -1);
}

static void
set_cursor (FgStrip *self, guint sector)
{
  self->cursor = sector;
  update_words (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

typedef enum { BY_SECTOR, BY_CHANGE, BY_PAGE, TO_END } Step;

static gboolean
on_move (GtkWidget *widget, GVariant *args, gpointer data)
{
  FgStrip *self = FG_STRIP (widget);
  gint64 last = (gint64) count_sectors (self) - 1;
  gint64 to = self->cursor;
  int unit, direction;

  if (last < 0)
    return FALSE;
  g_variant_get (args, "(ii)", &unit, &direction);
  switch ((Step) unit) {
  case BY_CHANGE:
    to = fg_sector_next_change (self->map, self->cursor, direction);
    break;
  case BY_PAGE:
    to += direction * PAGE_SECTORS;
    break;
  case TO_END:
    to = direction < 0 ? 0 : last;
    break;
  case BY_SECTOR:
  default:
    to += direction;
  }
  set_cursor (self, (guint) CLAMP (to, 0, last));
  return TRUE;
}

/* The sector at a place in the widget, in pixels; -1: there is none. */
static gint64
sector_at (FgStrip *self, double x, double y)
{
  const FgFlashMapRegion *region = self->map != NULL ? fg_flash_map_get_current (self->map) : NULL;
  double fraction = x / MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));
  gboolean lens = has_lens (self) && y >= FG_STRIP_THIN_HEIGHT;

  if (count_sectors (self) == 0 || fraction < 0 || fraction >= 1)
    return -1;
  if (lens)
    return region->offset / FG_SECTOR_SIZE
           + (gint64) (fraction * (region->length / FG_SECTOR_SIZE));
  return (gint64) (fraction * count_sectors (self));
}

static gboolean
fg_strip_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  FgStrip *self = FG_STRIP (widget);
  gint64 sector = keyboard ? (gint64) self->cursor : sector_at (self, x, y);
  g_autofree char *words = NULL;

  if (sector < 0 || count_sectors (self) == 0)
    return FALSE;
  words = fg_sector_words (self->map, (guint) sector);
  gtk_tooltip_set_text (tooltip, words);
  return TRUE;
}

static void
on_focus_changed (FgStrip *self)
{
  update_words (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_map_changed (FgStrip *self)
{
  self->cursor = MIN (self->cursor, MAX (1, count_sectors (self)) - 1);
  /* A new layout of the whole window at each sector would cost more than the strip. */
  if (wanted_height (self) != gtk_widget_get_height (GTK_WIDGET (self)))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
fg_strip_dispose (GObject *object)
{
  FgStrip *self = FG_STRIP (object);

  g_clear_object (&self->map);
  g_clear_pointer (&self->sentence, g_free);
  G_OBJECT_CLASS (fg_strip_parent_class)->dispose (object);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    Step unit;
    int direction;
  } keys[] = {
    { GDK_KEY_Left, 0, BY_SECTOR, -1 },
    { GDK_KEY_Right, 0, BY_SECTOR, 1 },
    { GDK_KEY_Left, GDK_CONTROL_MASK, BY_CHANGE, -1 },
    { GDK_KEY_Right, GDK_CONTROL_MASK, BY_CHANGE, 1 },
    { GDK_KEY_Page_Up, 0, BY_PAGE, -1 },
    { GDK_KEY_Page_Down, 0, BY_PAGE, 1 },
    { GDK_KEY_Home, 0, TO_END, -1 },
    { GDK_KEY_End, 0, TO_END, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, keys[i].modifiers, on_move, "(ii)",
                                  (int) keys[i].unit, keys[i].direction);
}

static void
fg_strip_class_init (FgStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_strip_dispose;
  widget_class->snapshot = fg_strip_snapshot;
  widget_class->measure = fg_strip_measure;
  widget_class->query_tooltip = fg_strip_query_tooltip;
  bind_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "flashstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
fg_strip_init (FgStrip *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "strip");
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "notify::has-focus", G_CALLBACK (on_focus_changed), NULL);
}

void
fg_strip_set_map (FgStrip *self, FgFlashMap *map)
{
  g_return_if_fail (FG_IS_STRIP (self) && self->map == NULL);

  self->map = g_object_ref (map);
  g_signal_connect_object (map, "changed", G_CALLBACK (on_map_changed), self, G_CONNECT_SWAPPED);
  on_map_changed (self);
}

void
fg_strip_set_words (FgStrip *self, const char *name, const char *sentence)
{
  g_free (self->sentence);
  self->sentence = g_strdup (sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  update_words (self);
}
