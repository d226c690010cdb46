/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"
#include "fg-error.h"
#include "fg-firmware-file.h"
#include "fg-image.h"
#include "fg-nodemcu.h"

#include <glib/gi18n.h>

static const char *const kind_words[] = {
  [FG_IMAGE_DATA] = N_ ("data; no firmware that is recognised"),
  [FG_IMAGE_BLANK] = N_ ("blank (all FF)"),
  [FG_IMAGE_TEXT] = N_ ("text"),
  [FG_IMAGE_ESP8266_V1] = N_ ("ESP8266 firmware"),
  [FG_IMAGE_ESP8266_V2] = N_ ("ESP8266 firmware, second kind (OTA, rboot)"),
  [FG_IMAGE_ESP32] = N_ ("ESP32 firmware"),
};

/* What the header says; 0 and NULL where the chip's table has no such value. */
typedef struct {
  const char *mode;
  guint freq_mhz;
  guint32 flash_size;
} Header;

static gboolean
read_header (const FgImageInfo *info, Header *header)
{
  *header = (Header){ 0 };
  if (info->chip == NULL)
    return FALSE;
  if (info->mode <= FG_FLASH_MODE_DOUT)
    header->mode = fg_flash_mode_name (info->mode);
  header->freq_mhz = fg_flash_freq_from_nibble (info->chip, info->size_freq & 0x0f);
  header->flash_size = fg_flash_size_from_nibble (info->chip, info->size_freq >> 4);
  return TRUE;
}

static void
add_segments (JsonBuilder *builder, const GArray *segments)
{
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (segments, FgImageSegment, i);

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "address", segment->address);
    fg_cli_json_int (builder, "offset", segment->offset);
    fg_cli_json_int (builder, "length", segment->length);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_nodemcu (JsonBuilder *builder, const FgNodemcuInfo *nodemcu)
{
  g_auto (GStrv) modules = NULL;

  if (nodemcu == NULL) {
    fg_cli_json_string (builder, "nodemcu", NULL);
    return;
  }
  json_builder_set_member_name (builder, "nodemcu");
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "version", nodemcu->version);
  fg_cli_json_string (builder, "branch", nodemcu->branch);
  fg_cli_json_string (builder, "built", nodemcu->built);
  json_builder_set_member_name (builder, "modules");
  json_builder_begin_array (builder);
  modules = g_strsplit (nodemcu->modules != NULL ? nodemcu->modules : "", ",", -1);
  for (char **module = modules; *module != NULL; module++)
    json_builder_add_string_value (builder, *module);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_file (JsonBuilder *builder,
          const char *file,
          const FgImageInfo *info,
          const FgNodemcuInfo *nodemcu)
{
  gboolean checked;
  Header header;

  checked = read_header (info, &header) && !info->truncated;
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "file", file);
  fg_cli_json_string (builder, "kind", fg_image_kind_name (info->kind));
  fg_cli_json_int (builder, "length", info->length);
  fg_cli_json_string (builder, "chip", info->chip != NULL ? info->chip->name : NULL);
  fg_cli_json_string (builder, "mode", header.mode);
  fg_cli_json_known (builder, "freq_mhz", header.freq_mhz, 0);
  fg_cli_json_known (builder, "flash_size", header.flash_size, 0);
  fg_cli_json_known (builder, "entry", info->chip != NULL ? (gint64) info->entry : -1, -1);
  add_segments (builder, info->segments);
  fg_cli_json_known (builder, "checksum", checked ? info->checksum_stored : -1, -1);
  json_builder_set_member_name (builder, "checksum_ok");
  if (checked)
    json_builder_add_boolean_value (builder, info->checksum_ok);
  else
    json_builder_add_null_value (builder);
  fg_cli_json_string (builder, "title", info->title);
  fg_cli_json_string (builder, "details", info->details);
  add_nodemcu (builder, nodemcu);
  fg_cli_json_string (builder, "problem", info->problem);
  json_builder_end_object (builder);
}

static void
print_header (FgCliOutput *output, const FgImageInfo *info)
{
  g_autofree char *size = NULL;
  g_autofree char *freq = NULL;
  Header header;

  if (!read_header (info, &header))
    return;
  fg_cli_output_fact (output, _ ("Chip"), "%s", info->chip->name);
  if (header.freq_mhz != 0)
    freq = g_strdup_printf (_ ("%u MHz"), header.freq_mhz);
  if (header.flash_size != 0)
    size = fg_size_format (header.flash_size);
  fg_cli_output_fact (output, _ ("Made for"), _ ("flash mode %s, %s, %s"),
                      header.mode != NULL ? header.mode : _ ("unknown"),
                      freq != NULL ? freq : _ ("unknown frequency"),
                      size != NULL ? size : _ ("unknown size"));
  fg_cli_output_fact (output, _ ("Entry"), "0x%08x", info->entry);
  for (guint i = 0; i < info->segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (info->segments, FgImageSegment, i);

    fg_cli_output_fact (output, i == 0 ? _ ("Segments") : "",
                        _ ("%6u bytes at 0x%08x, in the file at 0x%05x"), segment->length,
                        segment->address, segment->offset);
  }
  if (!info->truncated)
    fg_cli_output_fact (output, _ ("Checksum"),
                        info->checksum_ok ? _ ("0x%02x, correct") : _ ("0x%02x, wrong"),
                        info->checksum_stored);
}

static void
print_text (FgCliOutput *output,
            const char *file,
            const FgImageInfo *info,
            const FgNodemcuInfo *nodemcu)
{
  g_autofree char *size = fg_size_format (info->length);

  fg_cli_output_line (output, "%s", file);
  fg_cli_output_fact (output, _ ("Kind"), "%s", _ (kind_words[info->kind]));
  if (info->title != NULL)
    fg_cli_output_fact (output, _ ("Firmware"), "%s%s%s", info->title,
                        info->details != NULL ? " · " : "",
                        info->details != NULL ? info->details : "");
  if (nodemcu != NULL && nodemcu->branch != NULL)
    fg_cli_output_fact (output, _ ("Branch"), "%s", nodemcu->branch);
  if (nodemcu != NULL && nodemcu->modules != NULL)
    fg_cli_output_fact (output, _ ("Modules"), "%s", nodemcu->modules);
  fg_cli_output_fact (output, _ ("Length"), "%s", size);
  print_header (output, info);
}

/* Returns: the exit status for this file */
static int
inspect (const char *file, FgCliOutput *output, JsonBuilder *files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgFirmware) firmware = fg_firmware_load (file, &error);
  g_autofree char *name = g_filename_display_name (file);
  g_autoptr (FgImageInfo) info = NULL;
  g_autoptr (FgNodemcuInfo) nodemcu = NULL;
  const guint8 *data;
  gsize length;

  if (firmware == NULL)
    return fg_cli_output_port_error (output, error, NULL);
  info = fg_image_inspect (firmware->bytes);
  data = g_bytes_get_data (firmware->bytes, &length);
  nodemcu = fg_nodemcu_find (data, length);
  if (files != NULL)
    add_file (files, name, info, nodemcu);
  else
    print_text (output, name, info, nodemcu);
  if (info->problem == NULL)
    return FG_CLI_EXIT_DONE;
  g_set_error (&error, FG_ERROR, FG_ERROR_FILE_KIND, "%s: %s", name, info->problem);
  return fg_cli_output_port_error (output, error, NULL);
}

int
fg_cli_inspect (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (JsonBuilder) files = NULL;
  int status = FG_CLI_EXIT_DONE;

  if (output->json) {
    files = json_builder_new_immutable ();
    json_builder_begin_array (files);
  }
  for (char **file = options->args; *file != NULL; file++) {
    int one = inspect (*file, output, files);

    status = MAX (status, one);
  }
  if (files != NULL) {
    JsonBuilder *builder = fg_cli_output_begin_result (output, status == FG_CLI_EXIT_DONE);

    json_builder_end_array (files);
    json_builder_set_member_name (builder, "files");
    json_builder_add_value (builder, json_builder_get_root (files));
    fg_cli_json_end (builder);
  }
  return status;
}
