/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-port-picker.h"

#include "fg-two-lines.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgPortPicker {
  GtkWidget parent_instance;
  FgPortMonitor *monitor; /* (owned) (nullable) */
  GtkDropDown *drop_down; /* (unowned) a child */
  char *wanted;           /* (owned) (nullable) path that the user chose */
  char *shown;            /* (owned) (nullable) path that is selected now */
};

G_DEFINE_FINAL_TYPE (FgPortPicker, fg_port_picker, GTK_TYPE_WIDGET)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
icon_for (FgPort *port)
{
  if (fg_port_get_problem (port) != NULL)
    return "action-unavailable-symbolic";
  switch (fg_port_get_kind (port)) {
  case FG_PORT_NETWORK:
    return "network-wired-symbolic";
  case FG_PORT_SIMULATED:
    return "fg-board-symbolic";
  case FG_PORT_SERIAL:
  default:
    return "fg-usb-symbolic";
  }
}

static void
on_row_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new ();

  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (icon, "icon-disc");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), fg_two_lines_new (NULL, NULL));
  gtk_list_item_set_child (item, box);
}

static void
on_row_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  FgPort *port = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *icon = gtk_widget_get_first_child (box);
  FgTwoLines *lines = FG_TWO_LINES (gtk_widget_get_last_child (box));
  const char *problem = fg_port_get_problem (port);
  g_autofree char *subtitle =
      problem != NULL ? g_strdup_printf ("%s · %s", fg_port_get_subtitle (port), problem)
                      : g_strdup (fg_port_get_subtitle (port));
  g_autofree char *label = g_strdup_printf ("%s, %s", fg_port_get_title (port), subtitle);

  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_for (port));
  fg_two_lines_set (lines, fg_port_get_title (port), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static gboolean
find_position (FgPortPicker *self, const char *path, guint *position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->monitor));

  for (guint i = 0; path != NULL && i < n_items; i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (G_LIST_MODEL (self->monitor), i);

    if (g_str_equal (fg_port_get_path (port), path)) {
      *position = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
on_selected (FgPortPicker *self)
{
  FgPort *port = fg_port_picker_get_port (self);
  const char *path = port != NULL ? fg_port_get_path (port) : NULL;
  gboolean old_is_there =
      self->shown != NULL && fg_port_monitor_find (self->monitor, self->shown) != NULL;

  if (g_strcmp0 (path, self->shown) == 0)
    return;
  /* Moving away from a port that is still there is somebody's choice. */
  if (old_is_there && path != NULL) {
    g_free (self->wanted);
    self->wanted = g_strdup (path);
  }
  g_free (self->shown);
  self->shown = g_strdup (path);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Runs after the drop-down has followed the model. */
static void
on_ports_changed (FgPortPicker *self)
{
  guint position;

  if (self->wanted != NULL && find_position (self, self->wanted, &position)) {
    gtk_drop_down_set_selected (self->drop_down, position);
  } else if (self->wanted == NULL && g_list_model_get_n_items (G_LIST_MODEL (self->monitor)) > 0) {
    gtk_drop_down_set_selected (self->drop_down, 0);
    g_clear_pointer (&self->wanted, g_free);
  }
  on_selected (self);
}

static void
fg_port_picker_dispose (GObject *object)
{
  FgPortPicker *self = FG_PORT_PICKER (object);

  if (self->drop_down != NULL) {
    g_signal_handlers_disconnect_by_data (self->drop_down, self);
    gtk_widget_unparent (GTK_WIDGET (self->drop_down));
    self->drop_down = NULL;
  }
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (fg_port_picker_parent_class)->dispose (object);
}

static void
fg_port_picker_finalize (GObject *object)
{
  FgPortPicker *self = FG_PORT_PICKER (object);

  g_free (self->wanted);
  g_free (self->shown);
  G_OBJECT_CLASS (fg_port_picker_parent_class)->finalize (object);
}

static void
fg_port_picker_class_init (FgPortPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = fg_port_picker_dispose;
  object_class->finalize = fg_port_picker_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_PORT_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
fg_port_picker_init (FgPortPicker *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_row_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_row_bind), NULL);
  self->drop_down =
      g_object_new (GTK_TYPE_DROP_DOWN, "factory", factory, "valign", GTK_ALIGN_CENTER, NULL);
  g_object_unref (factory);
  gtk_widget_add_css_class (GTK_WIDGET (self->drop_down), "rowfill");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Board and port"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
}

void
fg_port_picker_set_monitor (FgPortPicker *self, FgPortMonitor *monitor)
{
  g_return_if_fail (FG_IS_PORT_PICKER (self) && self->monitor == NULL);

  self->monitor = g_object_ref (monitor);
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (monitor));
  g_signal_connect_object (monitor, "items-changed", G_CALLBACK (on_ports_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->drop_down, "notify::selected", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
  on_ports_changed (self);
}

FgPort *
fg_port_picker_get_port (FgPortPicker *self)
{
  return gtk_drop_down_get_selected_item (self->drop_down);
}

void
fg_port_picker_choose (FgPortPicker *self, const char *path)
{
  guint position;

  g_free (self->wanted);
  self->wanted = g_strdup (path);
  if (find_position (self, path, &position))
    gtk_drop_down_set_selected (self->drop_down, position);
}
