/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-bundle.h"
#include "fg-cli-command.h"
#include "fg-cli-content.h"
#include "fg-error.h"

#include <glib/gi18n.h>

/* One argument: a file, or all that is in a list or an archive. */
typedef struct {
  GPtrArray *bundles; /* (owned) (element-type FgBundle) one, or one for each chip of a list */
  GError *error;      /* (owned) (nullable) why it could not be read */
} Argument;

static void
argument_free (gpointer data)
{
  Argument *self = data;

  g_ptr_array_unref (self->bundles);
  g_clear_error (&self->error);
  g_free (self);
}

/* A list for several chips: each that it has something for. */
static void
open_each_chip (Argument *self, const char *const *whats)
{
  for (int id = 0; id < FG_N_CHIPS; id++) {
    FgBundleBoard board = { .chip = fg_chip_get (id) };
    g_autoptr (GError) error = NULL;
    FgBundle *bundle = fg_bundle_open (whats, &board, &error);

    if (bundle != NULL)
      g_ptr_array_add (self->bundles, bundle);
    else if (!g_error_matches (error, FG_ERROR, FG_ERROR_WRONG_CHIP) && self->error == NULL)
      self->error = g_steal_pointer (&error);
  }
}

static Argument *
argument_new (const char *what)
{
  Argument *self = g_new0 (Argument, 1);
  const char *const whats[] = { what, NULL };
  g_autoptr (FgBundle) bundle = fg_bundle_open (whats, NULL, &self->error);

  self->bundles = g_ptr_array_new_with_free_func ((GDestroyNotify) fg_bundle_free);
  if (bundle != NULL && bundle->needs_chip)
    open_each_chip (self, whats);
  else if (bundle != NULL)
    g_ptr_array_add (self->bundles, g_steal_pointer (&bundle));
  return self;
}

static void
learn (FgPlaceHints *hints, const Argument *argument)
{
  for (guint i = 0; i < argument->bundles->len; i++) {
    const FgBundle *bundle = argument->bundles->pdata[i];

    for (guint k = 0; k < bundle->items->len; k++)
      fg_place_hints_learn (hints, ((FgBundleItem *) bundle->items->pdata[k])->content);
  }
}

/* Returns: the offset; -1: not known */
static gint64
find_place (const FgBundleItem *item, const FgPlaceHints *hints)
{
  guint32 offset = item->firmware->offset;

  if (item->placed == FG_BUNDLE_UNPLACED || item->placed == FG_BUNDLE_BY_CONTENT)
    return fg_place_find (item->content, hints, &offset) ? (gint64) offset : -1;
  return (gint64) offset;
}

static void
add_json (JsonBuilder *builder, const FgBundleItem *item, gint64 offset)
{
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "file", item->source);
  fg_cli_json_content (builder, item->content);
  fg_cli_json_known (builder, "offset", offset, -1);
  json_builder_end_object (builder);
}

static void
print_text (FgCliOutput *output, const FgBundleItem *item, gint64 offset)
{
  fg_cli_output_line (output, "%s", item->source);
  fg_cli_print_content (output, item->content);
  if (offset >= 0)
    fg_cli_output_fact (output, _ ("Goes to"), "0x%05x", (guint) offset);
}

/* Returns: the exit status for this piece */
static int
report (FgCliOutput *output, JsonBuilder *list, const FgBundleItem *item, const FgPlaceHints *hints)
{
  const FgFinding *worst = fg_findings_worst (item->content->findings);
  g_autoptr (GError) error = NULL;

  if (output->json)
    add_json (list, item, find_place (item, hints));
  else
    print_text (output, item, find_place (item, hints));
  if (worst == NULL || worst->severity != FG_SEVERITY_ERROR)
    return FG_CLI_EXIT_DONE;
  g_set_error (&error, FG_ERROR, FG_ERROR_FILE_KIND, "%s: %s", item->source, worst->message);
  return fg_cli_output_port_error (output, error, NULL);
}

static int
report_argument (FgCliOutput *output,
                 JsonBuilder *list,
                 const Argument *argument,
                 const FgPlaceHints *hints)
{
  int status = FG_CLI_EXIT_DONE;

  for (guint i = 0; i < argument->bundles->len; i++) {
    const FgBundle *bundle = argument->bundles->pdata[i];

    for (guint k = 0; k < bundle->items->len; k++) {
      int one = report (output, list, bundle->items->pdata[k], hints);

      status = MAX (status, one);
    }
  }
  if (argument->error == NULL)
    return status;
  return fg_cli_output_port_error (output, argument->error, NULL);
}

int
fg_cli_inspect (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (argument_free);
  g_autoptr (JsonBuilder) list = json_builder_new_immutable ();
  FgPlaceHints hints = { 0 }; /* files that are given together go together */
  int status = FG_CLI_EXIT_DONE;

  for (char **what = options->args; *what != NULL; what++) {
    Argument *argument = argument_new (*what);

    g_ptr_array_add (arguments, argument);
    learn (&hints, argument);
  }
  json_builder_begin_array (list);
  for (guint i = 0; i < arguments->len; i++) {
    int one = report_argument (output, list, arguments->pdata[i], &hints);

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
