/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-port-monitor.h"

#include <string.h>

/* Plugging in one board makes a burst of changes in /dev: one look serves them all. */
#define SETTLE_MS 100

struct _FgPortMonitor {
  GObject parent_instance;
  GPtrArray *ports;      /* (owned) (element-type FgPort): found ones, then added ones */
  guint n_found;         /* how many of @ports a scan has found */
  GFileMonitor *devices; /* (owned) (nullable) */
  guint settle_id;       /* a rescan is due */
};

static GType
get_item_type (GListModel *model)
{
  return FG_TYPE_PORT;
}

static guint
get_n_items (GListModel *model)
{
  return FG_PORT_MONITOR (model)->ports->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FgPortMonitor *self = FG_PORT_MONITOR (model);

  return position < self->ports->len ? g_object_ref (g_ptr_array_index (self->ports, position))
                                     : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FgPortMonitor,
                               fg_port_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static gboolean
on_settled (gpointer data)
{
  FgPortMonitor *self = data;

  self->settle_id = 0;
  fg_port_monitor_rescan (self);
  return G_SOURCE_REMOVE;
}

static void
on_devices_changed (
    GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
  FgPortMonitor *self = data;
  g_autofree char *name = g_file_get_basename (file);

  /* Pseudo-terminals and disks come and go all the time. Permissions arrive late, so a change of
   * attributes counts too. */
  if (self->settle_id != 0
      || (!g_str_has_prefix (name, "tty") && !g_str_has_prefix (name, "rfcomm")))
    return;
  self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
fg_port_monitor_dispose (GObject *object)
{
  FgPortMonitor *self = FG_PORT_MONITOR (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_object (&self->devices);
  G_OBJECT_CLASS (fg_port_monitor_parent_class)->dispose (object);
}

static void
fg_port_monitor_finalize (GObject *object)
{
  FgPortMonitor *self = FG_PORT_MONITOR (object);

  g_ptr_array_unref (self->ports);
  G_OBJECT_CLASS (fg_port_monitor_parent_class)->finalize (object);
}

static void
fg_port_monitor_class_init (FgPortMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = fg_port_monitor_dispose;
  object_class->finalize = fg_port_monitor_finalize;
}

static void
fg_port_monitor_init (FgPortMonitor *self)
{
  g_autoptr (GFile) folder = g_file_new_for_path ("/dev");

  self->ports = g_ptr_array_new_with_free_func (g_object_unref);
  self->devices = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->devices != NULL)
    g_signal_connect_object (self->devices, "changed", G_CALLBACK (on_devices_changed), self,
                             G_CONNECT_DEFAULT);
  fg_port_monitor_rescan (self);
}

FgPortMonitor *
fg_port_monitor_new (void)
{
  return g_object_new (FG_TYPE_PORT_MONITOR, NULL);
}

static FgPort *
get_port (FgPortMonitor *self, guint position)
{
  return g_ptr_array_index (self->ports, position);
}

static gboolean
contains (GPtrArray *ports, FgPort *port)
{
  for (guint i = 0; i < ports->len; i++) {
    if (fg_port_equal (g_ptr_array_index (ports, i), port))
      return TRUE;
  }
  return FALSE;
}

/* (element-type FgPort) what a scan finds now */
static GPtrArray *
scan_ports (void)
{
  g_autoptr (GPtrArray) facts = fg_port_scan ();
  GPtrArray *ports = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < facts->len; i++)
    g_ptr_array_add (ports, fg_port_new_serial (g_ptr_array_index (facts, i)));
  return ports;
}

/**
 * fg_port_monitor_rescan:
 *
 * Looks again. Ports that are still there, in the same state, keep their object.
 */
void
fg_port_monitor_rescan (FgPortMonitor *self)
{
  g_autoptr (GPtrArray) found = scan_ports ();

  for (guint i = self->n_found; i > 0; i--) {
    if (contains (found, get_port (self, i - 1)))
      continue;
    g_ptr_array_remove_index (self->ports, i - 1);
    self->n_found--;
    g_list_model_items_changed (G_LIST_MODEL (self), i - 1, 1, 0);
  }
  /* Both are in the same order now, and what is missing is put in its place. */
  for (guint i = 0; i < found->len; i++) {
    FgPort *port = g_ptr_array_index (found, i);

    if (i < self->n_found && fg_port_equal (get_port (self, i), port))
      continue;
    g_ptr_array_insert (self->ports, (int) i, g_object_ref (port));
    self->n_found++;
    g_list_model_items_changed (G_LIST_MODEL (self), i, 0, 1);
  }
}

void
fg_port_monitor_add (FgPortMonitor *self, const char *path, const char *title)
{
  g_return_if_fail (path != NULL);

  if (fg_port_monitor_find (self, path) != NULL)
    return;
  g_ptr_array_add (self->ports, fg_port_new_address (path, title));
  g_list_model_items_changed (G_LIST_MODEL (self), self->ports->len - 1, 0, 1);
}

void
fg_port_monitor_remove (FgPortMonitor *self, const char *path)
{
  for (guint i = self->n_found; i < self->ports->len; i++) {
    if (!g_str_equal (fg_port_get_path (get_port (self, i)), path))
      continue;
    g_ptr_array_remove_index (self->ports, i);
    g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
    return;
  }
}

/**
 * fg_port_monitor_find:
 *
 * Returns: (transfer none) (nullable): the port at @path
 */
FgPort *
fg_port_monitor_find (FgPortMonitor *self, const char *path)
{
  for (guint i = 0; i < self->ports->len; i++) {
    if (g_str_equal (fg_port_get_path (get_port (self, i)), path))
      return get_port (self, i);
  }
  return NULL;
}
