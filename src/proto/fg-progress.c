/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-progress.h"

static const char *const phase_names[] = {
  [FG_PHASE_NONE] = "none",       [FG_PHASE_CONNECT] = "connect", [FG_PHASE_PREPARE] = "prepare",
  [FG_PHASE_COMPARE] = "compare", [FG_PHASE_ERASE] = "erase",     [FG_PHASE_WRITE] = "write",
  [FG_PHASE_READ] = "read",       [FG_PHASE_VERIFY] = "verify",   [FG_PHASE_RESTART] = "restart",
  [FG_PHASE_BOOT] = "boot",
};

/**
 * fg_phase_name:
 *
 * Returns: (transfer none): the stable, untranslated name that the command line prints
 */
const char *
fg_phase_name (FgPhase phase)
{
  g_return_val_if_fail (phase < FG_N_PHASES, "?");
  return phase_names[phase];
}

/**
 * fg_report_log:
 * @self: (nullable)
 * @format: one line, without a newline
 *
 * Log lines are technical and in English, like the field's other tools: they are for reports.
 */
void
fg_report_log (const FgReporter *self, FgLogLevel level, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list args;

  if (self == NULL || self->log == NULL)
    return;
  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  self->log (level, line, self->data);
}
