/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-failed-page.h"

#include "fg-clamp.h"
#include "fg-error.h"
#include "fg-note.h"
#include "fg-remedy.h"
#include "fg-swatch.h"
#include "fg-template.h"
#include "fg-two-lines.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgFailedPage {
  GtkWidget parent_instance;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *remedy;
  GtkWidget *flash;
  GtkBox *rows;
  FgNote *boots;
  GtkToggleButton *details_toggle;
  GtkImage *details_arrow;
  GtkLabel *details;
};

G_DEFINE_FINAL_TYPE (FgFailedPage, fg_failed_page, GTK_TYPE_WIDGET)

static const char *
state_title (FgSectorState state)
{
  switch (state) {
  case FG_SECTOR_VERIFIED:
    return _ ("New firmware, verified");
  case FG_SECTOR_WRITTEN:
    return _ ("New firmware, written but not verified");
  case FG_SECTOR_FAILED:
    return _ ("Broken off here");
  case FG_SECTOR_ERASED:
    return _ ("Erased, not written");
  case FG_SECTOR_UNCHANGED:
    return _ ("Still as it was before");
  case FG_SECTOR_LEFT:
  case FG_SECTOR_PLANNED:
  case FG_N_SECTOR_STATES:
  default:
    return "";
  }
}

static void
add_state_row (FgFailedPage *self, FgFlashMap *map, FgSectorState state)
{
  guint count = fg_flash_map_count (map, state);
  g_autofree char *size_words = fg_words_size ((guint64) count * FG_SECTOR_SIZE);
  g_autofree char *ranges = fg_flash_map_dup_ranges (map, state);
  GtkWidget *row, *lines, *size;

  if (count == 0)
    return;

  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  lines = fg_two_lines_new (state_title (state), ranges);
  size = gtk_label_new (size_words);
  g_object_set (lines, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (row, "row");
  gtk_widget_add_css_class (size, "num");
  gtk_widget_add_css_class (size, "dim");
  gtk_box_append (GTK_BOX (row), fg_swatch_new (state));
  gtk_box_append (GTK_BOX (row), lines);
  gtk_box_append (GTK_BOX (row), size);
  gtk_box_append (self->rows, row);
}

/* (transfer full) Whether the board will start after a job that was broken off. */
static char *
outlook_text (FgFlashMap *map)
{
  gboolean holes = fg_flash_map_count (map, FG_SECTOR_ERASED) > 0
                   || fg_flash_map_count (map, FG_SECTOR_FAILED) > 0;
  gboolean old = fg_flash_map_count (map, FG_SECTOR_UNCHANGED) > 0;
  gboolean unverified = fg_flash_map_count (map, FG_SECTOR_WRITTEN) > 0;

  if (!fg_flash_map_was_touched (map))
    return g_strdup (_ ("Nothing was changed: the board starts as before."));
  if (holes || old)
    return g_strdup (_ ("The board will not start like this. It is not damaged: its loader is in "
                        "the chip’s ROM and cannot be erased."));
  if (unverified)
    return g_strdup (_ ("Everything was written, but not all of it was verified: the board may or "
                        "may not start. It is not damaged."));
  return g_strdup (_ ("All of it was written and verified: the board should start."));
}

static void
show_flash (FgFailedPage *self, FgFlashMap *map)
{
  static const FgSectorState order[] = { FG_SECTOR_VERIFIED, FG_SECTOR_WRITTEN, FG_SECTOR_FAILED,
                                         FG_SECTOR_ERASED, FG_SECTOR_UNCHANGED };
  GtkWidget *child;
  g_autofree char *outlook = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);
  gtk_widget_set_visible (self->flash, map != NULL);
  if (map == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    add_state_row (self, map, order[i]);
  outlook = outlook_text (map);
  fg_note_set (self->boots, FG_NOTE_HINT, outlook);
}

static const char *
icon_for (const GError *error)
{
  if (g_error_matches (error, FG_ERROR, FG_ERROR_DISCONNECTED)
      || g_error_matches (error, FG_ERROR, FG_ERROR_PORT_MISSING))
    return "fg-unplugged-symbolic";
  if (g_error_matches (error, FG_ERROR, FG_ERROR_PORT_FORBIDDEN))
    return "dialog-password-symbolic";
  return "dialog-warning-symbolic";
}

static char *
details_text (const GError *error, FgPort *port, const FgProgress *last)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *address = fg_words_address (last->address);

  if (port != NULL) {
    g_string_append_printf (text, _ ("Port: %s (%s"), fg_port_get_path (port),
                            fg_port_get_title (port));
    if (fg_port_get_vendor_id (port) != 0)
      g_string_append_printf (text, ", %04X:%04X", fg_port_get_vendor_id (port),
                              fg_port_get_product_id (port));
    g_string_append (text, ")\n");
  }
  if (last->phase == FG_PHASE_WRITE || last->phase == FG_PHASE_VERIFY
      || last->phase == FG_PHASE_COMPARE)
    g_string_append_printf (text, _ ("While: %s, at %s\n"), fg_words_phase (last->phase), address);
  else if (last->phase != FG_PHASE_NONE)
    g_string_append_printf (text, _ ("While: %s\n"), fg_words_phase (last->phase));
  g_string_append_printf (text, _ ("Error: %s"), error->message);
  if (error->domain == FG_ERROR)
    g_string_append_printf (text, " (%s)", fg_error_code_name (error));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
fg_failed_page_show (
    FgFailedPage *self, const GError *error, FgPort *port, FgFlashMap *map, const FgProgress *last)
{
  g_autofree char *title = fg_error_title (error);
  g_autofree char *remedy = fg_error_remedy (error, port != NULL ? fg_port_get_path (port) : NULL);
  g_autofree char *details = details_text (error, port, last);
  g_autofree char *found = NULL;

  if (map != NULL && fg_flash_map_get_head (map) >= 0) {
    g_autofree char *where = fg_words_address ((guint32) fg_flash_map_get_head (map));

    found = g_strdup_printf (_ ("%s at %s"), title, where);
  }
  gtk_image_set_from_icon_name (self->icon, icon_for (error));
  gtk_label_set_label (self->title, found != NULL ? found : title);
  gtk_label_set_label (self->remedy, remedy);
  gtk_label_set_label (self->details, details);
  show_flash (self, map);
}

static void
on_details_toggled (FgFailedPage *self)
{
  gboolean open = gtk_toggle_button_get_active (self->details_toggle);

  gtk_widget_set_visible (GTK_WIDGET (self->details), open);
  gtk_image_set_from_icon_name (self->details_arrow,
                                open ? "pan-down-symbolic" : "pan-end-symbolic");
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgFailedPage *self = FG_FAILED_PAGE (widget);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n", gtk_label_get_label (self->title),
                                           gtk_label_get_label (self->details));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
fg_failed_page_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_FAILED_PAGE);
  G_OBJECT_CLASS (fg_failed_page_parent_class)->dispose (object);
}

static void
fg_failed_page_class_init (FgFailedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_failed_page_dispose;
  g_type_ensure (FG_TYPE_CLAMP);
  g_type_ensure (FG_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-failed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, icon);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, title);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, remedy);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, flash);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, rows);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, boots);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, details_toggle);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, details_arrow);
  gtk_widget_class_bind_template_child (widget_class, FgFailedPage, details);
  gtk_widget_class_bind_template_callback (widget_class, on_details_toggled);
  gtk_widget_class_install_action (widget_class, "failed.copy", NULL, copy_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_failed_page_init (FgFailedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
