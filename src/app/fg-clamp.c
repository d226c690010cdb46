/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-clamp.h"

#define DEFAULT_MAXIMUM_SIZE 680 /* pixels: the width of the column */

struct _FgClamp {
  GtkWidget parent_instance;
  int maximum_size; /* pixels */
};

G_DEFINE_FINAL_TYPE (FgClamp, fg_clamp, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_MAXIMUM_SIZE, N_PROPS };
static GParamSpec *properties[N_PROPS];

static GtkSizeRequestMode
fg_clamp_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
fg_clamp_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  FgClamp *self = FG_CLAMP (widget);
  GtkWidget *child = gtk_widget_get_first_child (widget);

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (child == NULL)
    return;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    for_size = MIN (for_size, self->maximum_size);
  gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, MIN (*natural, self->maximum_size));
}

static void
fg_clamp_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FgClamp *self = FG_CLAMP (widget);
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int minimum, child_width;

  if (child == NULL)
    return;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  child_width = MAX (minimum, MIN (width, self->maximum_size));
  gtk_widget_size_allocate (
      child, &(GtkAllocation){ (width - child_width) / 2, 0, child_width, height }, -1);
}

static void
fg_clamp_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FgClamp *self = FG_CLAMP (object);

  switch (id) {
  case PROP_MAXIMUM_SIZE:
    self->maximum_size = g_value_get_int (value);
    gtk_widget_queue_resize (GTK_WIDGET (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_clamp_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (fg_clamp_parent_class)->dispose (object);
}

static void
fg_clamp_class_init (FgClampClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = fg_clamp_set_property;
  object_class->dispose = fg_clamp_dispose;
  widget_class->get_request_mode = fg_clamp_get_request_mode;
  widget_class->measure = fg_clamp_measure;
  widget_class->size_allocate = fg_clamp_size_allocate;

  properties[PROP_MAXIMUM_SIZE] =
      g_param_spec_int ("maximum-size", NULL, NULL, 0, G_MAXINT, DEFAULT_MAXIMUM_SIZE,
                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "clamp");
}

static void
fg_clamp_init (FgClamp *self)
{
  self->maximum_size = DEFAULT_MAXIMUM_SIZE;
}
