/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-finding.h"

static const char *const severity_names[] = {
  [FG_SEVERITY_INFO] = "info",
  [FG_SEVERITY_WARNING] = "warning",
  [FG_SEVERITY_ERROR] = "error",
};

static void
finding_free (gpointer data)
{
  FgFinding *self = data;

  g_free (self->message);
  g_free (self);
}

/** fg_findings_new: Returns: (transfer full) (element-type FgFinding): an empty list */
GPtrArray *
fg_findings_new (void)
{
  return g_ptr_array_new_with_free_func (finding_free);
}

/**
 * fg_findings_add:
 * @code: static
 * @position: byte in the file, or %FG_FINDING_NOWHERE
 * @format: a sentence in English without a full stop
 */
void
fg_findings_add (GPtrArray *self,
                 FgSeverity severity,
                 const char *code,
                 gint64 position,
                 const char *format,
                 ...)
{
  FgFinding *finding = g_new0 (FgFinding, 1);
  va_list args;

  finding->severity = severity;
  finding->code = code;
  finding->position = position;
  va_start (args, format);
  finding->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self, finding);
}

/** fg_findings_worst: Returns: (nullable): the first of the most severe */
const FgFinding *
fg_findings_worst (const GPtrArray *self)
{
  const FgFinding *worst = NULL;

  for (guint i = 0; i < self->len; i++) {
    const FgFinding *finding = self->pdata[i];

    if (worst == NULL || finding->severity > worst->severity)
      worst = finding;
  }
  return worst;
}

/** fg_severity_name: Returns: (transfer none): the stable name that the command line prints */
const char *
fg_severity_name (FgSeverity severity)
{
  return severity_names[severity];
}
