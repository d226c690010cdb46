/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the eFuses of the family say, read word by word through the loader. Addresses and bits are
 * those of PROTOCOL-FACTS 4.2, 5.2 and 5.3, written down here on their own.
 */

#include "sim-rig.h"

/* bits of a word: those above @shift, as many as @mask has; the second part is above the first */
typedef struct {
  guint word, shift, mask;
  guint high_word, high_shift, high_mask;
} Number;

typedef struct {
  const char *name;
  guint32 block, mac; /* addresses */
  gboolean has_eui64;
  Number package, minor, major;
} Chip;

static const Chip chips[] = {
  /* the major revision of an ESP32 is not here: test_esp32_revision */
  { "esp32", 0x3FF5A000, 0x3FF5A004, FALSE, { 3, 9, 7, 3, 2, 1 }, { 5, 24, 3 }, { 0 } },
  { "esp32s2", 0x3F41A044, 0x3F41A044, FALSE, { 4, 0, 15 }, { 4, 4, 7, 3, 20, 1 }, { 3, 18, 3 } },
  { "esp32s3", 0x60007044, 0x60007044, FALSE, { 3, 21, 7 }, { 3, 18, 7, 5, 23, 1 }, { 5, 24, 3 } },
  { "esp32c3", 0x60008844, 0x60008844, FALSE, { 3, 21, 7 }, { 3, 18, 7, 5, 23, 1 }, { 5, 24, 3 } },
  { "esp32c2", 0x60008840, 0x60008840, FALSE, { 1, 22, 7 }, { 1, 16, 15 }, { 1, 20, 3 } },
  { "esp32c5", 0x600B4844, 0x600B4844, TRUE, { 2, 26, 7 }, { 2, 0, 15 }, { 2, 4, 3 } },
  { "esp32c6", 0x600B0844, 0x600B0844, TRUE, { 3, 24, 7 }, { 3, 18, 15 }, { 3, 22, 3 } },
  { "esp32c61", 0x600B4844, 0x600B4844, FALSE, { 2, 26, 7 }, { 2, 0, 15 }, { 2, 4, 3 } },
  { "esp32h2", 0x600B0844, 0x600B0844, TRUE, { 4, 0, 7 }, { 3, 18, 7 }, { 3, 21, 3 } },
  { "esp32h21", 0x600B4044, 0x600B4044, TRUE, { 5, 11, 7 }, { 5, 4, 15 }, { 5, 8, 3 } },
  { "esp32h4", 0x600B1844, 0x600B1844, TRUE, { 4, 12, 7 }, { 3, 18, 15 }, { 3, 22, 3 } },
  { "esp32p4", 0x5012D044, 0x5012D044, FALSE, { 2, 20, 7 }, { 2, 0, 15 }, { 2, 4, 3, 2, 23, 1 } },
  { "esp32s31", 0x20715050, 0x20715050, FALSE, { 4, 6, 3 }, { 3, 18, 15 }, { 3, 22, 3 } },
  { "esp32e22", 0xC4008044, 0xC4008044, FALSE, { 0 }, { 0 }, { 0 } },
};

static guint
read_number (Rig *rig, guint32 block, const Number *number)
{
  guint low = rig_read_reg (rig, block + 4 * number->word) >> number->shift & number->mask;
  guint high = rig_read_reg (rig, block + 4 * number->high_word) >> number->high_shift;

  return low + (high & number->high_mask) * (number->mask + 1);
}

static guint
largest (const Number *number)
{
  return (number->mask + 1) * (number->high_mask + 1) - 1;
}

/* All bits of each number alone, so that none can hide in another. */
static void
test_numbers (gconstpointer data)
{
  const Chip *chip = data;
  guint package = largest (&chip->package), minor = largest (&chip->minor);
  guint major = largest (&chip->major);
  const guint rows[][3] = {
    { 0, 0, 0 }, { package, 0, 0 }, { 0, minor, 0 }, { 0, 0, major }, { 1 & package, 1 & minor, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *spec = g_strdup_printf ("%s,package=%u,revision=%u.%u", chip->name, rows[i][0],
                                             rows[i][2], rows[i][1]);
    g_autoptr (Rig) rig = rig_new_chip (spec);

    g_assert_cmpuint (read_number (rig, chip->block, &chip->package), ==, rows[i][0]);
    g_assert_cmpuint (read_number (rig, chip->block, &chip->minor), ==, rows[i][1]);
    g_assert_cmpuint (read_number (rig, chip->block, &chip->major), ==, rows[i][2]);
  }
}

/* The vector of PROTOCOL-FACTS 16, and the longer address. */
static void
test_mac (gconstpointer data)
{
  const Chip *chip = data;
  g_autofree char *spec = g_strconcat (chip->name, ",mac=F4:12:FA:5B:3C:2D,revision=0.0", NULL);
  g_autoptr (Rig) rig = rig_new_chip (spec);
  guint32 high = rig_read_reg (rig, chip->mac + 4);

  g_assert_cmphex (rig_read_reg (rig, chip->mac), ==, 0xFA5B3C2D);
  g_assert_cmphex (high & 0xffff, ==, 0xF412);
  g_assert_cmphex (high >> 16, ==, chip->has_eui64 ? 0xFFFE : 0);
  if (chip->has_eui64) {
    g_autofree char *longer = g_strconcat (chip->name, ",mac=F4:12:FA:AB:CD:5B:3C:2D", NULL);
    g_autoptr (Rig) other = rig_new_chip (longer);

    g_assert_cmphex (rig_read_reg (other, chip->mac), ==, 0xFA5B3C2D);
    g_assert_cmphex (rig_read_reg (other, chip->mac + 4), ==, 0xABCDF412);
  }
}

/* What is embedded: address of the word, where in it, and the code of section 5.3. */
typedef struct {
  const char *spec;
  guint32 address;
  guint shift, mask, code;
} Embedded;

static const Embedded embedded[] = {
  { "esp32s2,flash-inside=2", 0x3F41A044 + 4 * 3, 21, 15, 1 },
  { "esp32s2,flash-inside=4,psram=2", 0x3F41A044 + 4 * 3, 21, 15, 2 },
  { "esp32s2,flash-inside=4,psram=2", 0x3F41A044 + 4 * 3, 28, 15, 1 },
  { "esp32s2,psram=4", 0x3F41A044 + 4 * 3, 28, 15, 2 },
  { "esp32s3,flash-inside=8", 0x60007044 + 4 * 3, 27, 7, 1 },
  { "esp32s3,flash-inside=4", 0x60007044 + 4 * 3, 27, 7, 2 },
  { "esp32s3,flash-vendor=5", 0x60007044 + 4 * 4, 0, 7, 5 },
  { "esp32s3,psram=8", 0x60007044 + 4 * 4, 3, 3, 1 },
  { "esp32s3,psram=2", 0x60007044 + 4 * 4, 3, 3, 2 },
  { "esp32s3,psram=16", 0x60007044 + 4 * 4, 3, 3, 3 },
  { "esp32s3,psram=4", 0x60007044 + 4 * 4, 3, 3, 0 },
  { "esp32s3,psram=4", 0x60007044 + 4 * 5, 19, 1, 1 },
  { "esp32c3,flash-inside=4", 0x60008844 + 4 * 3, 27, 7, 1 },
  { "esp32c3,flash-inside=2", 0x60008844 + 4 * 3, 27, 7, 2 },
  { "esp32c3,flash-inside=1", 0x60008844 + 4 * 3, 27, 7, 3 },
  { "esp32c3,flash-inside=8", 0x60008844 + 4 * 3, 27, 7, 4 },
  { "esp32c3,flash-vendor=4", 0x60008844 + 4 * 4, 0, 7, 4 },
  { "esp32c2,flash-inside=4", 0x60008840 + 4 * 7, 29, 7, 1 },
  { "esp32c2,flash-inside=1,flash-vendor=2", 0x60008840 + 4 * 7, 29, 7, 3 },
  { "esp32c2,flash-inside=1,flash-vendor=2", 0x60008840 + 4 * 7, 24, 7, 2 },
  { "esp32c6,flash-inside=4", 0x600B0844 + 4 * 4, 0, 7, 1 },
  { "esp32c6,flash-inside=8", 0x600B0844 + 4 * 4, 0, 7, 2 },
  /* an ESP32 that runs on one core, without Bluetooth, rated for 160 MHz */
  { "esp32,efuse=c@3003", 0x3FF5A00C, 0, 3, 3 },
  { "esp32,efuse=c@3003", 0x3FF5A00C, 12, 3, 3 },
  { "esp32,encryption=yes", 0x3FF5A000, 20, 0x7f, 1 },
  { "esp32,secure-boot=yes,revision=1.0", 0x3FF5A018, 4, 3, 1 },
  { "esp32,secure-boot=yes,revision=3.0", 0x3FF5A018, 4, 3, 2 },
};

static void
test_embedded (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (embedded); i++) {
    const Embedded *row = &embedded[i];
    g_autoptr (Rig) rig = rig_new_chip (row->spec);

    g_assert_cmphex (rig_read_reg (rig, row->address) >> row->shift & row->mask, ==, row->code);
  }
}

/* Three bits in three places: 0, 1, 3 and 7 are the revisions 0 to 3. */
static void
test_esp32_revision (void)
{
  static const guint32 codes[4] = { 0, 1, 3, 7 };

  for (guint major = 0; major < 4; major++) {
    g_autofree char *spec = g_strdup_printf ("esp32,revision=%u.1", major);
    g_autoptr (Rig) rig = rig_new_chip (spec);
    guint32 code = (rig_read_reg (rig, 0x3FF5A00C) >> 15 & 1)
                   | (rig_read_reg (rig, 0x3FF5A014) >> 20 & 1) << 1
                   | (rig_read_reg (rig, 0x3FF6607C) >> 31) << 2;

    g_assert_cmphex (code, ==, codes[major]);
    g_assert_cmphex (rig_read_reg (rig, 0x3FF5A014) >> 24 & 3, ==, 1);
  }
}

/* A PICO-D4 has its flash on other pads: only the value made of its eFuses reaches it. */
static void
test_pads (void)
{
  g_autoptr (Rig) rig = rig_new_chip ("esp32,package=5,flash=4M");
  guint32 w3 = rig_read_reg (rig, 0x3FF5A00C), w5 = rig_read_reg (rig, 0x3FF5A014);
  guint32 value = (w3 >> 4 & 31) << 24 | (w5 >> 15 & 31) << 18 | (w5 >> 10 & 31) << 12
                  | (w5 >> 5 & 31) << 6 | (w5 & 31);
  g_autofree char *wrong = NULL;
  g_autofree char *right = NULL;

  g_assert_cmphex (value, ==, 0x0B408446);
  g_assert_cmpuint (rig_do (rig, 0x0d, value, 0), ==, 0);
  g_assert_cmpuint (rig_do (rig, 0x02, 4, 1, 0x400, 0), ==, 0);
  rig_block (rig, 0x03, 0, (const guint8 *) "abcd", 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_command (rig, 0x0e, 0, 4);
  rig_settle (rig);
  rig_data (rig, &right);
  g_assert_true (g_str_has_prefix (right, "61 62 63 64 00"));
  g_assert_cmpuint (rig_do (rig, 0x0d, 0, 0), ==, 0);
  rig_command (rig, 0x0e, 0, 4);
  rig_settle (rig);
  rig_data (rig, &wrong);
  g_assert_true (g_str_has_prefix (wrong, "ff ff ff ff 00"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (chips); i++) {
    g_autofree char *numbers = g_strconcat ("/sim/fuses/", chips[i].name, "/numbers", NULL);
    g_autofree char *mac = g_strconcat ("/sim/fuses/", chips[i].name, "/mac", NULL);

    g_test_add_data_func (numbers, &chips[i], test_numbers);
    g_test_add_data_func (mac, &chips[i], test_mac);
  }
  g_test_add_func ("/sim/fuses/embedded", test_embedded);
  g_test_add_func ("/sim/fuses/esp32/revision", test_esp32_revision);
  g_test_add_func ("/sim/fuses/esp32/pads", test_pads);
  return g_test_run ();
}
