/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-legend.h"

#include "fg-swatch.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

/* Pixels. */
#define ITEM_SPACING 12
#define LINE_SPACING 2

/* One entry for each state of the regions, in this order, and one for the rest of the flash. */
static const FgSectorState order[] = { FG_SECTOR_UNCHANGED, FG_SECTOR_ERASED, FG_SECTOR_WRITTEN,
                                       FG_SECTOR_VERIFIED,  FG_SECTOR_FAILED, FG_SECTOR_PLANNED };
#define N_STATES G_N_ELEMENTS (order)

typedef struct {
  GtkWidget *box;   /* (unowned) a child of the legend */
  GtkWidget *label; /* (unowned) */
} Entry;

struct _FgLegend {
  GtkWidget parent_instance;
  FgFlashMap *map; /* (owned) (nullable) */
  Entry entries[N_STATES];
  Entry rest_left, rest_erased, unknown;
};

G_DEFINE_FINAL_TYPE (FgLegend, fg_legend, GTK_TYPE_WIDGET)

static void
entry_init (FgLegend *self, Entry *entry, GtkWidget *swatch)
{
  entry->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  entry->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (entry->label, "caption");
  gtk_widget_add_css_class (entry->label, "num");
  if (swatch != NULL)
    gtk_box_append (GTK_BOX (entry->box), swatch);
  gtk_box_append (GTK_BOX (entry->box), entry->label);
  gtk_widget_set_visible (entry->box, FALSE);
  gtk_widget_set_parent (entry->box, GTK_WIDGET (self));
}

static void
entry_set (Entry *entry, const char *text)
{
  gtk_widget_set_visible (entry->box, text != NULL);
  if (text != NULL)
    gtk_label_set_label (GTK_LABEL (entry->label), text);
}

/* "Written 19"; NULL: nothing to say about that state in this mode. */
static char *
state_text (FgFlashMapMode mode, FgSectorState state, guint count)
{
  g_autofree char *size = fg_words_size ((guint64) count * FG_SECTOR_SIZE);
  gboolean broken = mode == FG_MAP_BROKEN;

  if (count == 0)
    return NULL;
  switch (state) {
  case FG_SECTOR_PLANNED:
    return mode == FG_MAP_PLAN ? g_strdup_printf (_ ("Will be written, %s"), size)
                               : g_strdup_printf (_ ("To do %u"), count);
  case FG_SECTOR_UNCHANGED:
    return g_strdup_printf (broken ? _ ("Still old %u") : _ ("Unchanged %u"), count);
  case FG_SECTOR_ERASED:
    return g_strdup_printf (_ ("Erased %u"), count);
  case FG_SECTOR_WRITTEN:
    return g_strdup_printf (broken ? _ ("New, not verified %u") : _ ("Written %u"), count);
  case FG_SECTOR_VERIFIED:
    return g_strdup_printf (broken ? _ ("New, verified %u") : _ ("Verified %u"), count);
  case FG_SECTOR_FAILED:
    return g_strdup_printf (_ ("Broken off %u"), count);
  case FG_SECTOR_LEFT:
  case FG_N_SECTOR_STATES:
  default:
    return NULL;
  }
}

static void
update_rest (FgLegend *self, FgFlashMapMode mode)
{
  FgSectorState state;
  guint count = fg_flash_map_count_rest (self->map, &state);
  g_autofree char *size = fg_words_size ((guint64) count * FG_SECTOR_SIZE);
  g_autofree char *text = NULL;
  gboolean erased = state == FG_SECTOR_ERASED;
  gboolean known = fg_flash_map_get_size_known (self->map);

  if ((mode == FG_MAP_PLAN || mode == FG_MAP_DONE) && count > 0) {
    if (erased && mode == FG_MAP_PLAN)
      text = known ? g_strdup_printf (_ ("Will be erased, %s"), size)
                   : g_strdup (_ ("Everything else will be erased"));
    else if (known)
      text = g_strdup_printf (erased ? _ ("Erased, %s") : _ ("Left as it is, %s"), size);
    else
      text = g_strdup (_ ("Left as it is"));
  }
  entry_set (&self->rest_left, erased ? NULL : text);
  entry_set (&self->rest_erased, erased ? text : NULL);
  entry_set (&self->unknown,
             mode == FG_MAP_PLAN && !known ? _ ("The flash size is not known yet") : NULL);
}

static void
on_map_changed (FgLegend *self)
{
  FgFlashMapMode mode = fg_flash_map_get_mode (self->map);

  for (guint i = 0; i < N_STATES; i++) {
    g_autofree char *text = state_text (mode, order[i], fg_flash_map_count (self->map, order[i]));

    entry_set (&self->entries[i], text);
  }
  update_rest (self, mode);
}

/* Lays the entries out in lines of @width; with @apply they are put there. Returns the height. */
static int
layout (FgLegend *self, int width, gboolean apply)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, line_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkRequisition size;

    if (!gtk_widget_get_visible (child))
      continue;
    gtk_widget_get_preferred_size (child, NULL, &size);
    if (x > 0 && x + size.width > width) {
      x = 0;
      y += line_height + LINE_SPACING;
      line_height = 0;
    }
    if (apply)
      gtk_widget_size_allocate (
          child, &(GtkAllocation){ rtl ? width - x - size.width : x, y, size.width, size.height },
          -1);
    x += size.width + ITEM_SPACING;
    line_height = MAX (line_height, size.height);
  }
  return y + line_height;
}

static void
fg_legend_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = layout (FG_LEGEND (widget), for_size < 0 ? G_MAXINT : for_size, FALSE);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_natural;

    if (!gtk_widget_get_visible (child))
      continue;
    gtk_widget_measure (child, orientation, -1, NULL, &child_natural, NULL, NULL);
    *minimum = MAX (*minimum, child_natural);
    *natural += child_natural + ITEM_SPACING;
  }
}

static void
fg_legend_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  layout (FG_LEGEND (widget), width, TRUE);
}

static GtkSizeRequestMode
fg_legend_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
fg_legend_dispose (GObject *object)
{
  FgLegend *self = FG_LEGEND (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->map);
  G_OBJECT_CLASS (fg_legend_parent_class)->dispose (object);
}

static void
fg_legend_class_init (FgLegendClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_legend_dispose;
  widget_class->get_request_mode = fg_legend_get_request_mode;
  widget_class->measure = fg_legend_measure;
  widget_class->size_allocate = fg_legend_size_allocate;
}

static void
fg_legend_init (FgLegend *self)
{
  for (guint i = 0; i < N_STATES; i++)
    entry_init (self, &self->entries[i], fg_swatch_new (order[i]));
  entry_init (self, &self->rest_left, fg_swatch_new (FG_SECTOR_LEFT));
  entry_init (self, &self->rest_erased, fg_swatch_new (FG_SECTOR_ERASED));
  entry_init (self, &self->unknown, NULL);
  gtk_widget_add_css_class (self->unknown.label, "dim");
}

void
fg_legend_set_map (FgLegend *self, FgFlashMap *map)
{
  g_return_if_fail (FG_IS_LEGEND (self) && self->map == NULL);

  self->map = g_object_ref (map);
  g_signal_connect_object (map, "changed", G_CALLBACK (on_map_changed), self, G_CONNECT_SWAPPED);
  on_map_changed (self);
}

char *
fg_legend_dup_sentence (FgLegend *self)
{
  GString *text = g_string_new (NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (!gtk_widget_get_visible (child))
      continue;
    if (text->len > 0)
      g_string_append (text, ", ");
    g_string_append (text, gtk_label_get_label (GTK_LABEL (gtk_widget_get_last_child (child))));
  }
  return g_string_free (text, FALSE);
}
