/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-advice-note.h"

#include "config.h"

#include <glib/gi18n.h>

static const FgNoteKind kinds[] = {
  [FG_SEVERITY_INFO] = FG_NOTE_HINT,
  [FG_SEVERITY_WARNING] = FG_NOTE_WARNING,
  [FG_SEVERITY_ERROR] = FG_NOTE_ERROR,
};

static void
set_action (GtkActionable *button, const FgAdvice *advice)
{
  switch (advice->remedy) {
  case FG_REMEDY_MOVE:
    gtk_actionable_set_action_name (button, "row.move");
    gtk_actionable_set_action_target (button, "u", advice->offset);
    break;
  case FG_REMEDY_ERASE:
  case FG_REMEDY_DOUT:
    gtk_actionable_set_action_name (button, "form.remedy");
    gtk_actionable_set_action_target (button, "u", (guint) advice->remedy);
    break;
  case FG_REMEDY_DETECT:
    gtk_actionable_set_action_name (button, "win.detect");
    break;
  case FG_REMEDY_NONE:
  default:
    break;
  }
}

GtkWidget *
fg_advice_note_new (const FgAdvice *advice, const char *name)
{
  GtkWidget *note = fg_note_new (kinds[advice->severity], advice->message);
  g_autofree char *label = fg_advice_dup_remedy_label (advice);
  GtkWidget *button;

  if (label == NULL)
    return note;
  button = gtk_button_new_with_label (label);
  set_action (GTK_ACTIONABLE (button), advice);
  if (name != NULL) {
    g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), label, name);

    gtk_widget_set_tooltip_text (button, spoken);
  }
  fg_note_append (FG_NOTE (note), button);
  return note;
}

char *
fg_advice_note_dup_key (const GPtrArray *list)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++) {
    const FgAdvice *advice = g_ptr_array_index (list, i);

    g_string_append_printf (key, "%d %d %u %s\n", (int) advice->severity, (int) advice->remedy,
                            advice->offset, advice->message);
  }
  return g_string_free (key, FALSE);
}
