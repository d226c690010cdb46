/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-run.h"
#include "fg-error.h"
#include "fg-firmware-file.h"

#include <glib/gi18n.h>

static gboolean
parse_region (const char *offset, const char *length, FgJob *job, GError **error)
{
  if (!fg_size_parse (offset, &job->offset, error) || !fg_size_parse (length, &job->length, error))
    return FALSE;
  if (job->length > 0) /* 0 stands for all in a job, and for a slip here */
    return TRUE;
  g_set_error_literal (error, FG_ERROR, FG_ERROR_RANGE, _ ("A length of 0 is nothing to do"));
  return FALSE;
}

static void
print_json (FgCliOutput *output, const FgJob *job, const FgResult *result, const char *file)
{
  JsonBuilder *builder = fg_cli_output_begin_result (output, TRUE);
  gint64 length = job->length;

  if (result->bytes != NULL)
    length = g_bytes_get_size (result->bytes);
  else if (length == 0 && result->board != NULL)
    length = result->board->flash_size;
  fg_cli_json_int (builder, "offset", job->offset);
  fg_cli_json_known (builder, "length", length, 0);
  if (file != NULL)
    fg_cli_json_string (builder, "file", file);
  fg_cli_json_work (builder, result);
  fg_cli_json_end (builder);
}

static FgJob *
erase_job_new (const FgCliOptions *options, GError **error)
{
  g_autoptr (FgJob) job = fg_cli_job_new (options, FG_JOB_ERASE, error);

  if (job == NULL)
    return NULL;
  if (options->args[0] == NULL)
    return g_steal_pointer (&job);
  if (options->args[1] == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
                 _ ("“erase %s” lacks a LENGTH; “erase” alone erases the whole flash"),
                 options->args[0]);
    return NULL;
  }
  if (!parse_region (options->args[0], options->args[1], job, error))
    return NULL;
  if (job->offset % FG_SECTOR_SIZE == 0 && job->length % FG_SECTOR_SIZE == 0)
    return g_steal_pointer (&job);
  g_set_error (error, FG_ERROR, FG_ERROR_RANGE,
               _ ("Offset 0x%x and length 0x%x are not both multiples of the sector size, 0x%x"),
               job->offset, job->length, FG_SECTOR_SIZE);
  return NULL;
}

int
fg_cli_erase (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgJob) job = erase_job_new (options, &error);
  g_autoptr (FgResult) result = NULL;

  if (job != NULL)
    result = fg_cli_run (output, job, &error);
  if (result == NULL)
    return fg_cli_output_port_error (output, error, options->port);
  if (output->json) {
    print_json (output, job, result, NULL);
  } else {
    g_autofree char *length = fg_size_format (job->length);

    if (job->length == 0)
      fg_cli_output_line (output, _ ("The whole flash is erased."));
    else
      fg_cli_output_line (output, _ ("Erased %s at 0x%05x."), length, job->offset);
  }
  return FG_CLI_EXIT_DONE;
}

/* Nobody waits minutes for a read only to hear that the folder does not exist. */
static gboolean
check_target (const char *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *name = g_filename_display_name (file);

  if (g_file_test (file, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, _ ("%s is a folder and not a file"), name);
    return FALSE;
  }
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, _ ("%s: there is no such folder"), name);
    return FALSE;
  }
  return TRUE;
}

static FgJob *
read_job_new (const FgCliOptions *options, GError **error)
{
  g_autoptr (FgJob) job = fg_cli_job_new (options, FG_JOB_READ, error);
  const char *length = options->args[1];

  if (job == NULL)
    return NULL;
  if (g_str_equal (length, "all")) {
    if (!fg_size_parse (options->args[0], &job->offset, error))
      return NULL;
  } else if (!parse_region (options->args[0], length, job, error)) {
    return NULL;
  }
  return check_target (options->args[2], error) ? g_steal_pointer (&job) : NULL;
}

int
fg_cli_read (const FgCliOptions *options, FgCliOutput *output)
{
  const char *file = options->args[2];
  g_autoptr (GError) error = NULL;
  g_autoptr (FgJob) job = read_job_new (options, &error);
  g_autoptr (FgResult) result = NULL;

  if (job != NULL)
    result = fg_cli_run (output, job, &error);
  if (result == NULL || !fg_firmware_save (file, result->bytes, &error))
    return fg_cli_output_port_error (output, error, options->port);
  if (output->json) {
    print_json (output, job, result, file);
  } else {
    g_autofree char *length = fg_size_format (g_bytes_get_size (result->bytes));
    g_autofree char *name = g_filename_display_name (file);

    fg_cli_output_line (output, _ ("Read %s to %s in %.1f s."), length, name,
                        result->total_seconds);
  }
  return FG_CLI_EXIT_DONE;
}
