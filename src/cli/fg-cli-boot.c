/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-boot.h"

#include <glib/gi18n.h>

static void
add_finding (JsonBuilder *builder, const FgBootFinding *finding)
{
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "code", finding->code);
  fg_cli_json_string (builder, "severity", fg_severity_name (finding->severity));
  fg_cli_json_string (builder, "message", finding->message);
  fg_cli_json_string (builder, "remedy", finding->remedy);
  fg_cli_json_int (builder, "count", finding->count);
  json_builder_end_object (builder);
}

/** fg_cli_boot_json: @report: (nullable): the member `boot`: null when nothing was checked; its
 * `ok` is null when nothing was heard that tells */
void
fg_cli_boot_json (JsonBuilder *builder, const FgBootReport *report)
{
  if (report == NULL) {
    fg_cli_json_string (builder, "boot", NULL);
    return;
  }
  json_builder_set_member_name (builder, "boot");
  json_builder_begin_object (builder);
  if (report->verdict == FG_BOOT_UNKNOWN)
    fg_cli_json_string (builder, "ok", NULL);
  else
    fg_cli_json_bool (builder, "ok", report->verdict == FG_BOOT_RUNS);
  fg_cli_json_int (builder, "restarts", report->restarts);
  fg_cli_json_seconds (builder, "seconds", report->seconds);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->findings->len; i++)
    add_finding (builder, report->findings->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/** fg_cli_boot_print: the verdict and what is worth knowing; what is wrong was told as a warning
 * while the job ran */
void
fg_cli_boot_print (FgCliOutput *output, const FgBootReport *report)
{
  static const char *const verdicts[] = {
    [FG_BOOT_UNKNOWN] = N_ ("Boot check: whether the board runs is not known."),
    [FG_BOOT_RUNS] = N_ ("Boot check: the board runs."),
    [FG_BOOT_FAILS] = N_ ("Boot check: the board does not start as it should."),
  };

  if (report == NULL)
    return;
  fg_cli_output_line (output, "%s", _ (verdicts[report->verdict]));
  for (guint i = 0; i < report->findings->len; i++) {
    const FgBootFinding *finding = report->findings->pdata[i];

    if (finding->severity == FG_SEVERITY_INFO)
      fg_cli_output_line (output, "  %s%s%s", finding->message, finding->remedy != NULL ? ". " : "",
                          finding->remedy != NULL ? finding->remedy : "");
  }
}
