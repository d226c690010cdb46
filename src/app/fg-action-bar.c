/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-action-bar.h"

#include "fg-accessible.h"
#include "fg-clamp.h"
#include "fg-legend.h"
#include "fg-strip.h"
#include "fg-template.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgActionBar {
  GtkWidget parent_instance;
  gboolean narrow;
  gboolean map_shown;
  FgFlashMap *map; /* (owned) (nullable) */
  GtkWidget *map_box;
  FgStrip *strip;
  FgLegend *legend;
  GtkProgressBar *progress;
  GtkBox *row;
  GtkSpinner *spinner;
  GtkLabel *status;
  GtkLabel *substatus;
  GtkWidget *log;
  GtkButton *second;
  GtkButton *primary;
};

G_DEFINE_FINAL_TYPE (FgActionBar, fg_action_bar, GTK_TYPE_WIDGET)

static void
lay_out (FgActionBar *self)
{
  gboolean stacked = self->narrow && gtk_widget_get_visible (GTK_WIDGET (self->second));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->row),
                                  stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_hexpand (GTK_WIDGET (self->second), stacked);
  gtk_widget_set_hexpand (GTK_WIDGET (self->primary), stacked);
}

/* The label without its mnemonic's underline: what a screen reader says. */
static char *
plain_label (const char *label)
{
  GString *text = g_string_new (NULL);

  for (const char *p = label; *p != '\0'; p++) {
    if (*p != '_')
      g_string_append_c (text, *p);
  }
  return g_string_free (text, FALSE);
}

static void
set_button (GtkButton *button, const FgBarButton *look)
{
  g_autofree char *name = NULL;

  gtk_widget_set_visible (GTK_WIDGET (button), look != NULL && look->label != NULL);
  if (look == NULL || look->label == NULL)
    return;
  name = plain_label (look->label);
  gtk_button_set_label (button, look->label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), look->action);
  fg_accessible_set_name (GTK_WIDGET (button), name);
}

static void
show_map (FgActionBar *self)
{
  gtk_widget_set_visible (self->map_box,
                          self->map_shown && fg_flash_map_get_mode (self->map) != FG_MAP_EMPTY);
}

static void
on_map_changed (FgActionBar *self)
{
  g_autofree char *size = fg_words_size (fg_flash_map_get_size (self->map));
  g_autofree char *label = fg_flash_map_get_size_known (self->map)
                               ? g_strdup_printf (_ ("Flash memory, %s"), size)
                               : g_strdup (_ ("Flash memory"));
  g_autofree char *sentence = fg_legend_dup_sentence (self->legend);

  show_map (self);
  fg_strip_set_words (self->strip, label, sentence);
}

void
fg_action_bar_set_map (FgActionBar *self, FgFlashMap *map)
{
  g_return_if_fail (FG_IS_ACTION_BAR (self) && self->map == NULL);

  self->map = g_object_ref (map);
  fg_strip_set_map (self->strip, map);
  fg_legend_set_map (self->legend, map);
  g_signal_connect_object (map, "changed", G_CALLBACK (on_map_changed), self, G_CONNECT_SWAPPED);
  show_map (self);
}

void
fg_action_bar_set_map_shown (FgActionBar *self, gboolean shown)
{
  self->map_shown = shown;
  show_map (self);
}

void
fg_action_bar_set_status (FgActionBar *self, const char *status, const char *substatus)
{
  gtk_label_set_label (self->status, status);
  gtk_label_set_label (self->substatus, substatus);
  gtk_widget_set_visible (GTK_WIDGET (self->substatus), *substatus != '\0');
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->substatus), substatus);
}

void
fg_action_bar_set_buttons (FgActionBar *self,
                           const FgBarButton *second,
                           const FgBarButton *primary,
                           gboolean suggested)
{
  set_button (self->second, second);
  set_button (self->primary, primary);
  if (suggested)
    gtk_widget_add_css_class (GTK_WIDGET (self->primary), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->primary), "suggested-action");
  lay_out (self);
}

void
fg_action_bar_set_fraction (FgActionBar *self, double fraction)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, MIN (fraction, 1));
}

void
fg_action_bar_set_waiting (FgActionBar *self, gboolean waiting)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), waiting);
  gtk_spinner_set_spinning (self->spinner, waiting);
}

void
fg_action_bar_set_narrow (FgActionBar *self, gboolean narrow)
{
  self->narrow = narrow;
  lay_out (self);
}

void
fg_action_bar_focus_primary (FgActionBar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->primary));
}

void
fg_action_bar_focus_log (FgActionBar *self)
{
  gtk_widget_grab_focus (self->log);
}

static void
fg_action_bar_dispose (GObject *object)
{
  FgActionBar *self = FG_ACTION_BAR (object);

  fg_template_dispose (GTK_WIDGET (self), FG_TYPE_ACTION_BAR);
  g_clear_object (&self->map);
  G_OBJECT_CLASS (fg_action_bar_parent_class)->dispose (object);
}

static void
fg_action_bar_class_init (FgActionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_action_bar_dispose;
  g_type_ensure (FG_TYPE_CLAMP);
  g_type_ensure (FG_TYPE_LEGEND);
  g_type_ensure (FG_TYPE_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-action-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, map_box);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, strip);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, legend);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, progress);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, row);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, status);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, substatus);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, log);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, second);
  gtk_widget_class_bind_template_child (widget_class, FgActionBar, primary);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_action_bar_init (FgActionBar *self)
{
  self->map_shown = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}
