/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-json.h"

#include <math.h>
#include <stdio.h>

/**
 * fg_cli_json_begin:
 * @event: "progress", "log", "result" or "error"
 *
 * Returns: (transfer full): an open object; fg_cli_json_end() prints and frees it
 */
JsonBuilder *
fg_cli_json_begin (const char *event)
{
  JsonBuilder *builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "event", event);
  return builder;
}

/**
 * fg_cli_json_end:
 * @builder: (transfer full)
 *
 * The line is flushed, because the reader acts on it now.
 */
void
fg_cli_json_end (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  line = json_generator_to_data (generator, NULL);
  puts (line); /* UTF-8 whatever the locale is */
  fflush (stdout);
  g_object_unref (builder);
}

/** fg_cli_json_string: @value: (nullable): any bytes; what is not UTF-8 is replaced */
void
fg_cli_json_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value == NULL) {
    json_builder_add_null_value (builder);
  } else {
    g_autofree char *valid = g_utf8_make_valid (value, -1);

    json_builder_add_string_value (builder, valid);
  }
}

void
fg_cli_json_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/** fg_cli_json_known: @unknown: the value that stands for “not known” and is printed as null */
void
fg_cli_json_known (JsonBuilder *builder, const char *name, gint64 value, gint64 unknown)
{
  if (value == unknown)
    fg_cli_json_string (builder, name, NULL);
  else
    fg_cli_json_int (builder, name, value);
}

void
fg_cli_json_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/** fg_cli_json_seconds: @value: to the millisecond; negative: not known */
void
fg_cli_json_seconds (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (value < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, round (value * 1000) / 1000);
}

static void
add_flash (JsonBuilder *builder, const FgBoardInfo *board)
{
  gint64 unknown = board->flash_id == 0 || board->flash_id == 0xffffff ? 0 : -1;

  json_builder_set_member_name (builder, "flash");
  json_builder_begin_object (builder);
  fg_cli_json_known (builder, "manufacturer_id", unknown == 0 ? 0 : board->flash_manufacturer_id,
                     unknown);
  fg_cli_json_known (builder, "device_id", unknown == 0 ? 0 : board->flash_device_id, unknown);
  fg_cli_json_string (builder, "manufacturer", board->flash_manufacturer);
  fg_cli_json_string (builder, "name", board->flash_name);
  fg_cli_json_known (builder, "size", board->flash_size, 0);
  fg_cli_json_known (builder, "embedded_size", board->embedded_size, 0);
  json_builder_end_object (builder);
}

static void
add_security (JsonBuilder *builder, const FgBoardInfo *board)
{
  const FgSecurity *security = &board->security;

  json_builder_set_member_name (builder, "security");
  json_builder_begin_object (builder);
  if (security->known) {
    fg_cli_json_bool (builder, "secure_boot", security->secure_boot);
    fg_cli_json_bool (builder, "flash_encryption", security->flash_encryption);
  }
  if (security->known && board->chip->id != FG_CHIP_ESP8266) { /* it has nothing of the kind */
    fg_cli_json_bool (builder, "secure_download", security->secure_download);
    fg_cli_json_bool (builder, "jtag_disabled", security->jtag_disabled);
    fg_cli_json_bool (builder, "usb_disabled", security->usb_disabled);
  }
  json_builder_end_object (builder);
}

/** fg_cli_json_board: the members that `detect` promises */
void
fg_cli_json_board (JsonBuilder *builder, const FgBoardInfo *board)
{
  g_autofree char *mac = fg_board_info_dup_mac (board);
  g_autofree char *eui64 = fg_board_info_dup_eui64 (board);

  fg_cli_json_string (builder, "chip", board->chip->name);
  fg_cli_json_string (builder, "variant", board->variant);
  fg_cli_json_known (builder, "revision", board->revision, -1);
  json_builder_set_member_name (builder, "features");
  json_builder_begin_array (builder);
  for (guint i = 0; i < board->features->len; i++)
    json_builder_add_string_value (builder, board->features->pdata[i]);
  json_builder_end_array (builder);
  fg_cli_json_string (builder, "mac", mac);
  if (eui64 != NULL)
    fg_cli_json_string (builder, "eui64", eui64);
  fg_cli_json_known (builder, "crystal_mhz", board->crystal_mhz, 0);
  add_flash (builder, board);
  if (board->embedded_psram)
    fg_cli_json_known (builder, "psram_size", board->psram_size, 0);
  add_security (builder, board);
  fg_cli_json_string (builder, "loader", "rom");
  json_builder_set_member_name (builder, "recommended");
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "mode", fg_flash_mode_name (board->recommended_mode));
  fg_cli_json_known (builder, "baud", board->recommended_baud, 0);
  json_builder_end_object (builder);
}

/** fg_cli_json_work: what it took: `seconds` of each phase that ran, `bytes_on_wire`,
 * `loader`, `baud` */
void
fg_cli_json_work (JsonBuilder *builder, const FgResult *result)
{
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  for (int phase = FG_PHASE_CONNECT; phase < FG_N_PHASES; phase++)
    if (result->seconds[phase] > 0)
      fg_cli_json_seconds (builder, fg_phase_name (phase), result->seconds[phase]);
  fg_cli_json_seconds (builder, "total", result->total_seconds);
  json_builder_end_object (builder);
  fg_cli_json_int (builder, "bytes_on_wire", result->bytes_on_wire);
  fg_cli_json_string (builder, "loader", result->loader);
  fg_cli_json_known (builder, "baud", result->baud, 0);
}
