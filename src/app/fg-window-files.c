/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-window-private.h"

#include "fg-address-dialog.h"
#include "fg-network-ports.h"

#include "config.h"

#include <glib/gi18n.h>

#define DEMO_BOARD "sim:esp8266,flash=4M"

void
fg_window_add_file (FgWindow *self, GFile *file)
{
  if (fg_window_is_busy (self))
    return;
  if (self->view != FG_VIEW_SETUP)
    fg_window_show_view (self, FG_VIEW_SETUP);
  fg_firmware_list_add (fg_setup_page_get_firmware (self->setup), file);
}

void
fg_window_use_port (FgWindow *self, const char *path, const char *title)
{
  self->any_port = TRUE;
  fg_port_monitor_add (self->ports, path, title);
  fg_port_picker_choose (fg_setup_page_get_picker (self->setup), path);
}

void
fg_window_add_demo_board (FgWindow *self)
{
  fg_window_use_port (self, DEMO_BOARD, _ ("Simulated ESP8266"));
}

static void
remember_folder (FgWindow *self, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;

  if (path != NULL)
    g_settings_set_string (self->settings, "last-folder", path);
}

static void
on_chooser_response (GtkNativeDialog *dialog, int response, FgWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

    for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      remember_folder (self, file);
      fg_window_add_file (self, file);
    }
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static const char *const suffixes[] = { "bin", "hex", "ihex", "uf2", "zip", "gz", "json", "img" };

void
fg_window_choose_files (FgWindow *self)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Choose firmware"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  g_autofree char *folder = g_settings_get_string (self->settings, "last-folder");
  g_autoptr (GtkFileFilter) firmware = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (firmware, _ ("Firmware"));
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (firmware, suffixes[i]);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), firmware);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (*folder != '\0') {
    g_autoptr (GFile) file = g_file_new_for_path (folder);

    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), file, NULL);
  }
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chooser_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_address_response (FgAddressDialog *dialog, int response, FgWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autofree char *path = fg_address_dialog_dup_path (dialog);
    g_autofree char *title = fg_address_dialog_dup_title (dialog);

    fg_network_ports_remember (self->settings, path);
    fg_window_use_port (self, path, title);
  }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

void
fg_window_enter_address (FgWindow *self)
{
  FgAddressDialog *dialog = fg_address_dialog_new (GTK_WINDOW (self));

  g_signal_connect_object (dialog, "response", G_CALLBACK (on_address_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
set_drop_over (FgWindow *self, gboolean over)
{
  fg_firmware_list_set_drop_over (fg_setup_page_get_firmware (self->setup), over);
}

static GdkDragAction
on_drop_enter (GtkDropTarget *target, double x, double y, FgWindow *self)
{
  if (fg_window_is_busy (self))
    return 0;
  set_drop_over (self, TRUE);
  return GDK_ACTION_COPY;
}

static void
on_drop_leave (GtkDropTarget *target, FgWindow *self)
{
  set_drop_over (self, FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, FgWindow *self)
{
  GSList *files = g_value_get_boxed (value);

  set_drop_over (self, FALSE);
  if (fg_window_is_busy (self))
    return FALSE;
  for (GSList *node = files; node != NULL; node = node->next)
    fg_window_add_file (self, node->data);
  return files != NULL;
}

/* In the capture phase: text views would take the drop for themselves. */
void
fg_window_accept_drops (FgWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "enter", G_CALLBACK (on_drop_enter), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (on_drop_leave), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
