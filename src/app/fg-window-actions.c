/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-window-private.h"

#include "fg-network-ports.h"

#define DOUBLE_CLICK_US (450 * 1000)

static void
open_path_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  fg_window_add_file (data, file);
}

/* A port that no scan finds, by what a job and what people call it. */
static void
use_port_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *path, *title;

  g_variant_get (parameter, "(&s&s)", &path, &title);
  fg_window_use_port (data, path, title);
}

static void
forget_port_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FgWindow *self = data;
  g_autofree char *path = g_variant_dup_string (parameter, NULL);

  fg_network_ports_forget (self->settings, path);
  fg_port_monitor_remove (self->ports, path);
}

/* Those with a parameter are in the action map, which can be reached over D-Bus. */
static const GActionEntry map_actions[] = {
  { .name = "open-path", .activate = open_path_action, .parameter_type = "s" },
  { .name = "use-port", .activate = use_port_action, .parameter_type = "(ss)" },
  { .name = "forget-port", .activate = forget_port_action, .parameter_type = "s" },
};

/* The form with every port there is, also those that hardly have a board. */
static void
any_port_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgWindow *self = FG_WINDOW (widget);

  self->any_port = TRUE;
  fg_window_update (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgWindow *self = FG_WINDOW (widget);

  fg_window_show_view (self, FG_VIEW_SETUP);
  fg_window_show_plan (self);
  fg_window_set_note (self, NULL, NULL);
}

static const struct {
  const char *name;
  void (*run) (FgWindow *self);
} simple_actions[] = {
  { "win.detect", fg_window_detect },          { "win.flash", fg_window_flash },
  { "win.cancel", fg_window_cancel },          { "win.retry", fg_window_retry },
  { "win.add-files", fg_window_choose_files }, { "win.enter-address", fg_window_enter_address },
  { "win.demo", fg_window_add_demo_board },
};

static void
simple_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (simple_actions); i++) {
    if (g_str_equal (simple_actions[i].name, name))
      simple_actions[i].run (FG_WINDOW (widget));
  }
}

void
fg_window_install_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (simple_actions); i++)
    gtk_widget_class_install_action (widget_class, simple_actions[i].name, NULL, simple_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.any-port", NULL, any_port_action);
  gtk_widget_class_install_property_action (widget_class, "win.log", "log-shown");
}

void
fg_window_add_map_actions (FgWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), map_actions, G_N_ELEMENTS (map_actions),
                                   self);
}

static void
set_map_action_enabled (FgWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* The second click of a double click on Flash would hit Cancel, which is in the same place. */
static gboolean
can_cancel (FgWindow *self)
{
  return fg_window_is_busy (self) && !g_cancellable_is_cancelled (self->cancellable)
         && g_get_monotonic_time () - self->started_us >= DOUBLE_CLICK_US;
}

void
fg_window_update_actions (FgWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean busy = fg_window_is_busy (self);
  gboolean form = !busy && self->view == FG_VIEW_SETUP;
  gboolean ready = fg_setup_page_get_plan (self->setup) != NULL
                   && !fg_firmware_list_is_loading (fg_setup_page_get_firmware (self->setup));

  gtk_widget_action_set_enabled (widget, "win.detect", form && fg_window_has_board (self));
  gtk_widget_action_set_enabled (widget, "win.flash", form && ready && fg_window_has_board (self));
  gtk_widget_action_set_enabled (widget, "win.cancel", can_cancel (self));
  gtk_widget_action_set_enabled (widget, "win.retry", !busy && self->view == FG_VIEW_FAILED);
  gtk_widget_action_set_enabled (widget, "win.back", !busy && self->view != FG_VIEW_SETUP);
  gtk_widget_action_set_enabled (widget, "win.add-files", !busy);
  set_map_action_enabled (self, "open-path", !busy);
  gtk_widget_action_set_enabled (widget, "win.enter-address", form);
  gtk_widget_action_set_enabled (widget, "win.any-port",
                                 g_list_model_get_n_items (G_LIST_MODEL (self->ports)) > 0);
  set_map_action_enabled (self, "use-port", form);
  set_map_action_enabled (self, "forget-port", form);
  gtk_widget_action_set_enabled (widget, "win.demo", form);
}
