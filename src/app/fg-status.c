/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-status.h"

#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

static void
append (GString *text, const char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

char *
fg_status_title (const FgProgress *progress, const char *file, gboolean erase_all)
{
  switch (progress->phase) {
  case FG_PHASE_PREPARE:
    return g_strdup (_ ("Preparing"));
  case FG_PHASE_COMPARE:
    return g_strdup (_ ("Comparing with what is on the flash"));
  case FG_PHASE_ERASE:
    return g_strdup (erase_all ? _ ("Erasing the whole flash") : _ ("Erasing"));
  case FG_PHASE_WRITE:
    return file != NULL ? g_strdup_printf (_ ("Writing %s"), file) : g_strdup (_ ("Writing"));
  case FG_PHASE_READ:
    return g_strdup (_ ("Reading"));
  case FG_PHASE_VERIFY:
    return file != NULL ? g_strdup_printf (_ ("Verifying %s"), file) : g_strdup (_ ("Verifying"));
  case FG_PHASE_RESTART:
    return g_strdup (_ ("Restarting the board"));
  case FG_PHASE_BOOT:
    return g_strdup (_ ("Listening how the board starts"));
  case FG_PHASE_NONE:
  case FG_PHASE_CONNECT:
  case FG_N_PHASES:
  default:
    return g_strdup (_ ("Connecting…"));
  }
}

char *
fg_status_detail (const FgProgress *progress)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (progress->total > 0 && progress->phase > FG_PHASE_PREPARE) {
    g_autofree char *done = fg_words_size (progress->done);
    g_autofree char *total = fg_words_size (progress->total);
    g_autofree char *part = g_strdup_printf (_ ("%s of %s"), done, total);

    append (text, part);
  }
  if (progress->rate > 0 && progress->phase > FG_PHASE_PREPARE) {
    g_autofree char *rate = fg_words_size ((guint64) progress->rate);
    g_autofree char *part = g_strdup_printf (_ ("%s/s"), rate);

    append (text, part);
  }
  if (progress->eta >= 0 && progress->phase > FG_PHASE_CONNECT) {
    g_autofree char *left = fg_words_time_left (progress->eta);

    append (text, left);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
