/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Into the loader and out of it, rates and refusals: PROTOCOL-FACTS 2.1, 3, and 6. */

#include "sim-rig.h"

#include <glib/gstdio.h>

#include <string.h>

#define MS 1000

static const char *const chips[] = {
  "esp32",    "esp32s2", "esp32s3",  "esp32c3", "esp32c2", "esp32c5",  "esp32c6",
  "esp32c61", "esp32h2", "esp32h21", "esp32h4", "esp32p4", "esp32s31", "esp32e22",
};

static void
set_lines (Rig *rig, gboolean dtr, gboolean rts)
{
  fg_sim_board_set_lines (rig->board, dtr, rts, rig->now_us);
}

static void
assert_says (Rig *rig, const char *what)
{
  g_autofree char *text = rig_text (rig);

  if (strstr (text, what) == NULL)
    g_error ("“%s” is not in “%s”", what, text);
}

/* A blank flash, and the watchdog that tries again. */
static void
test_blank (gconstpointer data)
{
  g_autofree char *spec = g_strconcat (data, ",timing=none", NULL);
  g_autoptr (Rig) rig = rig_new (spec);

  rig_run (rig, 100 * MS);
  assert_says (rig, "rst:0x1 (POWERON");
  rig_run (rig, 1000 * MS);
  assert_says (rig, "rst:0x10 (RTCWDT_RTC_R");
  rig_run (rig, 1000 * MS);
  assert_says (rig, "invalid header: 0xffffffff");
}

/* The classic sequence and back, at a real rate: the text is at 115200 whatever the chip. */
static void
test_into_loader (gconstpointer data)
{
  g_autoptr (Rig) rig = rig_new (data);

  rig_run (rig, 100 * MS);
  set_lines (rig, FALSE, TRUE);
  rig_run (rig, 100 * MS);
  g_byte_array_set_size (rig->heard, 0);
  set_lines (rig, TRUE, FALSE);
  rig_run (rig, 50 * MS);
  set_lines (rig, FALSE, FALSE);
  rig_run (rig, 50 * MS);
  assert_says (rig, "waiting for download\r\n");
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
  set_lines (rig, FALSE, TRUE);
  rig_run (rig, 10 * MS);
  set_lines (rig, FALSE, FALSE);
  rig_run (rig, 100 * MS);
  assert_says (rig, "SPI_FAST_FLASH_BOOT");
}

/* One segment of four bytes; the checksum is EF XOR them, at the end of a line of 16 bytes. */
static void
test_application (gconstpointer data)
{
  const char *name = data;
  static const char *const at_1000[] = { "esp32", "esp32s2", NULL };
  static const char *const at_2000[] = { "esp32c5", "esp32h4", "esp32p4", "esp32s31", NULL };
  guint8 image[48] = { 0xe9, 1,        2,        0x20, 0x78, 0x56, 0x34,
                       0x12, [28] = 4, [32] = 1, 2,    3,    0xff, [47] = 0xef ^ 1 ^ 2 ^ 3 ^ 0xff };
  guint32 at = g_strv_contains (at_1000, name)   ? 0x1000
               : g_strv_contains (at_2000, name) ? 0x2000
                                                 : 0;
  g_autofree char *path = NULL;
  g_autofree char *spec = NULL;
  g_autofree guint8 *flash = g_malloc (4 << 20);
  int fd = g_file_open_tmp ("sim-later-XXXXXX.img", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  memset (flash, 0xff, 4 << 20);
  memcpy (flash + at, image, sizeof image);
  g_assert_true (g_file_set_contents (path, (char *) flash, 4 << 20, NULL));
  spec = g_strdup_printf ("%s,flash=4M,timing=none,image=%s", name, path);
  {
    g_autoptr (Rig) rig = rig_new (spec);

    rig_run (rig, 100 * MS);
    assert_says (rig, "entry 0x12345678\r\nI (31) boot:");
  }
  flash[at + 32] = 7;
  g_assert_true (g_file_set_contents (path, (char *) flash, 4 << 20, NULL));
  {
    g_autoptr (Rig) rig = rig_new (spec);

    rig_run (rig, 100 * MS);
    assert_says (rig, "csum err:0x");
  }
  g_unlink (path);
}

typedef struct {
  const char *spec;
  guint32 request, rate;
} Rate;

/* What the ROM is asked for, and the rate that comes of it; in per mille where a clock drifts. */
static const Rate rates[] = {
  { "esp32s3", 921600, 921600 },
  { "esp32c3", 460800, 460800 },
  { "esp32p4", 2000000, 2000000 },
  { "esp32h2", 230400, 230400 },
  { "esp32,drift=0", 921600, 921600 },
  { "esp32,drift=50", 921600, 921600 * 1000.0 / 1050 },
  { "esp32,drift=-50", 460800, 460800 * 1000.0 / 950 },
  { "esp32,drift=0,crystal=26", 460800, 460800 },
  { "esp32c2", 460800, 460800 },
  { "esp32c2,crystal=26", 460800, 460800 * 26.0 / 40 },
  { "esp32c2,crystal=26", 460800 * 40 / 26, 460800 },
  { "esp32c5", 921600, 921600 },
  { "esp32c5,rom-crystal=40", 460800, 460800 * 48.0 / 40 },
  { "esp32c5,crystal=40,rom-crystal=48", 460800 * 48 / 40, 460800 },
};

static void
test_rates (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (Rig) rig = rig_new_chip (rates[i].spec);
    double off;

    g_assert_cmpuint (rig_do (rig, 0x0f, rates[i].request), ==, 5);
    g_assert_cmpuint (rig_do (rig, 0x0f, rates[i].request, 0), ==, 0); /* at the old rate */
    off = (double) fg_sim_board_get_chip_baud (rig->board) / rates[i].rate - 1;
    if (ABS (off) > 0.003)
      g_error ("%s: %u asked for, %u came, not %u", rates[i].spec, rates[i].request,
               fg_sim_board_get_chip_baud (rig->board), rates[i].rate);
  }
}

/* PROTOCOL-FACTS 6.2: a host that reads the ROM's measurement gets what it wants. */
static void
test_compensation (void)
{
  static const char *const specs[] = { "esp32,drift=80", "esp32,drift=-80",
                                       "esp32,drift=30,crystal=26" };

  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++) {
    g_autoptr (Rig) rig = rig_new_chip (specs[i]);
    guint32 measured = rig_read_reg (rig, 0x3FF5F06C) >> 7 & 0x1FFFFFF;
    guint32 clock = rig_read_reg (rig, 0x3FF5A010) & 0xFF;
    double rom = (double) measured * 15625 * clock / 40, valid = rom > 33e6 ? 40e6 : 26e6;
    double got;

    g_assert_cmpuint (rig_do (rig, 0x0f, (guint32) (921600 * rom / valid), 0), ==, 0);
    got = fg_sim_board_get_chip_baud (rig->board);
    g_assert_cmpfloat_with_epsilon (got / 921600, 1, 0.003);
  }
}

/* PROTOCOL-FACTS 6.1 and the vectors of 16: the divider tells the crystal. */
static void
test_crystals (void)
{
  const struct {
    const char *spec;
    guint32 divider_at;
    guint32 divider;
  } rows[] = {
    { "esp32", 0x3FF40014, 347 },
    { "esp32,crystal=26", 0x3FF40014, 225 },
    { "esp32c2,crystal=26", 0x60000014, 225 },
    { "esp32c2", 0x60000014, 347 },
    { "esp32c5", 0x60000014, 416 },
    { "esp32c5,crystal=40", 0x60000014, 347 },
    { "esp32e22", 0xC3102014, 347 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Rig) rig = rig_new_chip (rows[i].spec);

    g_assert_cmpuint (rig_read_reg (rig, rows[i].divider_at) & 0xfffff, ==, rows[i].divider);
  }
}

/* Secure download mode: what is allowed, and how the rest is refused. */
static void
test_secure_download (gconstpointer data)
{
  g_autofree char *spec = g_strconcat (data, ",sdm=yes,flash=4M", NULL);
  g_autoptr (Rig) rig = rig_new_chip (spec);
  static const guint8 refused[] = { 0x05, 0x06, 0x07, 0x09, 0x0a, 0x0e, 0x10, 0x11, 0x12, 0x13 };
  g_autofree char *info = NULL;
  guint8 block[4] = { 0 };

  g_assert_cmpuint (rig_do (rig, 0x0d, 0, 0), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *frame = NULL;

    rig_request (rig, refused[i], 0, block, sizeof block);
    rig_settle (rig);
    frame = rig_frame (rig);
    g_assert_true (g_str_has_prefix (frame, "01 0d ")); /* as the op before */
    g_assert_nonnull (strstr (frame, " 01 05 00 00"));
  }
  g_assert_cmpuint (rig_do (rig, 0x0b, 0, 4 << 20, 0x10000, 0x1000, 0x100, 0xffff), ==, 0);
  g_assert_cmpuint (rig_do (rig, 0x02, 4, 1, 0x400, 0x3ff000, 0), ==, 0);
  rig_block (rig, 0x03, 0, block, sizeof block);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_request (rig, 0x14, 0, NULL, 0);
  rig_settle (rig);
  g_assert_cmpuint (rig_data (rig, &info), ==, 0);
  g_assert_true (g_str_has_prefix (info, "04 00 00 00 00 "));
  g_assert_cmpuint (rig_do (rig, 0x0f, 230400, 0), ==, 0);
}

/* Flags and count of section 2.1, and writing encrypted: what comes back is something else. */
static void
test_security (void)
{
  g_autoptr (Rig) rig = rig_new_chip ("esp32c3,secure-boot=yes,encryption=yes,flash=4M");
  g_autofree char *info = NULL;
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);
  guint8 block[32] = "sixteen bytes and sixteen more.";

  rig_request (rig, 0x14, 0, NULL, 0);
  rig_settle (rig);
  g_assert_cmpuint (rig_data (rig, &info), ==, 0);
  g_assert_true (g_str_has_prefix (info, "01 00 00 00 01 "));
  g_assert_cmpuint (rig_do (rig, 0x0d, 0, 0), ==, 0);
  for (guint encrypt = 0; encrypt < 2; encrypt++) {
    g_assert_cmpuint (rig_do (rig, 0x02, 32, 1, 0x400, 0x1000, encrypt), ==, 0);
    rig_block (rig, 0x03, 0, block, sizeof block);
    rig_settle (rig);
    g_assert_cmpuint (rig_status (rig), ==, 0);
    g_assert_cmpint (memcmp (flash + 0x1000, block, sizeof block) != 0, ==, encrypt);
  }
}

/* The pins as they were at the reset: bit 3 is BOOT on S2 and S3 (section 12). */
static void
test_straps (void)
{
  static const struct {
    const char *spec;
    guint32 address, straps;
  } rows[] = {
    { "esp32", 0x3FF44038, 0x03 },
    { "esp32s2", 0x3F404038, 0x0 },
    { "esp32s3", 0x60004038, 0x0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Rig) rig = rig_new_chip (rows[i].spec);

    g_assert_cmphex (rig_read_reg (rig, rows[i].address), ==, rows[i].straps);
  }
}

static void
add (const char *name, const char *test, gconstpointer data, GTestDataFunc run)
{
  g_autofree char *path = g_strdup_printf ("/sim/later/line/%s/%s", name, test);

  g_test_add_data_func (path, data, run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (chips); i++) {
    add (chips[i], "blank", chips[i], test_blank);
    add (chips[i], "into-loader", chips[i], test_into_loader);
    add (chips[i], "application", chips[i], test_application);
    if (i > 0)
      add (chips[i], "secure-download", chips[i], test_secure_download);
  }
  g_test_add_func ("/sim/later/line/rates", test_rates);
  g_test_add_func ("/sim/later/line/compensation", test_compensation);
  g_test_add_func ("/sim/later/line/crystals", test_crystals);
  g_test_add_func ("/sim/later/line/straps", test_straps);
  g_test_add_func ("/sim/later/line/security", test_security);
  return g_test_run ();
}
