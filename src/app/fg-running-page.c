/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-running-page.h"

#include "fg-clamp.h"
#include "fg-phase-row.h"
#include "fg-template.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgRunningPage {
  GtkWidget parent_instance;
  GPtrArray *rows;    /* (owned) (element-type FgPhaseRow) (unowned elements) in order */
  char *port;         /* (owned) "CP2102N · ttyUSB0" */
  char *variant;      /* (owned) (nullable) "ESP8266EX" */
  guint baud;         /* bit/s in force; 0: not known */
  const char *loader; /* (unowned) (nullable) static: as in FgProgress, once it is known */
  gboolean erase_all;
  FgPhase phase;
  gint64 phase_start; /* monotonic microseconds */
  FgProgress last;    /* the last one of the phase that runs */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *percent;
  GtkBox *card;
};

G_DEFINE_FINAL_TYPE (FgRunningPage, fg_running_page, GTK_TYPE_WIDGET)

static void
show_subtitle (FgRunningPage *self)
{
  g_autoptr (GString) text = g_string_new (self->variant);

  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, self->port);
  if (self->baud != 0)
    g_string_append_printf (text, _ (" · %u baud"), self->baud);
  gtk_label_set_label (self->subtitle, text->str);
}

static FgPhaseRow *
find_row (FgRunningPage *self, FgPhase phase)
{
  for (guint i = 0; i < self->rows->len; i++) {
    FgPhaseRow *row = g_ptr_array_index (self->rows, i);

    if (fg_phase_row_get_phase (row) == phase)
      return row;
  }
  return NULL;
}

/* Rows are in the order in which phases happen, which is that of FgPhase. */
static FgPhaseRow *
add_row (FgRunningPage *self, FgPhase phase, const char *fact)
{
  GtkWidget *row = fg_phase_row_new (phase);
  GtkWidget *before = NULL;
  guint position = 0;

  while (position < self->rows->len
         && fg_phase_row_get_phase (g_ptr_array_index (self->rows, position)) < phase)
    before = g_ptr_array_index (self->rows, position++);
  fg_phase_row_set_fact (FG_PHASE_ROW (row), fact);
  gtk_box_insert_child_after (self->card, row, before);
  g_ptr_array_insert (self->rows, (int) position, row);
  return FG_PHASE_ROW (row);
}

/* What the running phase is at. */
static char *
running_fact (const FgProgress *progress, const char *file)
{
  g_autofree char *address = fg_words_address (progress->address);
  g_autofree char *done = fg_words_size (progress->done);
  g_autofree char *total = fg_words_size (progress->total);

  switch (progress->phase) {
  case FG_PHASE_CONNECT:
    return progress->done > 1 ? g_strdup_printf (_ ("Attempt %u"), (guint) progress->done)
                              : g_strdup (_ ("Asking the chip"));
  case FG_PHASE_PREPARE:
    return g_strdup (progress->loader != NULL ? fg_words_loader (progress->loader) : "");
  case FG_PHASE_COMPARE:
  case FG_PHASE_VERIFY:
    return progress->total > 0 ? g_strdup_printf (_ ("%s of %s"), done, total) : g_strdup ("");
  case FG_PHASE_WRITE:
  case FG_PHASE_READ:
    return file != NULL ? g_strdup_printf (_ ("%s at %s"), file, address) : g_strdup (address);
  case FG_PHASE_ERASE:
    return g_strdup (_ ("The chip takes its time for this"));
  case FG_PHASE_RESTART:
  case FG_PHASE_BOOT:
  case FG_PHASE_NONE:
  case FG_N_PHASES:
  default:
    return g_strdup ("");
  }
}

/* What the phase has come to. */
static char *
done_fact (FgRunningPage *self)
{
  const FgProgress *last = &self->last;
  g_autofree char *done = fg_words_size (last->done);

  switch (last->phase) {
  case FG_PHASE_CONNECT:
    return self->variant != NULL ? g_strdup_printf (_ ("%s answered"), self->variant)
                                 : g_strdup (_ ("The chip answered"));
  case FG_PHASE_PREPARE:
    /* Translators: such as "Chip’s own loader, 921600 baud" */
    return self->baud != 0
               ? g_strdup_printf (_ ("%s, %u baud"), fg_words_loader (self->loader), self->baud)
               : g_strdup (fg_words_loader (self->loader));
  case FG_PHASE_COMPARE:
    return last->sectors_total > 0 ? g_strdup_printf (_ ("%u of %u sectors are already right"),
                                                      last->sectors_same, last->sectors_total)
                                   : g_strdup ("");
  case FG_PHASE_ERASE:
    return g_strdup (self->erase_all ? _ ("The whole flash is blank")
                                     : _ ("The room for the new firmware is blank"));
  case FG_PHASE_WRITE:
    return g_strdup_printf (_ ("%s written"), done);
  case FG_PHASE_READ:
    return g_strdup_printf (_ ("%s read"), done);
  case FG_PHASE_VERIFY:
    return g_strdup (_ ("Every byte was read back and is right"));
  case FG_PHASE_RESTART:
  case FG_PHASE_BOOT:
  case FG_PHASE_NONE:
  case FG_N_PHASES:
  default:
    return g_strdup ("");
  }
}

static double
seconds_in_phase (FgRunningPage *self)
{
  return (double) (g_get_monotonic_time () - self->phase_start) / G_USEC_PER_SEC;
}

static void
finish_phase (FgRunningPage *self)
{
  FgPhaseRow *row = find_row (self, self->phase);
  g_autofree char *fact = NULL;

  if (row == NULL)
    return;
  fact = done_fact (self);
  fg_phase_row_set_fact (row, fact);
  fg_phase_row_set_seconds (row, seconds_in_phase (self));
  fg_phase_row_set_state (row, FG_PHASE_ROW_DONE);
}

static void
begin_phase (FgRunningPage *self, FgPhase phase)
{
  FgPhaseRow *row = find_row (self, phase);

  finish_phase (self);
  self->phase = phase;
  self->phase_start = g_get_monotonic_time ();
  if (row == NULL && phase != FG_PHASE_NONE)
    row = add_row (self, phase, "");
  if (row == NULL)
    return;

  /* A phase that was skipped is over, too. */
  for (guint i = 0; i < self->rows->len && g_ptr_array_index (self->rows, i) != row; i++) {
    FgPhaseRow *earlier = g_ptr_array_index (self->rows, i);

    if (fg_phase_row_get_state (earlier) == FG_PHASE_ROW_PENDING) {
      fg_phase_row_set_state (earlier, FG_PHASE_ROW_DONE);
      fg_phase_row_set_fact (earlier, _ ("Nothing to do"));
    }
  }
  fg_phase_row_set_state (row, FG_PHASE_ROW_RUNNING);
}

void
fg_running_page_start (FgRunningPage *self, const FgJob *job, FgPort *port)
{
  g_autofree char *title = g_strdup_printf (_ ("Flashing %s"), fg_port_get_title (port));

  for (guint i = 0; i < self->rows->len; i++)
    gtk_box_remove (self->card, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->variant, g_free);
  g_free (self->port);
  self->port = fg_words_port (port);
  self->baud = 0;
  self->loader = NULL;
  self->phase = FG_PHASE_NONE;
  self->last = (FgProgress){ .phase = FG_PHASE_NONE };
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->percent, "");
  show_subtitle (self);

  add_row (self, FG_PHASE_CONNECT, _ ("Ask the chip what it is"));
  add_row (self, FG_PHASE_PREPARE, _ ("Speed and flash memory"));
  self->erase_all = job->erase_all;
  if (!job->erase_all && !job->write_all)
    add_row (self, FG_PHASE_COMPARE, _ ("What is already right?"));
  add_row (self, FG_PHASE_ERASE,
           job->erase_all ? _ ("The whole flash") : _ ("Where something will be written"));
  add_row (self, FG_PHASE_WRITE, _ ("The new firmware"));
  if (job->verify)
    add_row (self, FG_PHASE_VERIFY, _ ("Read back every byte"));
  if (job->after == FG_AFTER_RESET)
    add_row (self, FG_PHASE_RESTART, _ ("With the new firmware"));
  begin_phase (self, FG_PHASE_CONNECT);
}

void
fg_running_page_set_board (FgRunningPage *self, const FgBoardInfo *board)
{
  if (board == NULL)
    return;
  g_free (self->variant);
  self->variant = g_strdup (board->variant != NULL ? board->variant : board->chip->name);
  show_subtitle (self);
}

void
fg_running_page_update (FgRunningPage *self, const FgProgress *progress, const char *file)
{
  g_autofree char *percent =
      g_strdup_printf (_ ("%u %%"), (guint) (CLAMP (progress->fraction, 0, 1) * 100));
  g_autofree char *fact = running_fact (progress, file);
  FgPhaseRow *row;

  if (progress->loader != NULL)
    self->loader = progress->loader;
  if (progress->baud != 0 && progress->baud != self->baud) {
    self->baud = progress->baud;
    show_subtitle (self);
  }
  /* Counts come with the first report after the phase they belong to. */
  self->last.sectors_same = progress->sectors_same;
  self->last.sectors_total = progress->sectors_total;
  if (progress->phase != self->phase)
    begin_phase (self, progress->phase);
  self->last = *progress;
  row = find_row (self, progress->phase);
  if (row != NULL) {
    fg_phase_row_set_fact (row, fact);
    fg_phase_row_set_seconds (row, seconds_in_phase (self));
  }
  gtk_label_set_label (self->percent, percent);
}

static void
fg_running_page_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_RUNNING_PAGE);
  G_OBJECT_CLASS (fg_running_page_parent_class)->dispose (object);
}

static void
fg_running_page_finalize (GObject *object)
{
  FgRunningPage *self = FG_RUNNING_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_free (self->port);
  g_free (self->variant);
  G_OBJECT_CLASS (fg_running_page_parent_class)->finalize (object);
}

static void
fg_running_page_class_init (FgRunningPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fg_running_page_dispose;
  object_class->finalize = fg_running_page_finalize;
  g_type_ensure (FG_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-running-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FgRunningPage, title);
  gtk_widget_class_bind_template_child (widget_class, FgRunningPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, FgRunningPage, percent);
  gtk_widget_class_bind_template_child (widget_class, FgRunningPage, card);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_running_page_init (FgRunningPage *self)
{
  self->rows = g_ptr_array_new ();
  self->port = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}
