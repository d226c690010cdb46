/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-run.h"

#include "fg-security-words.h"

#include <glib/gi18n.h>

static char *
flash_text (const FgBoardInfo *board)
{
  g_autofree char *size = fg_size_format (board->flash_size);

  return g_strdup_printf (
      _ ("%s, %s %s (ids %02x, %04x)"), board->flash_size != 0 ? size : _ ("unknown size"),
      board->flash_manufacturer != NULL ? board->flash_manufacturer : _ ("unknown maker"),
      board->flash_name != NULL ? board->flash_name : "", board->flash_manufacturer_id,
      board->flash_device_id);
}

static char *
features_text (const FgBoardInfo *board)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < board->features->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) board->features->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
print_text (FgCliOutput *output, const FgBoardInfo *board)
{
  g_autofree char *mac = fg_board_info_dup_mac (board);
  g_autofree char *flash = flash_text (board);
  g_autofree char *eui64 = fg_board_info_dup_eui64 (board);
  g_autofree char *conflict = fg_board_info_dup_size_conflict (board);
  g_autofree char *features = features_text (board);
  g_auto (GStrv) security = fg_security_words (&board->security);

  fg_cli_output_fact (output, _ ("Chip"), "%s",
                      board->variant != NULL ? board->variant : board->chip->name);
  if (board->revision >= 0)
    fg_cli_output_fact (output, _ ("Revision"), "%d.%d", board->revision / 100,
                        board->revision % 100);
  if (features[0] != '\0')
    fg_cli_output_fact (output, _ ("Features"), "%s", features);
  fg_cli_output_fact (output, _ ("Flash"), "%s", flash);
  if (conflict != NULL)
    fg_cli_output_fact (output, _ ("Conflict"), "%s", conflict);
  fg_cli_output_fact (output, _ ("Address"), "%s", mac != NULL ? mac : _ ("unknown"));
  if (eui64 != NULL)
    fg_cli_output_fact (output, "EUI-64", "%s", eui64);
  if (board->crystal_mhz != 0)
    fg_cli_output_fact (output, _ ("Crystal"), _ ("%u MHz"), board->crystal_mhz);
  fg_cli_output_fact (output, _ ("Recommended"), _ ("flash mode %s, %u baud"),
                      fg_flash_mode_name (board->recommended_mode), board->recommended_baud);
  for (guint i = 0; security[i] != NULL; i++)
    fg_cli_output_fact (output, _ ("Security"), "%s", security[i]);
}

int
fg_cli_detect (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgJob) job = fg_cli_job_new (options, FG_JOB_DETECT, &error);
  g_autoptr (FgResult) result = NULL;

  if (job != NULL)
    result = fg_cli_run (output, job, &error);
  if (result == NULL)
    return fg_cli_output_port_error (output, error, options->port);
  if (output->json) {
    JsonBuilder *builder = fg_cli_output_begin_result (output, TRUE);

    fg_cli_json_board (builder, result->board);
    fg_cli_json_end (builder);
  } else {
    print_text (output, result->board);
  }
  return FG_CLI_EXIT_DONE;
}
