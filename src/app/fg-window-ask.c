/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-window-private.h"

#include "fg-accessible.h"

#include "config.h"

#include <glib/gi18n.h>

/* A question with a way out and a red button that does it. */
static GtkWindow *
question_new (FgWindow *self,
              const char *title,
              const char *text,
              const char *no,
              const char *no_name,
              const char *yes,
              const char *yes_name)
{
  GtkWidget *dialog = gtk_message_dialog_new (GTK_WINDOW (self), GTK_DIALOG_MODAL,
                                              GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", title);
  GtkWidget *no_title = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *no_button, *yes_button;

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", text);
  no_button = gtk_dialog_add_button (GTK_DIALOG (dialog), no, GTK_RESPONSE_CANCEL);
  yes_button = gtk_dialog_add_button (GTK_DIALOG (dialog), yes, GTK_RESPONSE_ACCEPT);
  fg_accessible_set_name (no_button, no_name);
  fg_accessible_set_name (yes_button, yes_name);
  gtk_widget_add_css_class (yes_button, "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  /* No title bar, and none of the window manager's: the question says it all. */
  gtk_widget_hide (no_title);
  gtk_window_set_titlebar (GTK_WINDOW (dialog), no_title);
  gtk_widget_add_css_class (dialog, "fulgurite");
  return GTK_WINDOW (dialog);
}

static void
on_erase_response (GtkDialog *dialog, int response, FgWindow *self)
{
  void (*on_yes) (FgWindow *) = g_object_get_data (G_OBJECT (dialog), "on-yes");

  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response == GTK_RESPONSE_ACCEPT && !fg_window_is_busy (self))
    on_yes (self);
}

void
fg_window_ask_erase (FgWindow *self, void (*on_yes) (FgWindow *self))
{
  GtkWindow *dialog =
      question_new (self, _ ("Erase the whole flash?"),
                    _ ("All programs, files and Wi-Fi settings on this board are wiped."),
                    _ ("_Cancel"), _ ("Cancel"), _ ("_Erase and flash"), _ ("Erase and flash"));

  g_object_set_data (G_OBJECT (dialog), "on-yes", on_yes);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_erase_response), self, 0);
  gtk_window_present (dialog);
}

static void
on_close_response (GtkDialog *dialog, int response, FgWindow *self)
{
  g_clear_object (&self->question);
  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  if (!fg_window_is_busy (self)) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  self->close_when_done = TRUE;
  fg_window_cancel (self);
}

void
fg_window_ask_close (FgWindow *self)
{
  gboolean flashing = self->job->kind == FG_JOB_FLASH;

  if (self->question != NULL) {
    gtk_window_present (self->question);
    return;
  }
  self->question = g_object_ref (question_new (
      self, flashing ? _ ("Stop flashing?") : _ ("Stop detecting the chip?"),
      flashing ? _ ("A board that is half written does not start until it is "
                    "flashed again.")
               : _ ("The board was not asked to the end."),
      _ ("_Keep going"), _ ("Keep going"), _ ("_Stop and close"), _ ("Stop and close")));
  g_signal_connect_object (self->question, "response", G_CALLBACK (on_close_response), self, 0);
  gtk_window_present (self->question);
}
