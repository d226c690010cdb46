/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-action-bar.h"
#include "fg-board-card.h"
#include "fg-board-drawing.h"
#include "fg-clamp.h"
#include "fg-columns.h"
#include "fg-done-page.h"
#include "fg-empty-page.h"
#include "fg-failed-page.h"
#include "fg-firmware-list.h"
#include "fg-hold-boot-page.h"
#include "fg-legend.h"
#include "fg-log-panel.h"
#include "fg-note.h"
#include "fg-options-card.h"
#include "fg-phase-row.h"
#include "fg-port-picker.h"
#include "fg-resources.h"
#include "fg-running-page.h"
#include "fg-setup-page.h"
#include "fg-strip.h"
#include "fg-two-lines.h"

/*
 * Each widget on its own: it is built from its template, shown, measured wide and narrow, and taken
 * down to the last reference. Run with G_DEBUG=fatal-warnings on a display.
 */

typedef struct {
  const char *name;
  GType (*get_type) (void);
} Case;

static const Case cases[] = {
  { "action-bar", fg_action_bar_get_type },
  { "board-card", fg_board_card_get_type },
  { "board-drawing", fg_board_drawing_get_type },
  { "clamp", fg_clamp_get_type },
  { "columns", fg_columns_get_type },
  { "done-page", fg_done_page_get_type },
  { "empty-page", fg_empty_page_get_type },
  { "failed-page", fg_failed_page_get_type },
  { "firmware-list", fg_firmware_list_get_type },
  { "hold-boot-page", fg_hold_boot_page_get_type },
  { "legend", fg_legend_get_type },
  { "log-panel", fg_log_panel_get_type },
  { "note", fg_note_get_type },
  { "options-card", fg_options_card_get_type },
  { "phase-row", fg_phase_row_get_type },
  { "port-picker", fg_port_picker_get_type },
  { "running-page", fg_running_page_get_type },
  { "setup-page", fg_setup_page_get_type },
  { "strip", fg_strip_get_type },
  { "two-lines", fg_two_lines_get_type },
};

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer frames)
{
  (*(guint *) frames)++;
  return G_SOURCE_CONTINUE;
}

/* Until the window has been drawn twice more. */
static void
draw (GtkWidget *window)
{
  guint frames = 0;
  guint id = gtk_widget_add_tick_callback (window, on_tick, &frames, NULL);

  gtk_widget_queue_draw (window);
  while (frames < 3)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_remove_tick_callback (window, id);
}

static void
test_widget (gconstpointer data)
{
  const Case *c = data;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *widget = g_object_new (c->get_type (), NULL);
  int minimum, natural;

  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 680);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  draw (window);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 480); /* DESIGN: usable at this width */
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 680);
  draw (window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (widget);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_resources_register (fg_get_resource ());
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/widget/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_widget);
  }
  return g_test_run ();
}
