/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-boot.h"
#include "fg-cli-plan.h"
#include "fg-cli-run.h"
#include "fg-firmware-file.h"

#include <glib/gi18n.h>

static gboolean
back_up (const FgCliOptions *options, FgCliOutput *output, GError **error)
{
  g_autoptr (FgJob) job = fg_cli_job_new (options, FG_JOB_READ, error);
  g_autoptr (FgResult) result = NULL;

  if (job == NULL)
    return FALSE;
  job->after = FG_AFTER_STAY; /* the job that follows goes on there */
  result = fg_cli_run (output, job, error);
  if (result == NULL || !fg_firmware_save (options->backup, result->bytes, error))
    return FALSE;
  fg_cli_output_line (output, _ ("Saved what was on the board to %s."), options->backup);
  return TRUE;
}

static const char *
region_name (const FgJob *job, guint32 offset)
{
  for (guint i = 0; i < job->firmware->len; i++) {
    const FgFirmware *firmware = job->firmware->pdata[i];

    if (firmware->offset == offset)
      return firmware->name;
  }
  return "";
}

static void
print_json (FgCliOutput *output, const FgResult *result)
{
  JsonBuilder *builder = fg_cli_output_begin_result (output, TRUE);

  json_builder_set_member_name (builder, "regions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->regions->len; i++) {
    const FgRegionResult *region = &g_array_index (result->regions, FgRegionResult, i);

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "offset", region->offset);
    fg_cli_json_int (builder, "length", region->length);
    fg_cli_json_int (builder, "written", region->written);
    fg_cli_json_int (builder, "skipped", region->skipped);
    fg_cli_json_bool (builder, "verified", region->verified);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  if (result->kind == FG_JOB_FLASH)
    fg_cli_boot_json (builder, result->boot);
  fg_cli_json_work (builder, result);
  fg_cli_json_end (builder);
}

/* What became of a region, as the end of a sentence. */
static char *
region_text (const FgRegionResult *region)
{
  g_autofree char *written = fg_size_format (region->written);
  g_autofree char *skipped = fg_size_format (region->skipped);
  const char *verified = region->verified ? _ ("verified") : _ ("not verified");

  if (region->skipped == 0)
    return g_strdup_printf (_ ("written, %s"), verified);
  if (region->written == 0)
    return g_strdup_printf (_ ("was there already, %s"), verified);
  return g_strdup_printf (_ ("%s written, %s was there already, %s"), written, skipped, verified);
}

static void
print_region (FgCliOutput *output, const FgJob *job, const FgRegionResult *region)
{
  g_autofree char *length = fg_size_format (region->length);
  g_autofree char *what = NULL;

  what = job->kind == FG_JOB_VERIFY ? g_strdup (_ ("as it should be")) : region_text (region);
  fg_cli_output_line (output,
                      /* Translators: address, file, size, what became of it */
                      _ ("0x%05x  %s, %s: %s"), region->offset, region_name (job, region->offset),
                      length, what);
}

static void
print_text (FgCliOutput *output, const FgJob *job, const FgResult *result)
{
  for (guint i = 0; i < result->regions->len; i++)
    print_region (output, job, &g_array_index (result->regions, FgRegionResult, i));
  fg_cli_boot_print (output, result->boot);
  fg_cli_output_line (output, _ ("Done in %.1f s."), result->total_seconds);
}

/* Both commands in one shape: open, check what the files alone tell, run, report. */
static gboolean
run (const FgCliOptions *options, FgCliOutput *output, FgJobKind kind, GError **error)
{
  g_autoptr (FgBundle) bundle = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgPlan) plan = NULL;
  g_autoptr (FgResult) result = NULL;
  gboolean no_board = options->dry_run && g_str_equal (options->port, "auto");

  /* a board that was named may be asked, but not one that would have to be looked for */
  bundle =
      fg_cli_bundle_open (options, output, no_board ? FG_CLI_ASK_NOBODY : FG_CLI_ASK_BOARD, error);
  job = bundle != NULL ? fg_cli_bundle_job (options, bundle, kind, error) : NULL;
  if (job != NULL)
    job->boot_check = kind == FG_JOB_FLASH && !options->no_boot_check;
  /* the board is not touched for files that cannot be right */
  plan = job != NULL ? fg_plan_new (job, NULL, error) : NULL;
  if (plan == NULL)
    return FALSE;
  if (kind == FG_JOB_FLASH && options->dry_run) {
    fg_cli_plan_report (output, bundle, plan);
    return TRUE;
  }
  if (kind == FG_JOB_FLASH && options->backup != NULL && !back_up (options, output, error))
    return FALSE;
  result = fg_cli_run (output, job, error);
  if (result == NULL)
    return FALSE;
  if (output->json)
    print_json (output, result);
  else
    print_text (output, job, result);
  return TRUE;
}

static int
run_command (const FgCliOptions *options, FgCliOutput *output, FgJobKind kind)
{
  g_autoptr (GError) error = NULL;

  return run (options, output, kind, &error)
             ? FG_CLI_EXIT_DONE
             : fg_cli_output_port_error (output, error, options->port);
}

int
fg_cli_flash (const FgCliOptions *options, FgCliOutput *output)
{
  return run_command (options, output, FG_JOB_FLASH);
}

int
fg_cli_verify (const FgCliOptions *options, FgCliOutput *output)
{
  return run_command (options, output, FG_JOB_VERIFY);
}
