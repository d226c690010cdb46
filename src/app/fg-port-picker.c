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

/* One that waits until the list is closed. */
typedef struct {
  GtkWidget *picker; /* (owned) */
  char *path;        /* (owned) */
} Removal;

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
  GtkWidget *lines = fg_two_lines_new (NULL, NULL);

  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (icon, "icon-disc");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_list_item_set_child (item, box);
}

/* In the list, what somebody has added can be taken away. */
static void
on_list_row_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *remove = gtk_button_new_from_icon_name ("list-remove-symbolic");

  on_row_setup (factory, item, data);
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_box_append (GTK_BOX (gtk_list_item_get_child (item)), remove);
}

static void
bind_remove (GtkWidget *remove, FgPort *port)
{
  gboolean added = port != NULL && fg_port_get_kind (port) == FG_PORT_NETWORK;
  g_autofree char *label =
      added ? g_strdup_printf (_ ("Remove %s"), fg_port_get_title (port)) : NULL;

  gtk_widget_set_visible (remove, added);
  if (!added)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (remove), "s", fg_port_get_path (port));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "picker.remove");
  gtk_widget_set_tooltip_text (remove, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
on_row_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gpointer object = gtk_list_item_get_item (item);
  FgPort *port = FG_IS_PORT (object) ? object : NULL;
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *lines = gtk_widget_get_next_sibling (icon);
  GtkWidget *remove = gtk_widget_get_next_sibling (lines);
  const char *problem = port != NULL ? fg_port_get_problem (port) : NULL;
  const char *title =
      port != NULL ? fg_port_get_title (port) : gtk_string_object_get_string (object);
  g_autofree char *subtitle = port != NULL ? g_strdup (fg_port_get_subtitle (port)) : NULL;
  g_autofree char *label = NULL;

  if (problem != NULL) {
    g_autofree char *name = g_steal_pointer (&subtitle);

    subtitle = g_strdup_printf ("%s · %s", name, problem);
  }
  label = subtitle != NULL ? g_strdup_printf ("%s, %s", title, subtitle) : g_strdup (title);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon),
                                port != NULL ? icon_for (port) : "list-add-symbolic");
  fg_two_lines_set (FG_TWO_LINES (lines), title, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (remove != NULL)
    bind_remove (remove, port);
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

/* The last row is no port. When somebody chose it, it does what it says; when all that was left of
 * the list moved up to it, the first port is taken. FALSE when there is no port at all. */
static gboolean
leave_adding_row (FgPortPicker *self, gboolean chosen)
{
  guint position = 0;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->monitor)) == 0)
    return FALSE;
  if (chosen)
    find_position (self, self->shown, &position);
  gtk_drop_down_set_selected (self->drop_down, position);
  if (chosen)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.enter-address", NULL);
  return TRUE;
}

static void
on_selected (FgPortPicker *self)
{
  FgPort *port = fg_port_picker_get_port (self);
  const char *path = port != NULL ? fg_port_get_path (port) : NULL;
  gboolean old_is_there =
      self->shown != NULL && fg_port_monitor_find (self->monitor, self->shown) != NULL;

  if (port == NULL && leave_adding_row (self, old_is_there))
    return;
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
  }
  on_selected (self);
}

static gboolean
on_list_closed (gpointer data)
{
  Removal *removal = data;

  gtk_widget_activate_action (removal->picker, "win.forget-port", "s", removal->path);
  g_object_unref (removal->picker);
  g_free (removal->path);
  g_free (removal);
  return G_SOURCE_REMOVE;
}

/* What is removed may be the last one, and the list goes with it: that has to be closed first and
 * the keyboard be back, else GTK keeps sending keys to it. */
static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  Removal *removal = g_new0 (Removal, 1);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (FG_PORT_PICKER (widget)->drop_down));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_popdown (GTK_POPOVER (child));
  gtk_widget_grab_focus (GTK_WIDGET (FG_PORT_PICKER (widget)->drop_down));
  removal->picker = g_object_ref (widget);
  removal->path = g_variant_dup_string (parameter, NULL);
  g_idle_add (on_list_closed, removal);
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
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "picker.remove", "s", remove_action);
  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_PORT_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static GtkListItemFactory *
make_factory (GCallback setup)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_row_bind), NULL);
  return factory;
}

static void
fg_port_picker_init (FgPortPicker *self)
{
  g_autoptr (GtkListItemFactory) factory = make_factory (G_CALLBACK (on_row_setup));
  g_autoptr (GtkListItemFactory) list_factory = make_factory (G_CALLBACK (on_list_row_setup));

  self->drop_down = g_object_new (GTK_TYPE_DROP_DOWN, "factory", factory, "list-factory",
                                  list_factory, "valign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->drop_down), "rowfill");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Board and port"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
}

/* The ports, and last what adds another one. */
static GListModel *
make_rows (FgPortMonitor *monitor)
{
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  const char *const more[] = { _ ("Add network port…"), NULL };
  g_autoptr (GtkStringList) adding = gtk_string_list_new (more);

  g_list_store_append (parts, monitor);
  g_list_store_append (parts, adding);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
}

void
fg_port_picker_set_monitor (FgPortPicker *self, FgPortMonitor *monitor)
{
  g_autoptr (GListModel) rows = make_rows (monitor);

  g_return_if_fail (FG_IS_PORT_PICKER (self) && self->monitor == NULL);

  self->monitor = g_object_ref (monitor);
  gtk_drop_down_set_model (self->drop_down, rows);
  g_signal_connect_object (monitor, "items-changed", G_CALLBACK (on_ports_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->drop_down, "notify::selected", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
  on_ports_changed (self);
}

FgPort *
fg_port_picker_get_port (FgPortPicker *self)
{
  gpointer item = gtk_drop_down_get_selected_item (self->drop_down);

  return FG_IS_PORT (item) ? item : NULL;
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
