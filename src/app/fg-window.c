/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-window-private.h"

#include "fg-accessible.h"
#include "fg-empty-page.h"
#include "fg-hold-boot-page.h"
#include "fg-network-ports.h"
#include "fg-remedy.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

#define NARROW_WIDTH 560 /* pixels; below, margins shrink and buttons stack */

G_DEFINE_FINAL_TYPE (FgWindow, fg_window, GTK_TYPE_APPLICATION_WINDOW)

enum { PROP_0, PROP_LOG_SHOWN, N_PROPS };
static GParamSpec *properties[N_PROPS];

gboolean
fg_window_is_busy (FgWindow *self)
{
  return self->cancellable != NULL;
}

/* Every PC has a serial port that nothing is plugged into: by itself it is no board. */
gboolean
fg_window_has_board (FgWindow *self)
{
  guint n_ports = g_list_model_get_n_items (G_LIST_MODEL (self->ports));

  for (guint i = 0; i < n_ports; i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (G_LIST_MODEL (self->ports), i);

    if (self->any_port || fg_port_get_likely (port))
      return TRUE;
  }
  return FALSE;
}

/* The status of the form: what is missing, what is wrong, or that it can begin. */
static void
show_form_status (FgWindow *self)
{
  const FgPlan *plan = fg_setup_page_get_plan (self->setup);
  const GError *error = fg_setup_page_get_error (self->setup);
  g_autoptr (FgJob) job = fg_setup_page_build_job (self->setup);

  if (self->note != NULL) {
    fg_action_bar_set_status (self->bar, self->note, self->note_detail);
  } else if (fg_firmware_list_is_loading (fg_setup_page_get_firmware (self->setup))) {
    fg_action_bar_set_status (self->bar, _ ("Reading the firmware…"), "");
  } else if (error != NULL) {
    g_autofree char *title = fg_error_title (error);

    fg_action_bar_set_status (self->bar, title, error->message);
  } else if (plan != NULL && job != NULL) {
    g_autofree char *files = fg_words_files (job->firmware);
    g_autofree char *size = NULL, *detail = NULL;
    guint64 bytes = 0;

    for (guint i = 0; i < plan->regions->len; i++)
      bytes += ((const FgPlanRegion *) g_ptr_array_index (plan->regions, i))->length;
    size = fg_words_size (bytes);
    detail = g_strdup_printf (_ ("%s, %s · %u baud"), files, size, job->baud);
    fg_action_bar_set_status (self->bar, _ ("Ready to flash"), detail);
  } else {
    fg_action_bar_set_status (self->bar, _ ("No firmware chosen"),
                              _ ("Choose a file or drop one here"));
  }
}

static void
show_buttons (FgWindow *self)
{
  const FgBarButton cancel = { _ ("_Cancel"), "win.cancel" };
  const FgBarButton flash = { _ ("_Flash"), "win.flash" };
  const FgBarButton another = { _ ("Flash _another"), "win.back" };
  const FgBarButton back = { _ ("_Back"), "win.back" };
  const FgBarButton retry = { _ ("_Try again"), "win.retry" };

  if (fg_window_is_busy (self))
    fg_action_bar_set_buttons (self->bar, NULL, &cancel, FALSE);
  else if (self->view == FG_VIEW_DONE)
    fg_action_bar_set_buttons (self->bar, NULL, &another, TRUE);
  else if (self->view == FG_VIEW_FAILED)
    fg_action_bar_set_buttons (self->bar, &back, &retry, TRUE);
  else
    fg_action_bar_set_buttons (self->bar, NULL, &flash, TRUE);
}

static const char *
page_name (FgWindow *self)
{
  if (self->holding)
    return "hold-boot";
  switch (self->view) {
  case FG_VIEW_RUNNING:
    return "running";
  case FG_VIEW_DONE:
    return "done";
  case FG_VIEW_FAILED:
    return "failed";
  case FG_VIEW_SETUP:
  default:
    return fg_window_has_board (self) || fg_window_is_busy (self) ? "setup" : "empty";
  }
}

/* GTK 4.8 tells a screen reader about pages that are not shown, unless they are marked. */
static void
show_page (FgWindow *self, const char *page)
{
  GtkWidget *shown = gtk_stack_get_child_by_name (self->pages, page);

  gtk_stack_set_visible_child (self->pages, shown);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 child != shown, -1);
}

static void
show_log (FgWindow *self, gboolean shown)
{
  gtk_revealer_set_reveal_child (self->log_revealer, shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->log), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

void
fg_window_update (FgWindow *self)
{
  const char *page = page_name (self);

  fg_window_update_actions (self);
  show_buttons (self);
  show_page (self, page);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !g_str_equal (page, "empty"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->setup), !fg_window_is_busy (self));
  show_log (self, self->log_shown && !g_str_equal (page, "empty"));
  if (fg_window_is_busy (self))
    fg_window_show_progress (self);
  else if (self->view == FG_VIEW_SETUP)
    show_form_status (self);
  else if (self->note != NULL)
    fg_action_bar_set_status (self->bar, self->note, self->note_detail);
}

void
fg_window_show_view (FgWindow *self, FgView view)
{
  self->view = view;
  if (view == FG_VIEW_SETUP && !fg_window_is_busy (self))
    fg_window_sync_board (self);
  fg_window_update (self);
  if (fg_window_is_busy (self))
    fg_action_bar_focus_log (self->bar);
  else
    fg_action_bar_focus_primary (self->bar);
}

void
fg_window_set_note (FgWindow *self, const char *note, const char *detail)
{
  g_free (self->note);
  g_free (self->note_detail);
  self->note = g_strdup (note);
  self->note_detail = g_strdup (detail);
  fg_window_update (self);
}

void
fg_window_forget_board (FgWindow *self)
{
  g_clear_pointer (&self->board_path, g_free);
  fg_flasher_forget_board (self->flasher);
  fg_setup_page_set_board (self->setup, NULL);
}

void
fg_window_sync_board (FgWindow *self)
{
  FgPort *port = fg_port_picker_get_port (fg_setup_page_get_picker (self->setup));

  if (self->board_path != NULL
      && (port == NULL || !g_str_equal (fg_port_get_path (port), self->board_path)))
    fg_window_forget_board (self);
}

/* What the form would do, on the strip. */
void
fg_window_show_plan (FgWindow *self)
{
  const FgPlan *plan = fg_setup_page_get_plan (self->setup);
  FgOptionsCard *options = fg_setup_page_get_options (self->setup);

  fg_flash_map_set_zones (self->map, fg_setup_page_dup_zones (self->setup));
  if (plan != NULL)
    fg_flash_map_set_plan (self->map, plan, fg_options_card_get_erase (options));
  else
    fg_flash_map_clear (self->map);
}

/* Something in the form changed: what a job left behind there is over. */
static void
on_setup_changed (FgWindow *self)
{
  if (fg_window_is_busy (self))
    return;
  fg_window_sync_board (self);
  if (self->view != FG_VIEW_SETUP)
    return;
  fg_window_show_plan (self);
  fg_window_set_note (self, NULL, NULL);
}

static void
on_ports_changed (FgWindow *self)
{
  fg_window_update (self);
}

static gboolean
on_narrow_due (gpointer data)
{
  FgWindow *self = data;

  self->narrow_id = 0;
  if (self->narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  fg_action_bar_set_narrow (self->bar, self->narrow);
  return G_SOURCE_REMOVE;
}

/* GTK 4.8 has no breakpoints. Styles must not change inside an allocation, so they follow it. */
static void
fg_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FgWindow *self = FG_WINDOW (widget);
  gboolean narrow = width < NARROW_WIDTH;

  GTK_WIDGET_CLASS (fg_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  if (self->narrow_id == 0)
    self->narrow_id = g_idle_add_full (G_PRIORITY_HIGH, on_narrow_due, self, NULL);
}

static gboolean
fg_window_close_request (GtkWindow *window)
{
  FgWindow *self = FG_WINDOW (window);

  if (fg_window_is_busy (self)) {
    fg_window_ask_close (self);
    return GDK_EVENT_STOP;
  }
  return GTK_WINDOW_CLASS (fg_window_parent_class)->close_request (window);
}

static void
fg_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_LOG_SHOWN:
    g_value_set_boolean (value, FG_WINDOW (object)->log_shown);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FgWindow *self = FG_WINDOW (object);

  switch (id) {
  case PROP_LOG_SHOWN:
    if (self->log_shown == g_value_get_boolean (value))
      return;
    self->log_shown = g_value_get_boolean (value);
    fg_window_update (self);
    g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_window_dispose (GObject *object)
{
  FgWindow *self = FG_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->setup != NULL)
    g_signal_handlers_disconnect_by_data (self->setup, self);
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), FG_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->ports);
  g_clear_object (&self->flasher);
  g_clear_object (&self->map);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->job_port);
  g_clear_object (&self->question);
  g_clear_pointer (&self->job, fg_job_unref);
  G_OBJECT_CLASS (fg_window_parent_class)->dispose (object);
}

static void
fg_window_finalize (GObject *object)
{
  FgWindow *self = FG_WINDOW (object);

  g_free (self->job_what);
  g_free (self->board_path);
  g_free (self->note);
  g_free (self->note_detail);
  G_OBJECT_CLASS (fg_window_parent_class)->finalize (object);
}

static void
fg_window_class_init (FgWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = fg_window_get_property;
  object_class->set_property = fg_window_set_property;
  object_class->dispose = fg_window_dispose;
  object_class->finalize = fg_window_finalize;
  widget_class->size_allocate = fg_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = fg_window_close_request;

  properties[PROP_LOG_SHOWN] =
      g_param_spec_boolean ("log-shown", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (FG_TYPE_SETUP_PAGE);
  g_type_ensure (FG_TYPE_EMPTY_PAGE);
  g_type_ensure (FG_TYPE_HOLD_BOOT_PAGE);
  g_type_ensure (FG_TYPE_RUNNING_PAGE);
  g_type_ensure (FG_TYPE_DONE_PAGE);
  g_type_ensure (FG_TYPE_FAILED_PAGE);
  g_type_ensure (FG_TYPE_LOG_PANEL);
  g_type_ensure (FG_TYPE_ACTION_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, FG_RESOURCE_PATH "/ui/fg-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FgWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, setup);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, running);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, done);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, log);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, log_revealer);
  gtk_widget_class_bind_template_child (widget_class, FgWindow, bar);
  fg_window_install_actions (widget_class);
}

static void
bind_settings (FgWindow *self)
{
  const GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;

  g_settings_bind (self->settings, "window-width", self, "default-width", flags);
  g_settings_bind (self->settings, "window-height", self, "default-height", flags);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", flags);
  g_settings_bind (self->settings, "log-shown", self, "log-shown", flags);
}

static void
fg_window_init (FgWindow *self)
{
  self->settings = g_settings_new (FG_APPLICATION_ID);
  self->ports = fg_port_monitor_new ();
  self->flasher = fg_flasher_new ();
  self->map = fg_flash_map_new ();

  fg_window_add_map_actions (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  fg_action_bar_set_map (self->bar, self->map);
  fg_window_connect_flasher (self);
  fg_window_accept_drops (self);
  g_signal_connect_object (self->setup, "changed", G_CALLBACK (on_setup_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->ports, "items-changed", G_CALLBACK (on_ports_changed), self,
                           G_CONNECT_SWAPPED);
  fg_network_ports_show (self->settings, self->ports);
  fg_setup_page_bind (self->setup, self->ports, self->settings);
  bind_settings (self);
  fg_accessible_name_once (GTK_WIDGET (self));
  gtk_window_set_focus_visible (GTK_WINDOW (self), FALSE);
  fg_window_update (self);
}

FgWindow *
fg_window_new (GtkApplication *application)
{
  return g_object_new (FG_TYPE_WINDOW, "application", application, NULL);
}
