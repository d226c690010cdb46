/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-choice.h"

#include "fg-error.h"
#include "fg-reset.h"

#include <glib/gi18n.h>
#include <string.h>

#define BAUD_MIN 300     /* bit/s; slower is a slip of the finger */
#define BAUD_MAX 5000000 /* no USB serial chip goes faster */

static gboolean
refuse (const char *option, const char *text, const char *expected, GError **error)
{
  /* Translators: the value of an option, the option, the values it takes */
  g_set_error (error, FG_ERROR, FG_ERROR_USAGE, _ ("“%s” is not a value of %s: %s"), text, option,
               expected);
  return FALSE;
}

#define CUSTOM "custom:"

/** fg_cli_parse_before: @steps: (out) (transfer full) (nullable): what follows “custom:” */
gboolean
fg_cli_parse_before (const char *text, FgBefore *value, char **steps, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "default"))
    *value = FG_BEFORE_DEFAULT;
  else if (g_str_equal (text, "none"))
    *value = FG_BEFORE_NONE;
  else if (g_str_equal (text, "usb"))
    *value = FG_BEFORE_USB;
  else if (g_str_has_prefix (text, CUSTOM)) {
    g_autoptr (FgResetSequence) sequence = fg_reset_parse (text + strlen (CUSTOM), error);

    if (sequence == NULL)
      return FALSE;
    *value = FG_BEFORE_CUSTOM;
    *steps = g_strdup (text + strlen (CUSTOM));
  } else
    return refuse ("--before", text, _ ("choose default, none, usb or custom:STEPS"), error);
  return TRUE;
}

gboolean
fg_cli_parse_after (const char *text, FgAfter *value, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "reset"))
    *value = FG_AFTER_RESET;
  else if (g_str_equal (text, "stay"))
    *value = FG_AFTER_STAY;
  else
    return refuse ("--after", text, _ ("choose reset or stay"), error);
  return TRUE;
}

gboolean
fg_cli_parse_mode (const char *text, FgFlashMode *value, GError **error)
{
  if (text == NULL || fg_flash_mode_parse (text, value))
    return TRUE;
  return refuse ("--mode", text, _ ("choose auto, keep, qio, qout, dio or dout"), error);
}

/**
 * fg_cli_parse_freq:
 * @text: (nullable): "keep", "40", "40m" or "40MHz"
 * @mhz: (inout): %FG_FLASH_FREQ_KEEP or MHz
 *
 * Whether the chip has this frequency is the plan's question.
 */
gboolean
fg_cli_parse_freq (const char *text, guint *mhz, GError **error)
{
  guint64 number;
  char *end;

  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "keep")) {
    *mhz = FG_FLASH_FREQ_KEEP;
    return TRUE;
  }
  number = g_ascii_isdigit (text[0]) ? g_ascii_strtoull (text, &end, 10) : 0;
  if (number == 0 || number > 1000
      || (*end != '\0' && g_ascii_strcasecmp (end, "m") != 0
          && g_ascii_strcasecmp (end, "MHz") != 0))
    return refuse ("--freq", text, _ ("choose keep, or MHz such as 40 or 80"), error);
  *mhz = number;
  return TRUE;
}

gboolean
fg_cli_parse_flash_size (const char *text, guint32 *bytes, GError **error)
{
  guint32 number;

  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "auto"))
    *bytes = FG_FLASH_SIZE_AUTO;
  else if (g_str_equal (text, "keep"))
    *bytes = FG_FLASH_SIZE_KEEP;
  else if (fg_size_parse (text, &number, NULL) && number > 0 && number < FG_FLASH_SIZE_KEEP)
    *bytes = number;
  else
    return refuse ("--size", text, _ ("choose auto, keep, or a size such as 512K or 4M"), error);
  return TRUE;
}

gboolean
fg_cli_parse_format (const char *text, FgCliFormat *value, GError **error)
{
  static const char *const names[] = {
    [FG_CLI_FORMAT_RAW] = "raw",
    [FG_CLI_FORMAT_HEX] = "hex",
    [FG_CLI_FORMAT_UF2] = "uf2",
  };

  if (text == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i])) {
      *value = (FgCliFormat) i;
      return TRUE;
    }
  return refuse ("--format", text, _ ("choose raw, hex or uf2"), error);
}

gboolean
fg_cli_parse_baud (int number, guint *baud, GError **error)
{
  if (number < BAUD_MIN || number > BAUD_MAX) {
    g_autofree char *text = g_strdup_printf ("%d", number);

    return refuse ("--baud", text, _ ("choose a rate such as 115200, 460800 or 921600"), error);
  }
  *baud = number;
  return TRUE;
}
