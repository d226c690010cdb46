/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-two-lines.h"

struct _FgTwoLines {
  GtkWidget parent_instance;
  GtkWidget *title;    /* (unowned) a child */
  GtkWidget *subtitle; /* (unowned) a child */
};

G_DEFINE_FINAL_TYPE (FgTwoLines, fg_two_lines, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_TITLE, PROP_SUBTITLE, PROP_WRAP, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
set_wrap (FgTwoLines *self, gboolean wrap)
{
  GtkWidget *const labels[] = { self->title, self->subtitle };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++) {
    gtk_label_set_wrap (GTK_LABEL (labels[i]), wrap);
    gtk_label_set_wrap_mode (GTK_LABEL (labels[i]), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_ellipsize (GTK_LABEL (labels[i]),
                             wrap ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  }
}

static void
set_line (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL && *text != '\0');
}

static void
fg_two_lines_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FgTwoLines *self = FG_TWO_LINES (object);

  switch (id) {
  case PROP_TITLE:
    set_line (self->title, g_value_get_string (value));
    break;
  case PROP_SUBTITLE:
    set_line (self->subtitle, g_value_get_string (value));
    break;
  case PROP_WRAP:
    set_wrap (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_two_lines_dispose (GObject *object)
{
  FgTwoLines *self = FG_TWO_LINES (object);

  g_clear_pointer (&self->title, gtk_widget_unparent);
  g_clear_pointer (&self->subtitle, gtk_widget_unparent);
  G_OBJECT_CLASS (fg_two_lines_parent_class)->dispose (object);
}

static void
fg_two_lines_class_init (FgTwoLinesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = fg_two_lines_set_property;
  object_class->dispose = fg_two_lines_dispose;

  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUBTITLE] =
      g_param_spec_string ("subtitle", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_WRAP] =
      g_param_spec_boolean ("wrap", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
fg_two_lines_init (FgTwoLines *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkLayoutManager *box = gtk_widget_get_layout_manager (widget);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (box), 1);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (widget, TRUE);

  self->title = gtk_label_new (NULL);
  self->subtitle = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_xalign (GTK_LABEL (self->subtitle), 0);
  gtk_widget_add_css_class (self->subtitle, "caption");
  gtk_widget_add_css_class (self->subtitle, "dim");
  gtk_widget_add_css_class (self->subtitle, "num");
  gtk_widget_set_parent (self->title, widget);
  gtk_widget_set_parent (self->subtitle, widget);
  set_wrap (self, FALSE);
  set_line (self->subtitle, NULL);
}

GtkWidget *
fg_two_lines_new (const char *title, const char *subtitle)
{
  return g_object_new (FG_TYPE_TWO_LINES, "title", title, "subtitle", subtitle, NULL);
}

void
fg_two_lines_set (FgTwoLines *self, const char *title, const char *subtitle)
{
  set_line (self->title, title);
  set_line (self->subtitle, subtitle);
}
