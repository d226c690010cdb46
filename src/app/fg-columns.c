/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-columns.h"

struct _FgColumns {
  GtkWidget parent_instance;
  int column_width;   /* pixels */
  int column_spacing; /* pixels */
  int row_spacing;    /* pixels */
};

G_DEFINE_FINAL_TYPE (FgColumns, fg_columns, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_COLUMN_WIDTH, PROP_COLUMN_SPACING, PROP_ROW_SPACING, N_PROPS };
static GParamSpec *properties[N_PROPS];

static GtkWidget *
next_visible (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_get_visible (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
first_child (FgColumns *self)
{
  return next_visible (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static GtkWidget *
next_child (GtkWidget *child)
{
  return next_visible (gtk_widget_get_next_sibling (child));
}

/* How many columns fit into @width; all of them when it is negative. */
static int
count_columns (FgColumns *self, int width)
{
  int n_children = 0, columns;

  for (GtkWidget *child = first_child (self); child != NULL; child = next_child (child))
    n_children++;
  if (n_children == 0)
    return 1;

  columns = width < 0
                ? n_children
                : (width + self->column_spacing) / (self->column_width + self->column_spacing);
  columns = CLAMP (columns, 1, n_children);
  while (columns > 1 && n_children > 2 && n_children % columns != 0)
    columns--;
  return columns;
}

/* The height of the row that starts with @child; *@after becomes the next row's first child. */
static int
measure_row (GtkWidget *child, int columns, int column_width, GtkWidget **after)
{
  int height = 0;

  for (int i = 0; child != NULL && i < columns; i++) {
    int minimum;

    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column_width, &minimum, NULL, NULL, NULL);
    height = MAX (height, minimum);
    child = next_child (child);
  }
  *after = child;
  return height;
}

static int
column_width_for (FgColumns *self, int width, int columns)
{
  return width < 0 ? -1 : (width - (columns - 1) * self->column_spacing) / columns;
}

static void
fg_columns_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  FgColumns *self = FG_COLUMNS (widget);
  GtkWidget *child = first_child (self);

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    int columns = count_columns (self, for_size);
    int width = column_width_for (self, for_size, columns);

    while (child != NULL) {
      int height = measure_row (child, columns, width, &child);

      *minimum += height + (child != NULL ? self->row_spacing : 0);
    }
    *natural = *minimum;
    return;
  }

  for (; child != NULL; child = next_child (child)) {
    int child_minimum, child_natural;

    gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
    *minimum = MAX (*minimum, child_minimum);
    *natural += MAX (child_natural, self->column_width) + self->column_spacing;
  }
  *natural = MAX (*natural - self->column_spacing, *minimum);
}

static void
fg_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FgColumns *self = FG_COLUMNS (widget);
  int columns = count_columns (self, width);
  int column_width = column_width_for (self, width, columns);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = first_child (self);
  int y = 0;

  while (child != NULL) {
    GtkWidget *after;
    int row_height = measure_row (child, columns, column_width, &after);

    for (int i = 0; child != after; i++) {
      int x = i * (column_width + self->column_spacing);

      if (rtl)
        x = width - x - column_width;
      gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, column_width, row_height }, -1);
      child = next_child (child);
    }
    y += row_height + self->row_spacing;
  }
}

static GtkSizeRequestMode
fg_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
fg_columns_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FgColumns *self = FG_COLUMNS (object);

  switch (id) {
  case PROP_COLUMN_WIDTH:
    self->column_width = g_value_get_int (value);
    break;
  case PROP_COLUMN_SPACING:
    self->column_spacing = g_value_get_int (value);
    break;
  case PROP_ROW_SPACING:
    self->row_spacing = g_value_get_int (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
fg_columns_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (fg_columns_parent_class)->dispose (object);
}

static GParamSpec *
pixels_spec (const char *name, int standard)
{
  return g_param_spec_int (name, NULL, NULL, 0, G_MAXINT16, standard,
                           G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
}

static void
fg_columns_class_init (FgColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = fg_columns_set_property;
  object_class->dispose = fg_columns_dispose;
  widget_class->get_request_mode = fg_columns_get_request_mode;
  widget_class->measure = fg_columns_measure;
  widget_class->size_allocate = fg_columns_size_allocate;

  properties[PROP_COLUMN_WIDTH] = pixels_spec ("column-width", 260);
  properties[PROP_COLUMN_SPACING] = pixels_spec ("column-spacing", 24);
  properties[PROP_ROW_SPACING] = pixels_spec ("row-spacing", 0);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fg_columns_init (FgColumns *self)
{
  self->column_width = 260;
  self->column_spacing = 24;
}
