/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-efuse.h"

#include <string.h>

#define MIB (1024u * 1024u)
#define ESP8266_WORDS 4u

/* Bits of the 128 eFuse bits and what they mean: esptool targets/esp8266.py, get_chip_description
 * and get_flash_size. */
#define BIT_ESP8285_A 4
#define BIT_ESP8285_B 80
#define BIT_HIGH_TEMPERATURE 5

typedef struct {
  guint8 bit4, bit121, bit122, bit123;
  guint32 size;         /* bytes */
  const char *normal;   /* bit 5 clear */
  const char *extended; /* bit 5 set */
} Esp8285Row;

static const Esp8285Row esp8285_rows[] = {
  { 1, 0, 0, 0, 1 * MIB, "ESP8285N08", "ESP8285H08" },
  { 1, 0, 1, 0, 2 * MIB, "ESP8285N16", "ESP8285H16" },
  { 0, 1, 0, 0, 2 * MIB, "ESP8285N16", "ESP8285H16" },
  { 0, 1, 1, 0, 4 * MIB, "ESP8285", "ESP8285" },
};

/* Prefixes that eFuse word 1 selects when word 3 holds none: esptool targets/esp8266.py, read_mac.
 */
static const guint8 prefix_0[3] = { 0x18, 0xfe, 0x34 };
static const guint8 prefix_1[3] = { 0xac, 0xd0, 0x74 };

static guint
bit (const guint32 words[4], guint n)
{
  return words[n / 32] >> (n % 32) & 1;
}

static void
read_mac (const guint32 w[4], FgBoardInfo *info)
{
  guint8 *mac = info->mac;
  guint8 selector = w[1] >> 16 & 0xff;

  info->has_mac = TRUE;
  if (w[3] != 0) {
    mac[0] = w[3] >> 16 & 0xff;
    mac[1] = w[3] >> 8 & 0xff;
    mac[2] = w[3] & 0xff;
  } else if (selector <= 1)
    memcpy (mac, selector == 0 ? prefix_0 : prefix_1, 3);
  else
    info->has_mac = FALSE;
  mac[3] = w[1] >> 8 & 0xff;
  mac[4] = w[1] & 0xff;
  mac[5] = w[0] >> 24;
}

static void
name_esp8285 (const guint32 w[4], FgBoardInfo *info)
{
  info->variant = g_strdup ("ESP8285");
  for (guint i = 0; i < G_N_ELEMENTS (esp8285_rows); i++) {
    const Esp8285Row *row = &esp8285_rows[i];

    if (row->bit4 != bit (w, 4) || row->bit121 != bit (w, 121) || row->bit122 != bit (w, 122)
        || row->bit123 != bit (w, 123))
      continue;
    g_free (info->variant);
    info->variant = g_strdup (bit (w, BIT_HIGH_TEMPERATURE) ? row->extended : row->normal);
    info->embedded_size = row->size;
  }
}

static void
read_esp8266 (const guint32 *words, FgBoardInfo *info)
{
  read_mac (words, info);
  info->security.known = TRUE; /* it has nothing of the kind */
  fg_board_info_add_feature (info, "Wi-Fi");
  g_free (info->variant);
  if (!bit (words, BIT_ESP8285_A) && !bit (words, BIT_ESP8285_B)) {
    info->variant = g_strdup ("ESP8266EX");
    return;
  }
  name_esp8285 (words, info);
  info->embedded_flash = TRUE;
  fg_board_info_add_feature (info, "Embedded flash");
  if (bit (words, BIT_HIGH_TEMPERATURE))
    fg_board_info_add_feature (info, "High temperature");
}

/** fg_efuse_count: Returns: how many words fg_efuse_read() wants, at most %FG_EFUSE_WORDS_MAX */
guint
fg_efuse_count (const FgChip *chip)
{
  return chip->id == FG_CHIP_ESP8266 ? ESP8266_WORDS
         : chip->id == FG_CHIP_ESP32 ? fg_efuse_esp32_count ()
                                     : fg_efuse_later_count (chip);
}

/** fg_efuse_address: Returns: the address of word @index of those that fg_efuse_read() wants */
guint32
fg_efuse_address (const FgChip *chip, guint index)
{
  return chip->id == FG_CHIP_ESP8266 ? chip->efuse_base + index * 4
         : chip->id == FG_CHIP_ESP32 ? fg_efuse_esp32_address (chip->efuse_base, index)
                                     : fg_efuse_later_address (chip, index);
}

/**
 * fg_efuse_read:
 * @words: fg_efuse_count() words, each from its fg_efuse_address()
 *
 * Fills in variant, revision, features, addresses and embedded memory; of the ESP8266 and the
 * ESP32, which have no command for it, security too.
 */
void
fg_efuse_read (const guint32 *words, FgBoardInfo *info)
{
  info->n_efuse = fg_efuse_count (info->chip);
  memcpy (info->efuse, words, info->n_efuse * sizeof *words);
  if (info->chip->id == FG_CHIP_ESP8266)
    read_esp8266 (words, info);
  else if (info->chip->id == FG_CHIP_ESP32)
    fg_efuse_esp32_read (words, info);
  else
    fg_efuse_later_read (words, info);
}

/**
 * fg_crystal_estimate:
 * @host_baud: bit/s at which the loader was synced; it must still use that divider
 * @clkdiv: the UART divider register
 * @estimate: (out) (optional): MHz before rounding; more than 1 off means a doubtful measurement
 *
 * The rule of esptool loader.py, get_crystal_freq.
 *
 * Returns: 26, 40 or 48 MHz
 */
guint
fg_crystal_estimate (const FgChip *chip, guint host_baud, guint32 clkdiv, double *estimate)
{
  double mhz = (double) host_baud * (clkdiv & 0xfffff) / 1e6 / chip->uart_clkdiv_factor;

  if (estimate != NULL)
    *estimate = mhz;
  return mhz > 45 ? 48 : mhz > 33 ? 40 : 26;
}
