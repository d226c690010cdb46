/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-row.h"

#include "fg-advice-note.h"
#include "fg-inspector.h"
#include "fg-two-lines.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgFirmwareRow {
  GtkListBoxRow parent_instance;
  FgFirmwareItem *item; /* (owned) */
  char *advice_key;     /* (owned) (nullable) of what `notes` shows */
  gboolean showing;     /* the entry is being filled in by us */
  gboolean typing;      /* what is typed is being taken */
  GtkEditable *offset;
  FgTwoLines *lines;
  GtkLabel *size;
  GtkWidget *inspect;
  GtkWidget *remove;
  GtkBox *notes;
};

G_DEFINE_FINAL_TYPE (FgFirmwareRow, fg_firmware_row, GTK_TYPE_LIST_BOX_ROW)

enum { REMOVE, PLACED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* (transfer full) (nullable) who has said where it goes. */
static char *
where_from (FgFirmwareItem *item)
{
  switch (fg_firmware_item_get_placed (item)) {
  case FG_BUNDLE_BY_NAME:
    return g_strdup (_ ("offset from its name"));
  case FG_BUNDLE_BY_LIST:
    return g_strdup (_ ("offset from its list"));
  case FG_BUNDLE_UNPLACED:
  case FG_BUNDLE_BY_CONTENT:
  case FG_BUNDLE_BY_USER:
  default:
    return NULL;
  }
}

static void
show_item (FgFirmwareRow *self)
{
  const char *name = fg_firmware_item_get_name (self->item);
  g_autofree char *what = fg_words_content (fg_firmware_item_get_content (self->item));
  g_autofree char *address = fg_words_address (fg_firmware_item_get_offset (self->item));
  g_autofree char *label = g_strdup_printf (_ ("Offset %s of %s"), address, name);
  g_autofree char *from = where_from (self->item);
  g_autofree char *subtitle =
      from != NULL ? g_strdup_printf ("%s · %s", what, from) : g_strdup (what);

  fg_two_lines_set (self->lines, name, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offset), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
show_offset (FgFirmwareRow *self)
{
  g_autofree char *address = fg_words_address (fg_firmware_item_get_offset (self->item));
  gboolean placed = fg_firmware_item_get_place (self->item) != FG_ITEM_UNPLACED;

  self->showing = TRUE;
  gtk_editable_set_text (self->offset, placed ? address : "");
  self->showing = FALSE;
}

static gboolean
has_cursor (FgFirmwareRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->offset));
}

/* Its place was changed by a remedy, or by what is known by now about the others. */
static void
on_item_changed (FgFirmwareRow *self)
{
  if (!self->typing && !has_cursor (self))
    show_offset (self);
  show_item (self);
}

static void
on_offset_typed (FgFirmwareRow *self)
{
  if (self->item == NULL || self->showing)
    return;
  self->typing = TRUE;
  fg_firmware_item_type_offset (self->item, gtk_editable_get_text (self->offset));
  self->typing = FALSE;
}

/* What was typed is written in the usual way, or the last good offset comes back. The focus also
 * leaves when the row is taken down. */
static void
on_offset_done (FgFirmwareRow *self)
{
  if (self->item == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (fg_firmware_item_get_place (self->item) == FG_ITEM_BAD_TEXT) {
    g_autofree char *last = fg_words_address (fg_firmware_item_get_offset (self->item));

    fg_firmware_item_type_offset (self->item, last);
  }
  show_offset (self);
  g_signal_emit (self, signals[PLACED], 0);
}

void
fg_firmware_row_show_advice (FgFirmwareRow *self, const GPtrArray *advice)
{
  const FgAdvice *worst = advice->len > 0 ? g_ptr_array_index (advice, 0) : NULL;
  gboolean bad_place = FALSE;
  g_autofree char *key = fg_advice_note_dup_key (advice);
  GtkWidget *child;

  if (g_strcmp0 (key, self->advice_key) == 0)
    return;
  g_free (self->advice_key);
  self->advice_key = g_steal_pointer (&key);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->notes))) != NULL)
    gtk_box_remove (self->notes, child);
  for (guint i = 0; i < advice->len; i++) {
    const FgAdvice *one = g_ptr_array_index (advice, i);

    bad_place = bad_place || (one->about_place && one->severity == FG_SEVERITY_ERROR);
    gtk_box_append (self->notes, fg_advice_note_new (one, fg_firmware_item_get_name (self->item)));
  }
  gtk_widget_set_visible (GTK_WIDGET (self->notes), advice->len > 0);
  if (bad_place)
    gtk_widget_add_css_class (GTK_WIDGET (self->offset), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->offset), "error");
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->offset), GTK_ACCESSIBLE_STATE_INVALID,
      bad_place ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offset),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  worst != NULL ? worst->message : "", -1);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[REMOVE], 0);
}

static void
inspect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgFirmwareRow *self = FG_FIRMWARE_ROW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (GTK_IS_WINDOW (root))
    gtk_window_present (GTK_WINDOW (fg_inspector_new (GTK_WINDOW (root), self->item)));
}

/* The button that was clicked goes with its note: the focus goes to what it has changed. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgFirmwareRow *self = FG_FIRMWARE_ROW (widget);

  gtk_widget_grab_focus (widget);
  fg_firmware_item_move (self->item, g_variant_get_uint32 (parameter));
  g_signal_emit (self, signals[PLACED], 0);
}

static void
fg_firmware_row_dispose (GObject *object)
{
  FgFirmwareRow *self = FG_FIRMWARE_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), FG_TYPE_FIRMWARE_ROW);
  G_OBJECT_CLASS (fg_firmware_row_parent_class)->dispose (object);
}

static void
fg_firmware_row_finalize (GObject *object)
{
  g_free (FG_FIRMWARE_ROW (object)->advice_key);
  G_OBJECT_CLASS (fg_firmware_row_parent_class)->finalize (object);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "row.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "row.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "row.inspect", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, 0, "row.inspect", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "row.inspect",
                                       NULL);
}

static void
fg_firmware_row_class_init (FgFirmwareRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fg_firmware_row_dispose;
  object_class->finalize = fg_firmware_row_finalize;
  g_type_ensure (FG_TYPE_TWO_LINES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-firmware-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, offset);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, lines);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, size);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, inspect);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, remove);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, notes);
  gtk_widget_class_bind_template_callback (widget_class, on_offset_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_offset_done);
  gtk_widget_class_install_action (widget_class, "row.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "row.inspect", NULL, inspect_action);
  gtk_widget_class_install_action (widget_class, "row.move", "u", move_action);
  bind_keys (widget_class);

  signals[REMOVE] = g_signal_new ("remove", FG_TYPE_FIRMWARE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[PLACED] = g_signal_new ("placed", FG_TYPE_FIRMWARE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
fg_firmware_row_init (FgFirmwareRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_names (FgFirmwareRow *self)
{
  const char *name = fg_firmware_item_get_name (self->item);
  const char *source = fg_firmware_item_get_source (self->item);
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), name);
  g_autofree char *inspect = g_strdup_printf (_ ("Inspect %s"), name);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->lines), source);
  gtk_widget_set_tooltip_text (self->remove, remove);
  gtk_widget_set_tooltip_text (self->inspect, inspect);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remove, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->inspect), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  inspect, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkWidget *
fg_firmware_row_new (FgFirmwareItem *item)
{
  FgFirmwareRow *self = g_object_new (FG_TYPE_FIRMWARE_ROW, NULL);
  g_autofree char *size = fg_words_size (g_bytes_get_size (fg_firmware_item_get_bytes (item)));

  self->item = g_object_ref (item);
  gtk_label_set_label (self->size, size);
  set_names (self);
  show_offset (self);
  show_item (self);
  g_signal_connect_object (item, "notify", G_CALLBACK (on_item_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

FgFirmwareItem *
fg_firmware_row_get_item (FgFirmwareRow *self)
{
  return self->item;
}
