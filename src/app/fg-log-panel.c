/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-log-panel.h"

#include "fg-clamp.h"
#include "fg-template.h"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_LINES 2000

struct _FgLogPanel {
  GtkWidget parent_instance;
  GtkTextView *text;
  GtkTextTag *time_tag, *warning_tag, *error_tag; /* (unowned) of the buffer */
};

G_DEFINE_FINAL_TYPE (FgLogPanel, fg_log_panel, GTK_TYPE_WIDGET)

static void
insert (GtkTextBuffer *buffer, const char *text, GtkTextTag *tag)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (tag != NULL)
    gtk_text_buffer_insert_with_tags (buffer, &end, text, -1, tag, NULL);
  else
    gtk_text_buffer_insert (buffer, &end, text, -1);
}

static void
drop_oldest (GtkTextBuffer *buffer)
{
  int surplus = gtk_text_buffer_get_line_count (buffer) - MOST_LINES;
  GtkTextIter start, end;

  if (surplus <= 0)
    return;
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_line (buffer, &end, surplus);
  gtk_text_buffer_delete (buffer, &start, &end);
}

/* Whether the newest line is in sight: then it stays in sight. */
static gboolean
is_at_end (FgLogPanel *self)
{
  GtkAdjustment *scroll = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->text));

  return gtk_adjustment_get_value (scroll) + gtk_adjustment_get_page_size (scroll) + 24
         >= gtk_adjustment_get_upper (scroll);
}

static void
scroll_to_end (FgLogPanel *self, GtkTextBuffer *buffer)
{
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, "newest");
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_iter_set_line_offset (&end, 0);
  if (mark == NULL)
    mark = gtk_text_buffer_create_mark (buffer, "newest", &end, FALSE);
  else
    gtk_text_buffer_move_mark (buffer, mark, &end);
  gtk_text_view_scroll_mark_onscreen (self->text, mark);
}

void
fg_log_panel_append (FgLogPanel *self, FgLogLevel level, const char *line, gint64 time_us)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *clock = g_date_time_format (local, "%H:%M:%S");
  g_autofree char *stamp = g_strdup_printf ("%s.%03d  ", clock, (int) (time_us / 1000 % 1000));
  gboolean follow = is_at_end (self);
  GtkTextTag *tag = level == FG_LOG_ERROR     ? self->error_tag
                    : level == FG_LOG_WARNING ? self->warning_tag
                                              : NULL;

  if (level == FG_LOG_DEBUG)
    return;
  if (gtk_text_buffer_get_char_count (buffer) > 0)
    insert (buffer, "\n", NULL);
  insert (buffer, stamp, self->time_tag);
  insert (buffer, line, tag);
  drop_oldest (buffer);
  if (follow)
    scroll_to_end (self, buffer);
}

char *
fg_log_panel_dup_text (FgLogPanel *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = fg_log_panel_dup_text (FG_LOG_PANEL (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (FG_LOG_PANEL (widget)->text), "", -1);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FgLogPanel) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_parse_name (G_FILE (source));
  g_autofree char *line = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    return;
  line = g_strdup_printf (_ ("The log could not be saved to %s: %s"), name, error->message);
  fg_log_panel_append (self, FG_LOG_ERROR, line, g_get_real_time ());
}

static void
on_save_response (GtkNativeDialog *dialog, int response, FgLogPanel *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL) {
    g_autofree char *text = fg_log_panel_dup_text (self);
    g_autofree char *lines = g_strconcat (text, "\n", NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (lines, strlen (lines));

    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                         on_written, g_object_ref (self));
  }
  g_object_unref (dialog);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Save log"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *file_name = g_date_time_format (now, "fulgurite-%Y-%m-%d-%H%M%S.log");

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file_name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_response), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_text_changed (GtkTextBuffer *buffer, FgLogPanel *self)
{
  gboolean any = gtk_text_buffer_get_char_count (buffer) > 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.copy", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.clear", any);
}

static void
fg_log_panel_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_LOG_PANEL);
  G_OBJECT_CLASS (fg_log_panel_parent_class)->dispose (object);
}

static void
fg_log_panel_class_init (FgLogPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_log_panel_dispose;
  g_type_ensure (FG_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-log-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, FgLogPanel, text);
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "log.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "log.clear", NULL, clear_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_log_panel_init (FgLogPanel *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->text);
  self->time_tag = gtk_text_buffer_create_tag (buffer, "time", NULL);
  self->warning_tag =
      gtk_text_buffer_create_tag (buffer, "warning", "weight", PANGO_WEIGHT_BOLD, NULL);
  self->error_tag = gtk_text_buffer_create_tag (buffer, "error", "weight", PANGO_WEIGHT_BOLD, NULL);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_text_changed), self, 0);
  on_text_changed (buffer, self);
}
