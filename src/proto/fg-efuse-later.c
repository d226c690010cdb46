/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The chips after the ESP32 keep their facts in one eFuse block, each at places of its own: so the
 * places are a table. Words count from the block that also holds the MAC address: block 1, on the
 * ESP32-C2 block 2. Source: esptool targets/esp32*.py.
 */

#include "fg-efuse.h"

#include <string.h>

#define MIB (1024u * 1024u)
#define VENDORS 6
#define SIZES 5
#define PACKAGES 4

/* The ESP32-S3 needs one word of block 2, which begins 0x18 after block 1. */
#define S3_BLOCK2_WORD 6
#define S3_BLOCK2_VERSION_OFFSET (0x18u + 4 * 4)

/* Some bits of a word; no bits: the chip has no such field. */
typedef struct {
  guint8 word, shift, bits;
} Field;

typedef struct {
  FgChipId chip;
  guint8 n_words;
  Field package;
  Field minor, minor_high; /* the second has the bits above the first */
  Field major, major_high;
  Field flash, flash_vendor;
  Field psram, psram_high;
  guint8 flash_mib[SIZES]; /* by code; 0: that code is not known */
  guint8 psram_mib[SIZES];
  const char *vendor_5; /* (nullable) flash vendor 5: the others are the same everywhere */
  gboolean eui64;
  const char *packages[PACKAGES]; /* by number */
  const char *features;
} Layout;

static const char *const flash_vendors[VENDORS] = {
  NULL, "XMC", "GigaDevice", "Fudan", "TT", NULL
};

static const Layout layouts[] = {
  { .chip = FG_CHIP_ESP32S2,
    .n_words = 5,
    .minor = { 4, 4, 3 },
    .minor_high = { 3, 20, 1 },
    .major = { 3, 18, 2 },
    .flash = { 3, 21, 4 },
    .psram = { 3, 28, 4 },
    .flash_mib = { 0, 2, 4 },
    .psram_mib = { 0, 2, 4 },
    .packages = { "ESP32-S2" },
    .features = "Wi-Fi|Single core|240 MHz" },
  { .chip = FG_CHIP_ESP32S3,
    .n_words = 7,
    .package = { 3, 21, 3 },
    .minor = { 3, 18, 3 },
    .minor_high = { 5, 23, 1 },
    .major = { 5, 24, 2 },
    .flash = { 3, 27, 3 },
    .flash_vendor = { 4, 0, 3 },
    .psram = { 4, 3, 2 },
    .psram_high = { 5, 19, 1 },
    .flash_mib = { 0, 8, 4 },
    .psram_mib = { 0, 8, 2, 16, 4 },
    .vendor_5 = "Boya",
    .packages = { "ESP32-S3 (QFN56)", "ESP32-S3-PICO-1 (LGA56)" },
    .features = "Wi-Fi|Bluetooth 5 LE|Dual core|240 MHz" },
  { .chip = FG_CHIP_ESP32C3,
    .n_words = 6,
    .package = { 3, 21, 3 },
    .minor = { 3, 18, 3 },
    .minor_high = { 5, 23, 1 },
    .major = { 5, 24, 2 },
    .flash = { 3, 27, 3 },
    .flash_vendor = { 4, 0, 3 },
    .flash_mib = { 0, 4, 2, 1, 8 },
    .vendor_5 = "Zbit",
    .packages = { "ESP32-C3 (QFN32)", "ESP8685 (QFN28)", "ESP32-C3 AZ (QFN32)", "ESP8686 (QFN24)" },
    .features = "Wi-Fi|Bluetooth 5 LE|Single core|160 MHz" },
  { .chip = FG_CHIP_ESP32C2,
    .n_words = 8,
    .package = { 1, 22, 3 },
    .minor = { 1, 16, 4 },
    .major = { 1, 20, 2 },
    .flash = { 7, 29, 3 },
    .flash_vendor = { 7, 24, 3 },
    .flash_mib = { 0, 4, 2, 1 },
    .vendor_5 = "Zbit",
    .packages = { "ESP32-C2", "ESP8684H" },
    .features = "Wi-Fi|Bluetooth 5 LE|Single core|120 MHz" },
  { .chip = FG_CHIP_ESP32C5,
    .n_words = 3,
    .package = { 2, 26, 3 },
    .minor = { 2, 0, 4 },
    .major = { 2, 4, 2 },
    .eui64 = TRUE,
    .packages = { "ESP32-C5" },
    .features = "Wi-Fi 6 (2.4 and 5 GHz)|Bluetooth 5 LE|IEEE 802.15.4|Single core|240 MHz" },
  { .chip = FG_CHIP_ESP32C6,
    .n_words = 5,
    .package = { 3, 24, 3 },
    .minor = { 3, 18, 4 },
    .major = { 3, 22, 2 },
    .flash = { 4, 0, 3 },
    .flash_mib = { 0, 4, 8 },
    .eui64 = TRUE,
    .packages = { "ESP32-C6 (QFN40)", "ESP32-C6 (QFN32)" },
    .features = "Wi-Fi 6|Bluetooth 5 LE|IEEE 802.15.4|Single core|160 MHz" },
  { .chip = FG_CHIP_ESP32C61,
    .n_words = 3,
    .package = { 2, 26, 3 },
    .minor = { 2, 0, 4 },
    .major = { 2, 4, 2 },
    .packages = { "ESP32-C61" },
    .features = "Wi-Fi 6|Bluetooth 5 LE|Single core|160 MHz" },
  { .chip = FG_CHIP_ESP32H2,
    .n_words = 5,
    .package = { 4, 0, 3 },
    .minor = { 3, 18, 3 },
    .major = { 3, 21, 2 },
    .eui64 = TRUE,
    .packages = { "ESP32-H2" },
    .features = "Bluetooth 5 LE|IEEE 802.15.4|Single core|96 MHz" },
  { .chip = FG_CHIP_ESP32H21,
    .n_words = 6,
    .package = { 5, 11, 3 },
    .minor = { 5, 4, 4 },
    .major = { 5, 8, 2 },
    .eui64 = TRUE,
    .packages = { "ESP32-H21" },
    .features = "Bluetooth 5 LE|IEEE 802.15.4|Single core|96 MHz" },
  { .chip = FG_CHIP_ESP32H4,
    .n_words = 5,
    .package = { 4, 12, 3 },
    .minor = { 3, 18, 4 },
    .major = { 3, 22, 2 },
    .eui64 = TRUE,
    .packages = { "ESP32-H4" },
    .features = "Bluetooth 5 LE|IEEE 802.15.4|Dual core|96 MHz" },
  { .chip = FG_CHIP_ESP32P4,
    .n_words = 3,
    .package = { 2, 20, 3 },
    .minor = { 2, 0, 4 },
    .major = { 2, 4, 2 },
    .major_high = { 2, 23, 1 },
    .packages = { "ESP32-P4" },
    .features = "Dual core|400 MHz" },
  { .chip = FG_CHIP_ESP32S31,
    .n_words = 5,
    .package = { 4, 6, 2 },
    .minor = { 3, 18, 4 },
    .major = { 3, 22, 2 },
    .packages = { "ESP32-S31" },
    .features = "Wi-Fi 6|Bluetooth 5 LE|IEEE 802.15.4|Dual core|300 MHz" },
  { .chip = FG_CHIP_ESP32E22,
    .n_words = 2,
    .packages = { "ESP32-E22" },
    .features = "Wi-Fi 6E|Bluetooth" },
};

/* What is named after the memory inside: these replace the package's name. */
typedef struct {
  FgChipId chip;
  guint8 package, flash, psram; /* codes */
  const char *name;
} Named;

static const Named named[] = {
  { FG_CHIP_ESP32S2, 0, 1, 0, "ESP32-S2FH2" },
  { FG_CHIP_ESP32S2, 0, 2, 0, "ESP32-S2FH4" },
  { FG_CHIP_ESP32S2, 0, 0, 1, "ESP32-S2R2" },
  { FG_CHIP_ESP32S2, 0, 2, 1, "ESP32-S2FNR2" },
  { FG_CHIP_ESP32C6, 1, 1, 0, "ESP32-C6FH4 (QFN32)" },
  { FG_CHIP_ESP32C6, 1, 2, 0, "ESP32-C6FH8 (QFN32)" },
};

static const Layout *
find_layout (const FgChip *chip)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i].chip == chip->id)
      return &layouts[i];
  g_return_val_if_reached (&layouts[0]);
}

static guint
get (const guint32 *w, Field field)
{
  return w[field.word] >> field.shift & ((1u << field.bits) - 1);
}

static guint
get_wide (const guint32 *w, Field low, Field high)
{
  return get (w, low) | get (w, high) << low.bits;
}

guint
fg_efuse_later_count (const FgChip *chip)
{
  return find_layout (chip)->n_words;
}

guint32
fg_efuse_later_address (const FgChip *chip, guint index)
{
  guint32 block = chip->efuse_base + chip->efuse_block1;

  if (chip->id == FG_CHIP_ESP32S3 && index == S3_BLOCK2_WORD)
    return block + S3_BLOCK2_VERSION_OFFSET;
  return block + index * 4;
}

/* Chips of block version 1.1 used the revision's bits for something else; all of them are 0.0. */
static gboolean
is_first_s3 (const guint32 *w, const FgChip *chip)
{
  return chip->id == FG_CHIP_ESP32S3 && (w[3] >> 18 & 7) == 0 && (w[3] >> 24 & 7) == 1
         && (w[S3_BLOCK2_WORD] & 3) == 1;
}

static void
read_addresses (const guint32 *w, gboolean eui64, FgBoardInfo *info)
{
  guint8 *mac = info->mac;

  info->has_mac = TRUE;
  mac[0] = w[1] >> 8 & 0xff;
  mac[1] = w[1] & 0xff;
  for (guint i = 0; i < 4; i++)
    mac[2 + i] = w[0] >> (24 - 8 * i) & 0xff;
  if (!eui64)
    return;
  info->has_eui64 = TRUE;
  memcpy (info->eui64, mac, 3);
  info->eui64[3] = w[1] >> 24;
  info->eui64[4] = w[1] >> 16 & 0xff;
  memcpy (info->eui64 + 5, mac + 3, 3);
}

static void
name_package (const guint32 *w, const Layout *layout, FgBoardInfo *info)
{
  guint package = get (w, layout->package);
  guint flash = get (w, layout->flash);
  guint psram = get_wide (w, layout->psram, layout->psram_high);

  g_free (info->variant);
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (named[i].chip == info->chip->id && named[i].package == package && named[i].flash == flash
        && named[i].psram == psram) {
      info->variant = g_strdup (named[i].name);
      return;
    }
  if (package < PACKAGES && layout->packages[package] != NULL)
    info->variant = g_strdup (layout->packages[package]);
  else
    info->variant = g_strdup_printf ("%s (unknown package %u)", info->chip->name, package);
}

/* @code 0 is “none”; one that is not in the table is told as it is. */
static guint32
add_memory (FgBoardInfo *info, const char *what, guint code, const guint8 *mib, const char *vendor)
{
  g_autofree char *by = vendor != NULL ? g_strdup_printf (" (%s)", vendor) : g_strdup ("");

  if (code < SIZES && mib[code] != 0)
    fg_board_info_add_feature (info, "%s %u MB%s", what, mib[code], by);
  else if (code != 0)
    fg_board_info_add_feature (info, "%s of unknown size (code %u)%s", what, code, by);
  return code < SIZES ? mib[code] * MIB : 0;
}

static void
read_memory (const guint32 *w, const Layout *layout, FgBoardInfo *info)
{
  guint flash = get (w, layout->flash);
  guint psram = get_wide (w, layout->psram, layout->psram_high);
  guint vendor = get (w, layout->flash_vendor);
  const char *name = vendor >= VENDORS       ? NULL
                     : vendor == VENDORS - 1 ? layout->vendor_5
                                             : flash_vendors[vendor];

  info->embedded_flash = flash != 0;
  info->embedded_psram = psram != 0;
  info->embedded_size = add_memory (info, "Embedded flash", flash, layout->flash_mib, name);
  info->psram_size = add_memory (info, "Embedded PSRAM", psram, layout->psram_mib, NULL);
}

/** fg_efuse_later_read: @w: the words of fg_efuse_later_address() */
void
fg_efuse_later_read (const guint32 *w, FgBoardInfo *info)
{
  const Layout *layout = find_layout (info->chip);
  g_auto (GStrv) features = g_strsplit (layout->features, "|", -1);

  info->revision = (int) (get_wide (w, layout->major, layout->major_high) * 100
                          + get_wide (w, layout->minor, layout->minor_high));
  if (is_first_s3 (w, info->chip))
    info->revision = 0;
  for (guint i = 0; features[i] != NULL; i++)
    fg_board_info_add_feature (info, "%s", features[i]);
  read_addresses (w, layout->eui64, info);
  name_package (w, layout, info);
  read_memory (w, layout, info);
}
