/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-application.h"

#include "fg-window.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgApplication {
  GtkApplication parent_instance;
  gboolean demo; /* the first window gets a simulated board */
};

G_DEFINE_FINAL_TYPE (FgApplication, fg_application, GTK_TYPE_APPLICATION)

static FgWindow *
ensure_window (FgApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (fg_window_new (GTK_APPLICATION (self)));
  if (self->demo)
    fg_window_add_demo_board (FG_WINDOW (window));
  self->demo = FALSE;
  return FG_WINDOW (window);
}

static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FG_APPLICATION (data)->demo = TRUE;
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_show_about_dialog (gtk_application_get_active_window (GTK_APPLICATION (data)), "program-name",
                         _ ("Fulgurite"), "version", FG_VERSION, "comments",
                         _ ("Flash ESP8266 and ESP32 boards"), "logo-icon-name", FG_APPLICATION_ID,
                         "license-type", GTK_LICENSE_GPL_3_0, "copyright",
                         _ ("© The Fulgurite contributors"), NULL);
}

/* Each window decides: a busy one asks. */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  for (GList *node = windows; node != NULL; node = node->next) {
    if (FG_IS_WINDOW (node->data))
      gtk_window_close (node->data);
  }
}

static const GActionEntry actions[] = {
  { .name = "demo", .activate = demo_action },
  { .name = "about", .activate = about_action },
  { .name = "quit", .activate = quit_action },
};

static const struct {
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.add-files", { "<Control>o" } },
  { "win.detect", { "<Control>d" } },
  { "win.flash", { "<Control>Return", "<Control>KP_Enter" } },
  { "win.cancel", { "<Control>period" } },
  { "win.retry", { "<Control>r" } },
  { "win.back", { "<Alt>Left" } },
  { "win.log", { "<Control>l" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
};

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, FG_RESOURCE_PATH "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
fg_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (fg_application_parent_class)->startup (application);

  load_style ();
  gtk_window_set_default_icon_name (FG_APPLICATION_ID);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           accelerators[i].keys);
}

static void
fg_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (ensure_window (FG_APPLICATION (application))));
}

static void
fg_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  FgWindow *window = ensure_window (FG_APPLICATION (application));

  for (int i = 0; i < n_files; i++)
    fg_window_add_file (window, files[i]);
  gtk_window_present (GTK_WINDOW (window));
}

/* The option is passed on as an action: another instance may be the one that has the window. */
static int
fg_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version")) {
    g_print ("fulgurite %s\n", FG_VERSION);
    return 0;
  }
  if (!g_application_register (application, NULL, &error)) {
    g_printerr ("fulgurite: %s\n", error->message);
    return 1;
  }
  if (g_variant_dict_contains (options, "demo"))
    g_action_group_activate_action (G_ACTION_GROUP (application), "demo", NULL);
  return -1;
}

static void
fg_application_class_init (FgApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = fg_application_startup;
  application_class->activate = fg_application_activate;
  application_class->open = fg_application_open;
  application_class->handle_local_options = fg_application_handle_local_options;
}

static void
fg_application_init (FgApplication *self)
{
  static const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Add a simulated board to the list"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE…]"));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

FgApplication *
fg_application_new (void)
{
  return g_object_new (FG_TYPE_APPLICATION, "application-id", FG_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", FG_RESOURCE_PATH, NULL);
}
