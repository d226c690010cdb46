/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-phase-row.h"

#include "fg-template.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgPhaseRow {
  GtkWidget parent_instance;
  FgPhase phase;
  FgPhaseRowState state;
  GtkStack *icons;
  GtkSpinner *spinner;
  GtkLabel *name;
  GtkLabel *fact;
  GtkLabel *seconds;
};

G_DEFINE_FINAL_TYPE (FgPhaseRow, fg_phase_row, GTK_TYPE_WIDGET)

static void
set_class (gpointer widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

FgPhase
fg_phase_row_get_phase (FgPhaseRow *self)
{
  return self->phase;
}

FgPhaseRowState
fg_phase_row_get_state (FgPhaseRow *self)
{
  return self->state;
}

void
fg_phase_row_set_state (FgPhaseRow *self, FgPhaseRowState state)
{
  static const char *const children[] = { "pending", "running", "done" };
  const char *const words[] = { _ ("to come"), _ ("running"), _ ("done") };
  g_autofree char *label = g_strdup_printf ("%s, %s", fg_words_phase (self->phase), words[state]);

  self->state = state;
  gtk_stack_set_visible_child_name (self->icons, children[state]);
  gtk_spinner_set_spinning (self->spinner, state == FG_PHASE_ROW_RUNNING);
  set_class (self->name, "heading", state == FG_PHASE_ROW_RUNNING);
  set_class (self->name, "dim", state == FG_PHASE_ROW_PENDING);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
fg_phase_row_set_fact (FgPhaseRow *self, const char *fact)
{
  gtk_label_set_label (self->fact, fact);
}

void
fg_phase_row_set_seconds (FgPhaseRow *self, double seconds)
{
  g_autofree char *text = seconds >= 0 ? fg_words_duration (seconds) : g_strdup ("");

  gtk_label_set_label (self->seconds, text);
}

static void
fg_phase_row_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_PHASE_ROW);
  G_OBJECT_CLASS (fg_phase_row_parent_class)->dispose (object);
}

static void
fg_phase_row_class_init (FgPhaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_phase_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-phase-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FgPhaseRow, icons);
  gtk_widget_class_bind_template_child (widget_class, FgPhaseRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, FgPhaseRow, name);
  gtk_widget_class_bind_template_child (widget_class, FgPhaseRow, fact);
  gtk_widget_class_bind_template_child (widget_class, FgPhaseRow, seconds);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
fg_phase_row_init (FgPhaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
fg_phase_row_new (FgPhase phase)
{
  FgPhaseRow *self = g_object_new (FG_TYPE_PHASE_ROW, NULL);

  self->phase = phase;
  gtk_label_set_label (self->name, fg_words_phase (phase));
  fg_phase_row_set_state (self, FG_PHASE_ROW_PENDING);
  return GTK_WIDGET (self);
}
