/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-format.h"

#include "fg-error.h"

#define KIB 1024u
#define MIB (1024u * 1024u)

static const char *const mode_names[] = {
  [FG_FLASH_MODE_QIO] = "qio",   [FG_FLASH_MODE_QOUT] = "qout", [FG_FLASH_MODE_DIO] = "dio",
  [FG_FLASH_MODE_DOUT] = "dout", [FG_FLASH_MODE_AUTO] = "auto", [FG_FLASH_MODE_KEEP] = "keep",
};

/* High nibble of header byte 3: esptool targets/esp8266.py and loader.py, FLASH_SIZES. Index 5 and
 * 6 of the ESP8266 are the "c1" maps; 7 is known to NodeMCU's SDK only. */
static const guint32 sizes_esp8266[] = { 512 * KIB, 256 * KIB, 1 * MIB, 2 * MIB, 4 * MIB,
                                         2 * MIB,   4 * MIB,   4 * MIB, 8 * MIB, 16 * MIB };
static const guint32 sizes_later[] = { 1 * MIB,  2 * MIB,  4 * MIB,  8 * MIB,
                                       16 * MIB, 32 * MIB, 64 * MIB, 128 * MIB };

/* Low nibble of header byte 3, for the nibbles 0xF, 0, 1, 2: esptool FLASH_FREQUENCY; 0: not used.
 * The C6 writes 0 for 80 MHz too (a divider bug of its ROM), so reading gives 40. */
static const guint8 frequencies[][4] = {
  [FG_FREQ_TABLE_80] = { 80, 40, 26, 20 }, [FG_FREQ_TABLE_60] = { 60, 30, 20, 15 },
  [FG_FREQ_TABLE_48] = { 48, 24, 16, 12 }, [FG_FREQ_TABLE_C5] = { 80, 40, 0, 20 },
  [FG_FREQ_TABLE_C6] = { 0, 40, 0, 20 },
};

/**
 * fg_flash_mode_name:
 *
 * Returns: (transfer none): "qio", "dout", "auto", …
 */
const char *
fg_flash_mode_name (FgFlashMode mode)
{
  g_return_val_if_fail (mode <= FG_FLASH_MODE_KEEP, "?");
  return mode_names[mode];
}

/**
 * fg_flash_mode_parse:
 * @text: as fg_flash_mode_name() gives it, in any case
 *
 * Returns: %FALSE when @text names no mode
 */
gboolean
fg_flash_mode_parse (const char *text, FgFlashMode *mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (mode_names); i++)
    if (g_ascii_strcasecmp (text, mode_names[i]) == 0) {
      *mode = (FgFlashMode) i;
      return TRUE;
    }
  return FALSE;
}

static const guint32 *
size_table (const FgChip *chip, guint *n)
{
  *n = chip->id == FG_CHIP_ESP8266 ? G_N_ELEMENTS (sizes_esp8266) : G_N_ELEMENTS (sizes_later);
  return chip->id == FG_CHIP_ESP8266 ? sizes_esp8266 : sizes_later;
}

/**
 * fg_flash_size_from_nibble:
 * @nibble: the high nibble of header byte 3
 *
 * Returns: bytes; 0 when the nibble has no meaning for @chip
 */
guint32
fg_flash_size_from_nibble (const FgChip *chip, guint nibble)
{
  guint n;
  const guint32 *sizes = size_table (chip, &n);

  return nibble < n ? sizes[nibble] : 0;
}

/**
 * fg_flash_size_to_nibble:
 * @size: bytes
 *
 * Returns: the nibble; -1 when @size has none
 */
int
fg_flash_size_to_nibble (const FgChip *chip, guint32 size)
{
  guint n;
  const guint32 *sizes = size_table (chip, &n);

  for (guint i = 0; i < n; i++)
    if (sizes[i] == size)
      return (int) i;
  return -1;
}

/**
 * fg_flash_freq_from_nibble:
 * @nibble: the low nibble of header byte 3
 *
 * Returns: MHz; 0 when the nibble has no meaning for @chip
 */
guint
fg_flash_freq_from_nibble (const FgChip *chip, guint nibble)
{
  guint index = (nibble + 1) & 0xf;

  return index < 4 ? frequencies[chip->freq_table][index] : 0;
}

/**
 * fg_flash_freq_to_nibble:
 * @mhz: MHz
 *
 * Returns: the nibble; -1 when the chip cannot
 */
int
fg_flash_freq_to_nibble (const FgChip *chip, guint mhz)
{
  if (chip->freq_table == FG_FREQ_TABLE_C6 && mhz == 80)
    return 0;
  for (guint i = 0; i < 4; i++)
    if (mhz != 0 && frequencies[chip->freq_table][i] == mhz)
      return (int) ((i + 0xf) & 0xf);
  return -1;
}

/**
 * fg_size_parse:
 * @text: decimal, 0x…, or either with a suffix K or M (1024, 1024²); a following B is allowed
 * @size: (out): bytes
 *
 * Returns: %FALSE with %FG_ERROR_USAGE set when @text is no size or over 32 bits
 */
gboolean
fg_size_parse (const char *text, guint32 *size, GError **error)
{
  char *end = NULL;
  gboolean hex = g_ascii_strncasecmp (text, "0x", 2) == 0;
  const char *digits = hex ? text + 2 : text;
  guint64 value;
  guint64 unit = 1;

  value = g_ascii_strtoull (digits, &end, hex ? 16 : 10);
  if (end != digits && (hex ? g_ascii_isxdigit (*digits) : g_ascii_isdigit (*digits))) {
    if (g_ascii_toupper (*end) == 'K' || g_ascii_toupper (*end) == 'M') {
      unit = g_ascii_toupper (*end) == 'K' ? KIB : MIB;
      end++;
      if (g_ascii_toupper (*end) == 'B')
        end++;
    }
    if (*end == '\0' && value <= G_MAXUINT32 && value * unit <= G_MAXUINT32) {
      *size = (guint32) (value * unit);
      return TRUE;
    }
  }
  g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
               "“%s” is not a size: write it like 4096, 0x1000, 4K or 1M", text);
  return FALSE;
}

/**
 * fg_size_format:
 * @bytes: bytes
 *
 * In the units of this field, where a KB is 1024 bytes.
 *
 * Returns: (transfer full): "484 KB", "4 MB", "3.5 MB", "128 B"
 */
char *
fg_size_format (guint64 bytes)
{
  if (bytes < KIB)
    return g_strdup_printf ("%u B", (guint) bytes);
  if (bytes < MIB)
    return g_strdup_printf ("%u KB", (guint) ((bytes + KIB / 2) / KIB));
  if (bytes % MIB == 0 || bytes >= 100ull * MIB)
    return g_strdup_printf ("%u MB", (guint) (bytes / MIB));
  return g_strdup_printf ("%.1f MB", (double) bytes / MIB);
}
