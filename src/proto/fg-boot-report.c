/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-check.h"

#include <string.h>

/* A board that says the same in other words again and again must not fill the memory. */
#define FINDINGS_MAX 32

static void
finding_free (gpointer data)
{
  FgBootFinding *finding = data;

  g_free (finding->message);
  g_free (finding);
}

static FgBootFinding *
find_finding (FgBootReport *self, const char *code)
{
  for (guint i = 0; i < self->findings->len; i++) {
    FgBootFinding *finding = self->findings->pdata[i];

    if (strcmp (finding->code, code) == 0)
      return finding;
  }
  return NULL;
}

/** fg_boot_report_new: Returns: (transfer full): an empty report */
FgBootReport *
fg_boot_report_new (void)
{
  FgBootReport *self = g_new0 (FgBootReport, 1);

  self->findings = g_ptr_array_new_with_free_func (finding_free);
  return self;
}

/**
 * fg_boot_report_add:
 * @code: static
 * @remedy: (nullable): static
 * @format: a sentence in English without a full stop
 *
 * The same code again is counted; the first words, or those of the more severe, stay.
 */
void
fg_boot_report_add (FgBootReport *self,
                    FgSeverity severity,
                    const char *code,
                    const char *remedy,
                    const char *format,
                    ...)
{
  FgBootFinding *finding;
  va_list args;

  finding = find_finding (self, code);
  if (finding == NULL && self->findings->len == FINDINGS_MAX)
    return;
  if (finding == NULL) {
    finding = g_new0 (FgBootFinding, 1);
    finding->code = code;
    g_ptr_array_add (self->findings, finding);
  }
  finding->count++;
  if (finding->message != NULL && finding->severity >= severity)
    return;
  g_free (finding->message);
  finding->severity = severity;
  finding->remedy = remedy;
  va_start (args, format);
  finding->message = g_strdup_vprintf (format, args);
  va_end (args);
}

void
fg_boot_report_free (FgBootReport *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->findings);
  g_free (self);
}
