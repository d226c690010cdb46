/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-baud.h"
#include "fg-chip.h"
#include "fg-efuse.h"
#include "fg-flash-id.h"

#include "fg-error.h"

#define KIB 1024u
#define MIB (1024u * 1024u)

typedef struct {
  const char *name;
  guint32 words[4];
  const char *variant;
  const char *mac;  /* NULL: unknown */
  guint32 embedded; /* bytes */
} EfuseCase;

/* MAC rows: PROTOCOL-FACTS 16. ESP8285 rows: section 5.1; bit 80 is bit 16 of word 2, bits 121 to
 * 123 are bits 25 to 27 of word 3. */
static const EfuseCase efuse_cases[] = {
  { "mac-in-word-3",
    { 0x9a000000, 0x0200ab12, 0, 0x005ccf7f },
    "ESP8266EX",
    "5C:CF:7F:AB:12:9A",
    0 },
  { "mac-prefix-0", { 0x9a000000, 0x0000ab12, 0, 0 }, "ESP8266EX", "18:FE:34:AB:12:9A", 0 },
  { "mac-prefix-1", { 0x9a000000, 0x0001ab12, 0, 0 }, "ESP8266EX", "AC:D0:74:AB:12:9A", 0 },
  { "mac-unknown", { 0x9a000000, 0x0002ab12, 0, 0 }, "ESP8266EX", NULL, 0 },
  { "esp8285n08",
    { 0x9a000010, 0x0200ab12, 0, 0x005ccf7f },
    "ESP8285N08",
    "5C:CF:7F:AB:12:9A",
    1 * MIB },
  { "esp8285h08",
    { 0x9a000030, 0x0200ab12, 0, 0x005ccf7f },
    "ESP8285H08",
    "5C:CF:7F:AB:12:9A",
    1 * MIB },
  { "esp8285n16-bit4",
    { 0x9a000010, 0x0200ab12, 0, 0x045ccf7f },
    "ESP8285N16",
    "5C:CF:7F:AB:12:9A",
    2 * MIB },
  { "esp8285n16-bit80",
    { 0x9a000000, 0x0200ab12, 0x00010000, 0x025ccf7f },
    "ESP8285N16",
    "5C:CF:7F:AB:12:9A",
    2 * MIB },
  { "esp8285h16-bit80",
    { 0x9a000020, 0x0200ab12, 0x00010000, 0x025ccf7f },
    "ESP8285H16",
    "5C:CF:7F:AB:12:9A",
    2 * MIB },
  { "esp8285-4mb",
    { 0x9a000000, 0x0200ab12, 0x00010000, 0x065ccf7f },
    "ESP8285",
    "5C:CF:7F:AB:12:9A",
    4 * MIB },
  { "esp8285-unknown-size",
    { 0x9a000010, 0x0200ab12, 0, 0x085ccf7f },
    "ESP8285",
    "5C:CF:7F:AB:12:9A",
    0 },
};

static void
test_efuse (gconstpointer data)
{
  const EfuseCase *c = data;
  g_autoptr (FgBoardInfo) info = fg_board_info_new (fg_chip_get (FG_CHIP_ESP8266));
  g_autofree char *mac = NULL;

  fg_efuse_read (c->words, info);
  mac = fg_board_info_dup_mac (info);
  g_assert_cmpstr (info->variant, ==, c->variant);
  g_assert_cmpstr (mac, ==, c->mac);
  g_assert_cmpuint (info->embedded_size, ==, c->embedded);
  g_assert_cmpuint (info->efuse[1], ==, c->words[1]);
}

typedef struct {
  const char *name;
  guint32 id;
  guint8 manufacturer;
  guint16 device;
  const char *maker; /* NULL: not in the table */
  const char *part;
  guint32 size;
} FlashCase;

static const FlashCase flash_cases[] = {
  { "w25q32", 0x1640ef, 0xef, 0x4016, "Winbond", "W25Q32", 4 * MIB },
  { "w25q80", 0x1440ef, 0xef, 0x4014, "Winbond", "W25Q80", 1 * MIB },
  { "gd25q40", 0x1340c8, 0xc8, 0x4013, "GigaDevice", "GD25Q40", 512 * KIB },
  { "w25q128", 0x1840ef, 0xef, 0x4018, "Winbond", "W25Q128", 16 * MIB },
  { "adesto", 0x04851f, 0x1f, 0x8504, "Adesto", NULL, 1 * MIB },
  { "size-39", 0x3960ef, 0xef, 0x6039, "Winbond", "W25Q256", 32 * MIB },
  { "unknown-maker", 0x1640aa, 0xaa, 0x4016, NULL, NULL, 4 * MIB },
  { "unknown-size", 0x7740ef, 0xef, 0x4077, "Winbond", NULL, 0 },
  { "dead-ones", 0xffffff, 0xff, 0xffff, NULL, NULL, 0 },
  { "dead-zeros", 0x000000, 0x00, 0x0000, NULL, NULL, 0 },
  { "dead-3f", 0xffff3f, 0x3f, 0xffff, NULL, NULL, 0 },
};

/* PROTOCOL-FACTS 16: "flash id 0004851F: size code 5 = 1 MB": the code is the low 5 bits of 0x85.
 */
static void
test_flash_id (gconstpointer data)
{
  const FlashCase *c = data;
  g_autoptr (FgBoardInfo) info = fg_board_info_new (fg_chip_get (FG_CHIP_ESP8266));

  fg_flash_id_read (c->id, info);
  g_assert_cmphex (info->flash_manufacturer_id, ==, c->manufacturer);
  g_assert_cmphex (info->flash_device_id, ==, c->device);
  g_assert_cmpstr (info->flash_manufacturer, ==, c->maker);
  g_assert_cmpstr (info->flash_name, ==, c->part);
  g_assert_cmpuint (info->flash_size, ==, c->size);
  g_assert_cmpint (fg_flash_id_is_dead (c->id), ==, g_str_has_prefix (c->name, "dead"));
}

typedef struct {
  FgChipId chip;
  guint32 clkdiv;
  guint mhz;
  double estimate;
} CrystalCase;

static void
test_crystal (void)
{
  static const CrystalCase cases[] = {
    { FG_CHIP_ESP8266, 694, 40, 39.97 },
    { FG_CHIP_ESP8266, 451, 26, 25.98 },
    { FG_CHIP_ESP32, 347, 40, 39.97 },
    { FG_CHIP_ESP32, 226, 26, 26.04 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    double estimate;

    g_assert_cmpuint (
        fg_crystal_estimate (fg_chip_get (cases[i].chip), 115200, cases[i].clkdiv, &estimate), ==,
        cases[i].mhz);
    g_assert_cmpfloat_with_epsilon (estimate, cases[i].estimate, 0.006);
  }
}

static void
test_divider (void)
{
  g_assert_cmpuint (fg_baud_divider (451, 115200, 460800), ==, 113);
  g_assert_cmpuint (fg_baud_divider (451, 115200, 921600), ==, 56);
  g_assert_cmpuint (fg_baud_divider (694, 115200, 921600), ==, 87);
  g_assert_cmpuint (fg_baud_divider (0xfff00000 | 451, 115200, 115200), ==, 451);
  g_assert_cmpuint (fg_baud_below (2000000), ==, 1500000);
  g_assert_cmpuint (fg_baud_below (921600), ==, 460800);
  g_assert_cmpuint (fg_baud_below (500000), ==, 460800);
  g_assert_cmpuint (fg_baud_below (115200), ==, 57600);
  g_assert_cmpuint (fg_baud_below (9600), ==, 0);
}

static void
test_table (void)
{
  for (guint i = 0; i < FG_N_CHIPS; i++) {
    const FgChip *chip = fg_chip_get ((FgChipId) i);

    g_assert_cmpint ((int) chip->id, ==, (int) i);
    g_assert_nonnull (chip->name);
    g_assert_cmpuint (chip->spi_base, !=, 0);
    g_assert_cmpuint (chip->efuse_base, !=, 0);
    if (chip->image_chip_id >= 0)
      g_assert_true (fg_chip_by_image_id (chip->image_chip_id) == chip);
    if (chip->magic != 0)
      g_assert_true (fg_chip_by_magic (chip->magic) == chip);
  }
  g_assert_true (fg_chip_by_magic (0xfff0c101) == fg_chip_get (FG_CHIP_ESP8266));
  g_assert_null (fg_chip_by_magic (0xdeadbeef));
  g_assert_null (fg_chip_by_magic (0));
  g_assert_null (fg_chip_by_image_id (-1));
  g_assert_null (fg_chip_by_image_id (4)); /* ESP32-S3 beta 2, no longer supported by anybody */
}

static void
test_header_nibbles (void)
{
  const FgChip *esp8266 = fg_chip_get (FG_CHIP_ESP8266);
  const FgChip *esp32 = fg_chip_get (FG_CHIP_ESP32);
  const FgChip *c6 = fg_chip_get (FG_CHIP_ESP32C6);

  g_assert_cmpuint (fg_flash_size_from_nibble (esp8266, 4), ==, 4 * MIB);
  g_assert_cmpuint (fg_flash_size_from_nibble (esp32, 2), ==, 4 * MIB);
  g_assert_cmpuint (fg_flash_size_from_nibble (esp32, 4), ==, 16 * MIB);
  g_assert_cmpuint (fg_flash_size_from_nibble (esp8266, 15), ==, 0);
  g_assert_cmpint (fg_flash_size_to_nibble (esp8266, 4 * MIB), ==, 4);
  g_assert_cmpint (fg_flash_size_to_nibble (esp8266, 512 * KIB), ==, 0);
  g_assert_cmpint (fg_flash_size_to_nibble (esp8266, 32 * MIB), ==, -1);
  g_assert_cmpuint (fg_flash_freq_from_nibble (esp8266, 0), ==, 40);
  g_assert_cmpuint (fg_flash_freq_from_nibble (esp8266, 15), ==, 80);
  g_assert_cmpuint (fg_flash_freq_from_nibble (esp8266, 7), ==, 0);
  g_assert_cmpint (fg_flash_freq_to_nibble (esp8266, 80), ==, 15);
  g_assert_cmpint (fg_flash_freq_to_nibble (esp8266, 33), ==, -1);
  g_assert_cmpint (fg_flash_freq_to_nibble (c6, 80), ==, 0);
  g_assert_cmpint (fg_flash_freq_to_nibble (c6, 40), ==, 0);
}

typedef struct {
  const char *text;
  gint64 size; /* -1: refused */
} SizeCase;

static void
test_sizes (void)
{
  static const SizeCase cases[] = {
    { "0", 0 },
    { "4096", 4096 },
    { "0x1000", 4096 },
    { "4K", 4096 },
    { "4k", 4096 },
    { "4KB", 4096 },
    { "1M", 1048576 },
    { "0x10K", 16384 },
    { "4095M", 4293918720 },
    { "4096M", -1 },
    { "", -1 },
    { "K", -1 },
    { "-1", -1 },
    { "+1", -1 },
    { " 1", -1 },
    { "1x", -1 },
    { "0x", -1 },
    { "1KK", -1 },
    { "1.5M", -1 },
    { "99999999999999999999", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    guint32 size = 0;

    g_assert_cmpint (fg_size_parse (cases[i].text, &size, &error), ==, cases[i].size >= 0);
    if (cases[i].size >= 0)
      g_assert_cmpint (size, ==, cases[i].size);
    else
      g_assert_error (error, FG_ERROR, FG_ERROR_USAGE);
  }
}

static void
test_size_texts (void)
{
  g_autofree char *bytes = fg_size_format (128);
  g_autofree char *kilo = fg_size_format (495616);
  g_autofree char *mega = fg_size_format (4 * MIB);
  g_autofree char *half = fg_size_format (4 * MIB - 484 * KIB);

  g_assert_cmpstr (bytes, ==, "128 B");
  g_assert_cmpstr (kilo, ==, "484 KB");
  g_assert_cmpstr (mega, ==, "4 MB");
  g_assert_cmpstr (half, ==, "3.5 MB");
}

static void
test_modes (void)
{
  FgFlashMode mode;

  for (guint i = 0; i <= FG_FLASH_MODE_KEEP; i++) {
    g_assert_true (fg_flash_mode_parse (fg_flash_mode_name ((FgFlashMode) i), &mode));
    g_assert_cmpint ((int) mode, ==, (int) i);
  }
  g_assert_true (fg_flash_mode_parse ("DOUT", &mode));
  g_assert_false (fg_flash_mode_parse ("fast", &mode));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (efuse_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/efuse/esp8266/%s", efuse_cases[i].name);
    g_test_add_data_func (path, &efuse_cases[i], test_efuse);
  }
  for (guint i = 0; i < G_N_ELEMENTS (flash_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/flash-id/%s", flash_cases[i].name);
    g_test_add_data_func (path, &flash_cases[i], test_flash_id);
  }
  g_test_add_func ("/chip/crystal", test_crystal);
  g_test_add_func ("/chip/divider", test_divider);
  g_test_add_func ("/chip/table", test_table);
  g_test_add_func ("/flash-format/nibbles", test_header_nibbles);
  g_test_add_func ("/flash-format/sizes", test_sizes);
  g_test_add_func ("/flash-format/size-texts", test_size_texts);
  g_test_add_func ("/flash-format/modes", test_modes);
  return g_test_run ();
}
