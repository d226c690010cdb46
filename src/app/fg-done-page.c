/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-done-page.h"

#include "fg-clamp.h"
#include "fg-template.h"
#include "fg-two-lines.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgDonePage {
  GtkWidget parent_instance;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkImage *verified_icon;
  FgTwoLines *verified;
  GtkImage *restarted_icon;
  FgTwoLines *restarted;
  FgTwoLines *time;
};

G_DEFINE_FINAL_TYPE (FgDonePage, fg_done_page, GTK_TYPE_WIDGET)

gboolean
fg_done_page_is_verified (const FgResult *result)
{
  for (guint i = 0; i < result->regions->len; i++) {
    if (!g_array_index (result->regions, FgRegionResult, i).verified)
      return FALSE;
  }
  return result->regions->len > 0;
}

static void
show_verified (FgDonePage *self, const FgResult *result)
{
  gboolean verified = fg_done_page_is_verified (result);
  guint64 length = 0;
  g_autofree char *size = NULL;
  g_autofree char *fact = NULL;

  for (guint i = 0; i < result->regions->len; i++)
    length += g_array_index (result->regions, FgRegionResult, i).length;
  size = fg_words_size (length);
  fact = verified ? g_strdup_printf (_ ("%s, read back from the flash and compared"), size)
                  : g_strdup_printf (_ ("%s, not read back: flash again to be sure"), size);
  gtk_image_set_from_icon_name (self->verified_icon,
                                verified ? "fg-check-symbolic" : "dialog-warning-symbolic");
  fg_two_lines_set (self->verified, verified ? _ ("Every byte is verified") : _ ("Not verified"),
                    fact);
}

static void
show_time (FgDonePage *self, const FgResult *result)
{
  guint64 written = 0, skipped = 0;
  g_autofree char *seconds = fg_words_duration (result->total_seconds);
  g_autofree char *written_words = NULL, *skipped_words = NULL, *fact = NULL;

  for (guint i = 0; i < result->regions->len; i++) {
    const FgRegionResult *region = &g_array_index (result->regions, FgRegionResult, i);

    written += region->written;
    skipped += region->skipped;
  }
  written_words = fg_words_size (written);
  skipped_words = fg_words_size (skipped);
  if (written == 0 && skipped > 0)
    fact = g_strdup_printf (_ ("%s was already right: nothing had to be written"), skipped_words);
  else if (skipped > 0)
    fact = g_strdup_printf (_ ("%s written · %s was already right"), written_words, skipped_words);
  else
    fact = g_strdup_printf (_ ("%s written at %u baud"), written_words, result->baud);
  fg_two_lines_set (self->time, seconds, fact);
}

void
fg_done_page_show (FgDonePage *self, const FgJob *job, const FgResult *result, const char *what)
{
  gboolean verified = fg_done_page_is_verified (result);
  gboolean restarted = job->after == FG_AFTER_RESET;
  g_autofree char *subtitle =
      g_strdup_printf (restarted ? _ ("%s is on the board, and the board was restarted.")
                                 : _ ("%s is on the board."),
                       what);

  gtk_label_set_label (self->title, verified ? _ ("Flashed and verified") : _ ("Flashed"));
  gtk_label_set_label (self->subtitle, subtitle);
  show_verified (self, result);
  gtk_image_set_from_icon_name (self->restarted_icon,
                                restarted ? "fg-check-symbolic" : "fg-pending-symbolic");
  if (restarted)
    fg_two_lines_set (self->restarted, _ ("The board was restarted"),
                      _ ("Whether the new firmware runs was not checked"));
  else
    fg_two_lines_set (self->restarted, _ ("The board waits in its loader"),
                      _ ("Restart it to start the new firmware"));
  show_time (self, result);
}

static void
fg_done_page_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_DONE_PAGE);
  G_OBJECT_CLASS (fg_done_page_parent_class)->dispose (object);
}

static void
fg_done_page_class_init (FgDonePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_done_page_dispose;
  g_type_ensure (FG_TYPE_CLAMP);
  g_type_ensure (FG_TYPE_TWO_LINES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-done-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, title);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, verified_icon);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, verified);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, restarted_icon);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, restarted);
  gtk_widget_class_bind_template_child (widget_class, FgDonePage, time);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_done_page_init (FgDonePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
