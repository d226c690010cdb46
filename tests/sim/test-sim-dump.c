/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump of a mask ROM runs like a real one: small-rom.S, which is assembled for this, says what it
 * finds after each reset.
 */
#include "sim-rig.h"

#include <glib/gstdio.h>

#include <string.h>

#define ROM_LEN 0x10000
#define ROM_BAUD 74928 /* 52 MHz / 694 */
#define BOOT_US 20000

/*
 * A word, and what runs at 0x40200004:
 *   movi a7, 6
 *   slli a7, a7, 28
 *   movi a2, '!'
 *   s32i a2, a7, 0
 *   ret
 */
#define FLASH "78 56 34 12 0c 67 40 77 01 2c 12 29 07 0d f0"
#define FLASH_BOOT                                                                                 \
  "small rom, cause 00000001, straps 00000003\r\nflash 12345678, mapped 12345678!, back\r\n"

static char *folder;   /* (owned) */
static char *rom_path; /* (owned) */

static void
write_file (const char *path, const void *bytes, gsize len)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, (gssize) len, &error);
  g_assert_no_error (error);
}

/* The dump has a length that the assembler does not know of. */
static void
make_rom (const char *program)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *dump = g_malloc0 (ROM_LEN);
  gsize len;

  g_file_get_contents (program, &bytes, &len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (len, <=, ROM_LEN);
  memcpy (dump, bytes, len);
  folder = g_dir_make_tmp ("sim-dump-XXXXXX", &error);
  g_assert_no_error (error);
  rom_path = g_build_filename (folder, "rom.bin", NULL);
  write_file (rom_path, dump, ROM_LEN);
}

static Rig *
start (const char *keys)
{
  g_autofree char *image = g_build_filename (folder, "flash.img", NULL);
  g_autofree char *spec =
      g_strdup_printf ("esp8266,flash=1M,image=%s,rom=%s,%s", image, rom_path, keys);
  g_autoptr (GBytes) flash = rig_bytes (FLASH);
  gsize len;
  const void *bytes = g_bytes_get_data (flash, &len);
  Rig *rig;

  write_file (image, bytes, len);
  rig = rig_new (spec);
  fg_sim_board_set_host_baud (rig->board, ROM_BAUD, rig->now_us);
  fg_sim_board_replug (rig->board, rig->now_us); /* what it said at another rate is lost */
  return rig;
}

static void
assert_text (Rig *rig, const char *expected)
{
  g_autofree char *text = rig_text (rig);

  g_assert_cmpstr (text, ==, expected);
}

/* Straps, controller, mapping, code in the flash; then a watchdog that is fed, and one that is not.
 */
static void
test_flash (gconstpointer timing)
{
  g_autofree char *keys = g_strdup_printf ("timing=%s", (const char *) timing);
  g_autoptr (Rig) rig = start (keys);
  const char *expected = FLASH_BOOT "w"
                                    "small rom, cause 00000004, straps 00000003\r\n";

  while (rig->heard->len < strlen (expected) && rig->now_us < 1000000)
    rig_run (rig, 100);
  g_byte_array_set_size (rig->heard, (guint) strlen (expected));
  assert_text (rig, expected);
}

/* What somebody hears who resets the board into the loader. */
static Rig *
reset_into_loader (const char *timing)
{
  g_autofree char *keys = g_strdup_printf ("timing=%s", timing);
  Rig *rig = start (keys);

  fg_sim_board_set_lines (rig->board, FALSE, TRUE, rig->now_us);
  rig_run (rig, 1000);
  g_byte_array_set_size (rig->heard, 0);
  fg_sim_board_set_lines (rig->board, TRUE, FALSE, rig->now_us);
  rig_run (rig, BOOT_US);
  assert_text (rig, "small rom, cause 00000002, straps 00000001\r\n");
  return rig;
}

/* The ROM measures the rate by the counters of the UART. Without timing what it did not need for
 * that comes after it; it answers a U with a V. */
static void
find_rate (Rig *rig, guint baud)
{
  g_autofree char *text = NULL;

  fg_sim_board_set_host_baud (rig->board, baud, rig->now_us);
  rig_put (rig, "55 55 55 55 55 55 55 55");
  rig_run (rig, BOOT_US);
  text = rig_text (rig);
  if (!g_str_has_prefix (text, "ready\r\n"))
    g_error ("heard “%s” at %u baud", text, baud);
  g_assert_cmpuint (strspn (text + 7, "V"), ==, strlen (text) - 7);
  g_assert_cmpfloat (ABS (fg_sim_board_get_chip_baud (rig->board) / (double) baud - 1), <, 0.01);
}

static void
test_loader (gconstpointer timing)
{
  static const guint bauds[] = { 115200, 460800, 9600 };

  for (gsize i = 0; i < G_N_ELEMENTS (bauds); i++) {
    g_autoptr (Rig) rig = reset_into_loader (timing);

    find_rate (rig, bauds[i]);
    /* the UART's interrupt, with others after it: CCOMPARE, FRC1; an exception in between */
    rig_put (rig, "61 62");
    rig_run (rig, BOOT_US);
    assert_text (rig, "bc");
    rig_put (rig, "74");
    rig_run (rig, BOOT_US);
    assert_text (rig, "T");
    rig_put (rig, "66");
    rig_run (rig, BOOT_US);
    assert_text (rig, "F");
    rig_put (rig, "78");
    rig_run (rig, BOOT_US);
    assert_text (rig, "E.");
    rig_put (rig, "41 66 42");
    rig_run (rig, BOOT_US);
    g_assert_cmpuint (rig->heard->len, ==, 3);
  }
}

static void
test_software_reset (gconstpointer timing)
{
  g_autoptr (Rig) rig = reset_into_loader (timing);

  find_rate (rig, 115200);
  rig_put (rig, "72");
  rig_run (rig, 200);
  fg_sim_board_set_host_baud (rig->board, ROM_BAUD, rig->now_us);
  rig_run (rig, BOOT_US);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (fg_sim_board_get_chip_baud (rig->board), ==, ROM_BAUD);
  find_rate (rig, 115200);
}

/* boot=loader: its text has been said before anybody listened. */
static void
test_started_in_loader (gconstpointer timing)
{
  g_autofree char *keys = g_strdup_printf ("boot=loader,timing=%s", (const char *) timing);
  g_autoptr (Rig) rig = start (keys);

  rig_run (rig, BOOT_US);
  assert_text (rig, "");
  find_rate (rig, 230400);
}

typedef struct {
  const char *name;
  gsize len; /* of the file; 0: there is none */
  const char *message;
} Bad;

static const Bad bad[] = {
  { "missing", 0, "*cannot read the ROM dump:*bad.bin*" },
  { "short", 0x4000, "*bad.bin is no ROM dump: it has 16384 bytes, expected 65536 (from 0x40*" },
  { "long", 0x10001, "*bad.bin is no ROM dump: it has 65537 bytes, expected 65536 (from 0x40*" },
};

static void
test_bad (gconstpointer data)
{
  const Bad *row = data;
  g_autofree char *path = g_build_filename (folder, "bad.bin", NULL);
  g_autofree char *spec = g_strdup_printf ("esp8266,rom=%s", path);
  g_autofree char *bytes = g_malloc0 (row->len + 1);
  g_autoptr (GError) error = NULL;

  if (row->len > 0)
    write_file (path, bytes, row->len);
  g_assert_null (fg_sim_board_new (spec, &error));
  g_assert_nonnull (error);
  if (!g_pattern_match_simple (row->message, error->message))
    g_error ("“%s” does not match “%s”", error->message, row->message);
  g_unlink (path);
}

static void
remove_folder (void)
{
  static const char *const names[] = { "rom.bin", "flash.img" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (rom_path);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  static const char *const timings[] = { "none", "datasheet" };
  static const struct {
    const char *name;
    GTestDataFunc run;
  } tests[] = {
    { "flash", test_flash },
    { "loader", test_loader },
    { "software-reset", test_software_reset },
    { "started-in-loader", test_started_in_loader },
  };
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  make_rom (argv[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (timings); k++) {
      g_autofree char *path = g_strdup_printf ("/sim/dump/%s/%s", tests[i].name, timings[k]);

      g_test_add_data_func (path, timings[k], tests[i].run);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/dump/bad/%s", bad[i].name);

    g_test_add_data_func (path, &bad[i], test_bad);
  }
  result = g_test_run ();
  remove_folder ();
  return result;
}
