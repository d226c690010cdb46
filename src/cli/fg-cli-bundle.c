/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-bundle.h"

#include "fg-cli-run.h"
#include "fg-error.h"

#include <glib/gi18n.h>

static guint32
size_option (const FgCliOptions *options)
{
  return options->flash_size != FG_FLASH_SIZE_AUTO && options->flash_size != FG_FLASH_SIZE_KEEP
             ? options->flash_size
             : 0;
}

/* For a job that follows the board stays in its loader. */
static gboolean
ask_board (const FgCliOptions *options, FgCliOutput *output, FgBundleBoard *board, GError **error)
{
  g_autoptr (FgJob) job = fg_cli_job_new (options, FG_JOB_DETECT, error);
  g_autoptr (FgResult) result = NULL;

  if (job == NULL)
    return FALSE;
  if (!options->dry_run)
    job->after = FG_AFTER_STAY;
  result = fg_cli_run (output, job, error);
  if (result == NULL)
    return FALSE;
  board->chip = result->board->chip;
  if (board->flash_size == 0)
    board->flash_size = result->board->flash_size;
  return TRUE;
}

static gboolean
refuse_open (const FgBundle *bundle, GError **error)
{
  if (!bundle->needs_chip)
    return TRUE;
  g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE,
                       _ ("The list has firmware for several chips, and without a board it is not "
                          "known which to take: give the files themselves"));
  return FALSE;
}

/**
 * fg_cli_bundle_open:
 * @ask: whether a board may be asked
 *
 * Returns: (transfer full): every piece, placed; %NULL with an error of fg_bundle_open() or
 *   fg_bundle_check_placed(), or one of the board's
 */
FgBundle *
fg_cli_bundle_open (const FgCliOptions *options, FgCliOutput *output, FgCliAsk ask, GError **error)
{
  const char *const *whats = (const char *const *) options->args;
  FgBundleBoard board = { .flash_size = size_option (options) };
  g_autoptr (FgBundle) bundle = fg_bundle_open (whats, &board, error);

  if (bundle == NULL)
    return NULL;
  if (ask == FG_CLI_ASK_BOARD && (bundle->needs_chip || bundle->needs_flash_size)) {
    if (!ask_board (options, output, &board, error))
      return NULL;
    g_clear_pointer (&bundle, fg_bundle_free);
    bundle = fg_bundle_open (whats, &board, error);
    if (bundle == NULL)
      return NULL;
  }
  if (!refuse_open (bundle, error) || !fg_bundle_check_placed (bundle, error))
    return NULL;
  return g_steal_pointer (&bundle);
}

/**
 * fg_cli_bundle_job:
 *
 * Returns: (transfer full): %NULL with an error of fg_cli_job_new() set
 */
FgJob *
fg_cli_bundle_job (const FgCliOptions *options,
                   const FgBundle *bundle,
                   FgJobKind kind,
                   GError **error)
{
  FgJob *job = fg_cli_job_new (options, kind, error);

  if (job == NULL)
    return NULL;
  job->mode = options->mode;
  job->freq_mhz = options->freq_mhz;
  job->flash_size = options->flash_size;
  job->erase_all = options->erase;
  job->write_all = options->all;
  job->verify = !options->no_verify;
  for (guint i = 0; i < bundle->items->len; i++) {
    const FgFirmware *firmware = ((FgBundleItem *) bundle->items->pdata[i])->firmware;

    fg_job_add_firmware (job, firmware->name, firmware->offset, firmware->bytes);
  }
  return job;
}
