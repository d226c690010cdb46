/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-note.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgNote {
  GtkWidget parent_instance;
  FgNoteKind kind;
  GtkWidget *icon;  /* (unowned) a child */
  GtkWidget *label; /* (unowned) a child */
};

G_DEFINE_FINAL_TYPE (FgNote, fg_note, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_TEXT, N_PROPS };
static GParamSpec *properties[N_PROPS];

static const struct {
  const char *icon_name;
  const char *icon_class;
  const char *row_class;
} looks[] = {
  [FG_NOTE_HINT] = { "dialog-information-symbolic", "accent", "note" },
  [FG_NOTE_WARNING] = { "dialog-warning-symbolic", "warn", "warning" },
  [FG_NOTE_ERROR] = { "dialog-error-symbolic", "bad", "error" },
};

static void
fg_note_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FgNote *self = FG_NOTE (object);

  switch (id) {
  case PROP_TEXT:
    fg_note_set (self, self->kind, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_note_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (fg_note_parent_class)->dispose (object);
}

static void
fg_note_class_init (FgNoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = fg_note_set_property;
  object_class->dispose = fg_note_dispose;
  properties[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
fg_note_init (FgNote *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkLayoutManager *box = gtk_widget_get_layout_manager (widget);

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (box), 12);
  gtk_widget_add_css_class (widget, "row");
  gtk_widget_add_css_class (widget, "slim");

  self->icon = gtk_image_new ();
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), 16);
  gtk_widget_set_valign (self->icon, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->icon, widget);

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_widget_set_valign (self->label, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_set_parent (self->label, widget);

  fg_note_set (self, FG_NOTE_HINT, "");
}

GtkWidget *
fg_note_new (FgNoteKind kind, const char *text)
{
  FgNote *self = g_object_new (FG_TYPE_NOTE, NULL);

  fg_note_set (self, kind, text);
  return GTK_WIDGET (self);
}

void
fg_note_set (FgNote *self, FgNoteKind kind, const char *text)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const char *const names[] = {
    [FG_NOTE_HINT] = _ ("Hint"),
    [FG_NOTE_WARNING] = _ ("Warning"),
    [FG_NOTE_ERROR] = _ ("Problem"),
  };

  gtk_widget_remove_css_class (widget, looks[self->kind].row_class);
  gtk_widget_remove_css_class (self->icon, looks[self->kind].icon_class);
  self->kind = kind;
  gtk_widget_add_css_class (widget, looks[kind].row_class);
  gtk_widget_add_css_class (self->icon, looks[kind].icon_class);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), looks[kind].icon_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  names[kind], -1);
  gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? text : "");
}

void
fg_note_append (FgNote *self, GtkWidget *child)
{
  gtk_widget_set_valign (child, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
