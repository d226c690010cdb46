/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-bar.h"

#include "fg-flash-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80
#define BAR_MIN 8 /* columns; narrower tells nothing */
#define BAR_MAX 30
#define CLEAR_LINE "\r\033[K" /* ECMA-48 EL, understood by every terminal there is */

static const char *const phase_words[] = {
  [FG_PHASE_NONE] = N_ ("Waiting"),       [FG_PHASE_CONNECT] = N_ ("Connecting"),
  [FG_PHASE_PREPARE] = N_ ("Preparing"),  [FG_PHASE_COMPARE] = N_ ("Comparing"),
  [FG_PHASE_ERASE] = N_ ("Erasing"),      [FG_PHASE_WRITE] = N_ ("Writing"),
  [FG_PHASE_READ] = N_ ("Reading"),       [FG_PHASE_VERIFY] = N_ ("Verifying"),
  [FG_PHASE_RESTART] = N_ ("Restarting"), [FG_PHASE_BOOT] = N_ ("Boot check"),
};

void
fg_cli_bar_init (FgCliBar *self, gboolean wanted)
{
  self->enabled = wanted && isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  self->shown = FALSE;
}

static guint
terminal_columns (void)
{
  struct winsize size;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

static void
append_time_left (GString *text, double eta)
{
  guint seconds;

  if (eta < 0)
    return;
  seconds = (guint) MIN (ceil (eta), G_MAXINT);
  if (seconds < 100)
    g_string_append_printf (text, _ ("  %2u s left"), seconds);
  else
    g_string_append_printf (text, _ ("  %u min %02u s left"), seconds / 60, seconds % 60);
}

static char *
numbers (const FgProgress *progress)
{
  GString *text = g_string_new (NULL);

  if (progress->phase == FG_PHASE_CONNECT) {
    if (progress->done > 1)
      g_string_append_printf (text, _ ("  attempt %u"), (guint) progress->done);
    return g_string_free (text, FALSE);
  }
  if (progress->rate > 0) {
    g_autofree char *rate = fg_size_format ((guint64) progress->rate);

    g_string_append_printf (text, _ ("  %s/s"), rate);
  }
  append_time_left (text, progress->eta);
  return g_string_free (text, FALSE);
}

/**
 * fg_cli_bar_format:
 * @columns: of the terminal; the text is kept one short of it, so that it never wraps
 * @utf8: whether block characters can be shown
 *
 * Returns: (transfer full): "Writing     ██████········   42 %  61 KB/s   3 s left"
 */
char *
fg_cli_bar_format (const FgProgress *progress, guint columns, gboolean utf8)
{
  g_autofree char *tail = numbers (progress);
  const char *word = _ (phase_words[progress->phase]);
  GString *text = g_string_new (word);
  int room;

  for (glong width = g_utf8_strlen (word, -1); width < 12; width++)
    g_string_append_c (text, ' ');
  room =
      (int) columns - 1 - (int) g_utf8_strlen (text->str, -1) - 7 - (int) g_utf8_strlen (tail, -1);
  if (room >= BAR_MIN) {
    int width = MIN (room, BAR_MAX);
    int full = (int) (CLAMP (progress->fraction, 0, 1) * width);

    for (int i = 0; i < width; i++)
      g_string_append (text, i < full ? (utf8 ? "█" : "#") : (utf8 ? "·" : "."));
  }
  g_string_append_printf (text, "  %3d %%%s", (int) (CLAMP (progress->fraction, 0, 1) * 100), tail);
  if (g_utf8_strlen (text->str, -1) >= (glong) columns) {
    char *cut = g_utf8_offset_to_pointer (text->str, columns > 1 ? columns - 1 : 0);

    g_string_truncate (text, cut - text->str);
  }
  return g_string_free (text, FALSE);
}

void
fg_cli_bar_update (FgCliBar *self, const FgProgress *progress)
{
  g_autofree char *text = NULL;

  if (!self->enabled)
    return;
  text = fg_cli_bar_format (progress, terminal_columns (), g_get_charset (NULL));
  fprintf (stderr, CLEAR_LINE "%s", text);
  fflush (stderr);
  self->shown = TRUE;
}

/** fg_cli_bar_hide: before anything else is written to the terminal */
void
fg_cli_bar_hide (FgCliBar *self)
{
  if (!self->shown)
    return;
  fputs (CLEAR_LINE, stderr);
  fflush (stderr);
  self->shown = FALSE;
}
