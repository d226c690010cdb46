/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"
#include "fg-cli-content.h"
#include "fg-error.h"
#include "fg-firmware-file.h"
#include "fg-inspect.h"
#include "fg-placement.h"

#include <glib/gi18n.h>

/* One file of the command line. */
typedef struct {
  char *name;           /* (owned) as it was given */
  FgFirmware *firmware; /* (owned) (nullable) */
  FgContent *content;   /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) why it could not be read */
} File;

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->name);
  g_clear_pointer (&file->firmware, fg_firmware_free);
  g_clear_pointer (&file->content, fg_content_free);
  g_clear_error (&file->error);
  g_free (file);
}

static File *
file_new (const char *what)
{
  File *file = g_new0 (File, 1);

  file->name = g_filename_display_name (what);
  file->firmware = fg_firmware_load (what, &file->error);
  if (file->firmware != NULL)
    file->content = fg_inspect (file->firmware->bytes);
  return file;
}

static void
add_json (JsonBuilder *builder, const File *file, const FgPlaceHints *hints)
{
  guint32 offset = 0;
  gboolean placed = fg_place_find (file->content, hints, &offset);

  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "file", file->name);
  fg_cli_json_content (builder, file->content);
  fg_cli_json_known (builder, "offset", placed ? (gint64) offset : -1, -1);
  json_builder_end_object (builder);
}

static void
print_text (FgCliOutput *output, const File *file, const FgPlaceHints *hints)
{
  guint32 offset;

  fg_cli_output_line (output, "%s", file->name);
  fg_cli_print_content (output, file->content);
  if (fg_place_find (file->content, hints, &offset))
    fg_cli_output_fact (output, _ ("Goes to"), "0x%05x", offset);
}

/* Returns: the exit status for this file */
static int
report (FgCliOutput *output, File *file)
{
  const FgFinding *worst;

  if (file->error != NULL)
    return fg_cli_output_port_error (output, file->error, NULL);
  worst = fg_findings_worst (file->content->findings);
  if (worst == NULL || worst->severity != FG_SEVERITY_ERROR)
    return FG_CLI_EXIT_DONE;
  g_set_error (&file->error, FG_ERROR, FG_ERROR_FILE_KIND, "%s: %s", file->name, worst->message);
  return fg_cli_output_port_error (output, file->error, NULL);
}

int
fg_cli_inspect (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);
  g_autoptr (JsonBuilder) list = json_builder_new_immutable ();
  FgPlaceHints hints = { 0 }; /* files that are given together go together */
  int status = FG_CLI_EXIT_DONE;

  for (char **what = options->args; *what != NULL; what++) {
    File *file = file_new (*what);

    g_ptr_array_add (files, file);
    if (file->content != NULL)
      fg_place_hints_learn (&hints, file->content);
  }
  json_builder_begin_array (list);
  for (guint i = 0; i < files->len; i++) {
    File *file = files->pdata[i];
    int one;

    if (file->content != NULL && output->json)
      add_json (list, file, &hints);
    else if (file->content != NULL)
      print_text (output, file, &hints);
    one = report (output, file);
    status = MAX (status, one);
  }
  json_builder_end_array (list);
  if (output->json) {
    JsonBuilder *builder = fg_cli_output_begin_result (output, status == FG_CLI_EXIT_DONE);

    json_builder_set_member_name (builder, "files");
    json_builder_add_value (builder, json_builder_get_root (list));
    fg_cli_json_end (builder);
  }
  return status;
}
