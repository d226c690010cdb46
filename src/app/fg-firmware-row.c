/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-row.h"

#include "fg-two-lines.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgFirmwareRow {
  GtkListBoxRow parent_instance;
  FgFirmwareItem *item; /* (owned) */
  GtkEditable *offset;
  FgTwoLines *lines;
  GtkLabel *size;
  GtkWidget *remove;
};

G_DEFINE_FINAL_TYPE (FgFirmwareRow, fg_firmware_row, GTK_TYPE_LIST_BOX_ROW)

enum { REMOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
show_item (FgFirmwareRow *self)
{
  const char *name = fg_firmware_item_get_name (self->item);
  g_autofree char *what = fg_words_image (fg_firmware_item_get_info (self->item));
  g_autofree char *address = fg_words_address (fg_firmware_item_get_offset (self->item));
  g_autofree char *label = g_strdup_printf (_ ("Offset %s of %s"), address, name);
  g_autofree char *subtitle = fg_firmware_item_offset_from_name (self->item)
                                  ? g_strdup_printf (_ ("%s · offset from its name"), what)
                                  : g_strdup (what);

  fg_two_lines_set (self->lines, name, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offset), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
show_offset (FgFirmwareRow *self)
{
  g_autofree char *address = fg_words_address (fg_firmware_item_get_offset (self->item));

  gtk_editable_set_text (self->offset, address);
}

static void
on_offset_typed (FgFirmwareRow *self)
{
  gboolean valid;

  if (self->item == NULL)
    return;
  valid = fg_firmware_item_type_offset (self->item, gtk_editable_get_text (self->offset));
  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->offset), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->offset), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->offset), GTK_ACCESSIBLE_STATE_INVALID,
                               valid ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
  show_item (self);
}

/* What was typed is written in the usual way, or the last good offset comes back. The focus also
 * leaves when the row is taken down. */
static void
on_offset_done (FgFirmwareRow *self)
{
  if (self->item != NULL && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    show_offset (self);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[REMOVE], 0);
}

static void
fg_firmware_row_dispose (GObject *object)
{
  FgFirmwareRow *self = FG_FIRMWARE_ROW (object);

  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), FG_TYPE_FIRMWARE_ROW);
  G_OBJECT_CLASS (fg_firmware_row_parent_class)->dispose (object);
}

static void
fg_firmware_row_class_init (FgFirmwareRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_firmware_row_dispose;
  g_type_ensure (FG_TYPE_TWO_LINES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-firmware-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, offset);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, lines);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, size);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, on_offset_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_offset_done);
  gtk_widget_class_install_action (widget_class, "row.remove", NULL, remove_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "row.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "row.remove", NULL);

  signals[REMOVE] = g_signal_new ("remove", FG_TYPE_FIRMWARE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
fg_firmware_row_init (FgFirmwareRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fg_firmware_row_new (FgFirmwareItem *item)
{
  FgFirmwareRow *self = g_object_new (FG_TYPE_FIRMWARE_ROW, NULL);
  const char *name = fg_firmware_item_get_name (item);
  g_autofree char *size = fg_words_size (g_bytes_get_size (fg_firmware_item_get_bytes (item)));
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), name);

  self->item = g_object_ref (item);
  gtk_label_set_label (self->size, size);
  gtk_widget_set_tooltip_text (self->remove, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remove, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  show_offset (self);
  show_item (self);
  return GTK_WIDGET (self);
}

FgFirmwareItem *
fg_firmware_row_get_item (FgFirmwareRow *self)
{
  return self->item;
}
