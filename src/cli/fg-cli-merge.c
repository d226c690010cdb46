/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-bundle.h"
#include "fg-error.h"
#include "fg-firmware-file.h"
#include "fg-intel-hex.h"
#include "fg-plan.h"
#include "fg-uf2.h"

#include <glib/gi18n.h>
#include <string.h>

static guint32
region_end (const FgPlanRegion *region)
{
  return region->offset + region->length;
}

/* What the firmware's own header says, where the chip looks for it. */
static guint32
header_size (const FgBundle *bundle)
{
  for (guint i = 0; i < bundle->items->len; i++) {
    const FgBundleItem *item = bundle->items->pdata[i];
    const FgImageInfo *image = item->content->image;

    if (fg_content_has_header (item->content) && image->chip != NULL
        && (item->firmware->offset == image->chip->boot_offset
            || item->content->kind == FG_CONTENT_MERGED))
      return fg_flash_size_from_nibble (image->chip, image->size_freq >> 4);
  }
  return 0;
}

/* Returns: where the file ends; 0 with @error set */
static guint32
find_end (const FgCliOptions *options, const FgBundle *bundle, const FgPlan *plan, GError **error)
{
  guint32 end = region_end (plan->regions->pdata[plan->regions->len - 1]);
  guint32 size = options->flash_size;

  if (!options->pad)
    return end;
  if (size == FG_FLASH_SIZE_AUTO || size == FG_FLASH_SIZE_KEEP)
    size = header_size (bundle);
  if (size == 0) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE,
                         _ ("--pad needs the size of the flash: write --size 4M"));
    return 0;
  }
  if (size < end) {
    g_autofree char *text = fg_size_format (size);

    g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
                 _ ("The firmware ends at 0x%X and the flash has %s"), end, text);
    return 0;
  }
  return size;
}

static GByteArray *
make_raw (const FgPlan *plan, guint32 end)
{
  GByteArray *file = g_byte_array_sized_new (end);

  g_byte_array_set_size (file, end);
  memset (file->data, 0xff, end);
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];

    memcpy (file->data + region->offset, g_bytes_get_data (region->bytes, NULL), region->length);
  }
  return file;
}

/* One piece for each region, or one for all of a padded flash. */
static GByteArray *
make_addressed (const FgCliOptions *options,
                const FgBundle *bundle,
                const FgPlan *plan,
                guint32 end)
{
  const FgChip *chip = bundle->chip != NULL ? bundle->chip : fg_chip_get (FG_CHIP_ESP8266);
  g_autoptr (GByteArray) whole = options->pad ? make_raw (plan, end) : NULL;
  GByteArray *uf2 = g_byte_array_new ();
  g_autoptr (GString) hex = g_string_new (NULL);

  for (guint i = 0; i < (options->pad ? 1 : plan->regions->len); i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    const guint8 *data = whole != NULL ? whole->data : g_bytes_get_data (region->bytes, NULL);
    guint32 offset = whole != NULL ? 0 : region->offset;
    guint32 length = whole != NULL ? end : region->length;

    if (options->format == FG_CLI_FORMAT_HEX)
      fg_intel_hex_write (hex, offset, data, length);
    else
      fg_uf2_write (uf2, chip, offset, data, length);
  }
  if (options->format == FG_CLI_FORMAT_HEX) {
    fg_intel_hex_end (hex);
    g_byte_array_append (uf2, (const guint8 *) hex->str, (guint) hex->len);
  }
  return uf2;
}

static void
report (const FgCliOptions *options, FgCliOutput *output, const FgPlan *plan, gsize size)
{
  g_autofree char *text = fg_size_format (size);
  g_autofree char *name = g_filename_display_name (options->output);
  JsonBuilder *builder;

  for (guint i = 0; i < plan->warnings->len; i++)
    fg_cli_output_log (output, FG_LOG_WARNING, plan->warnings->pdata[i]);
  if (!output->json) {
    for (guint i = 0; i < plan->regions->len; i++) {
      const FgPlanRegion *region = plan->regions->pdata[i];

      fg_cli_output_line (output, "0x%05x  %s", region->offset, region->name);
    }
    fg_cli_output_line (output, _ ("Wrote %s, %s."), name, text);
    return;
  }
  builder = fg_cli_output_begin_result (output, TRUE);
  fg_cli_json_string (builder, "file", name);
  fg_cli_json_int (builder, "size", (gint64) size);
  json_builder_set_member_name (builder, "regions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "offset", region->offset);
    fg_cli_json_int (builder, "length", region->length);
    fg_cli_json_string (builder, "name", region->name);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  fg_cli_json_end (builder);
}

static gboolean
merge (const FgCliOptions *options, FgCliOutput *output, GError **error)
{
  g_autoptr (FgBundle) bundle = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgPlan) plan = NULL;
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint32 end;

  if (options->output == NULL) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE, _ ("“merge” needs --output FILE"));
    return FALSE;
  }
  bundle = fg_cli_bundle_open (options, output, FG_CLI_ASK_NOBODY, error);
  if (bundle == NULL)
    return FALSE;
  job = fg_cli_bundle_job (options, bundle, FG_JOB_FLASH, error);
  plan = job != NULL ? fg_plan_new (job, NULL, error) : NULL;
  end = plan != NULL ? find_end (options, bundle, plan, error) : 0;
  if (end == 0)
    return FALSE;
  file = options->format == FG_CLI_FORMAT_RAW ? make_raw (plan, end)
                                              : make_addressed (options, bundle, plan, end);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  if (!fg_firmware_save (options->output, bytes, error))
    return FALSE;
  report (options, output, plan, g_bytes_get_size (bytes));
  return TRUE;
}

int
fg_cli_merge (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (GError) error = NULL;

  return merge (options, output, &error) ? FG_CLI_EXIT_DONE
                                         : fg_cli_output_port_error (output, error, NULL);
}
