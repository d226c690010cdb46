/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resets, straps, boot text and the program in the flash. */

#include "sim-rig.h"

#include <glib/gstdio.h>
#include <string.h>

#define SYNC                                                                                       \
  "c0 00 08 24 00 00 00 00 00 07 07 12 20"                                                         \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"                                               \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0"
#define LOADER_TEXT "\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n\r\n"
#define FLASH_TEXT "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\n"

/* Steps in the spelling of PROTOCOL-FACTS 3.2: D, R and U set lines, W waits, in milliseconds. */
static void
run_sequence (Rig *rig, const char *steps)
{
  g_auto (GStrv) parts = g_strsplit (steps, "|", -1);
  gboolean dtr = FALSE, rts = FALSE;

  for (guint i = 0; parts[i] != NULL; i++) {
    const char *step = parts[i];

    if (step[0] == 'W') {
      rig_run (rig, g_ascii_strtoll (step + 1, NULL, 10) * 1000);
      continue;
    }
    if (step[0] == 'D' || step[0] == 'U')
      dtr = step[1] == '1';
    if (step[0] == 'R')
      rts = step[1] == '1';
    if (step[0] == 'U')
      rts = step[3] == '1';
    fg_sim_board_set_lines (rig->board, dtr, rts, rig->now_us);
    rig->now_us += 20; /* what an ioctl takes at least */
  }
}

static void
run_until_quiet (Rig *rig)
{
  rig_run (rig, 100000);
}

typedef struct {
  const char *name, *keys, *steps, *state;
} Reset;

static const Reset resets[] = {
  { "classic", "", "D0|R1|W100|D1|R0|W50|D0", "loader" },
  { "unix-tight", "", "U0,0|U1,1|U0,1|W100|U1,0|W50|U0,0|D0", "loader" },
  { "adapter-without-last-release", "", "D0|R1|W100|D1|R0|W50", "loader" },
  { "hard-reset", ",boot=loader", "R1|W100|R0|W50", "booted" },
  { "held-in-reset", "", "R1|W100", "off" },
  { "both-do-nothing", ",boot=loader", "U1,1|W100|U0,0", "loader" },
  { "boot-alone-does-nothing", "", "D1|W100|D0", "booted" },
  { "capacitor-too-large", ",en-delay=0.3", "U0,0|U1,1|U0,1|W100|U1,0|W50|U0,0|W500", "booted" },
  { "capacitor-and-patience", ",en-delay=0.3", "U0,0|U1,1|U0,1|W100|U1,0|W550|U0,0", "loader" },
  { "no-capacitor-is-too-quick", ",en-delay=0", "D0|R1|W100|D1|R0|W50|D0", "booted" },
  { "no-lines", ",lines=no", "D0|R1|W100|D1|R0|W50|D0", "booted" },
};

static void
test_reset (gconstpointer data)
{
  const Reset *row = data;
  static const char *const timings[] = { "datasheet", "none" };

  for (gsize i = 0; i < G_N_ELEMENTS (timings); i++) {
    g_autofree char *spec = g_strdup_printf ("esp8266,timing=%s%s", timings[i], row->keys);
    g_autoptr (Rig) rig = rig_new (spec);

    rig_run (rig, 10000);
    run_sequence (rig, row->steps);
    g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, row->state);
  }
}

/* After each way in, the loader answers. */
static void
test_sync_after_reset (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266");

  for (guint i = 0; i < 3; i++) {
    run_sequence (rig, "U0,0|U1,1|U0,1|W100|U1,0|W50|U0,0");
    run_until_quiet (rig);
    g_byte_array_set_size (rig->heard, 0);
    rig_put (rig, SYNC SYNC);
    run_until_quiet (rig);
    g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
  }
}

static void
test_has_lines (void)
{
  g_autoptr (Rig) with = rig_new ("esp8266,name=On the desk");
  g_autoptr (Rig) without = rig_new ("esp8266,lines=no");

  g_assert_true (fg_sim_board_has_lines (with->board));
  g_assert_false (fg_sim_board_has_lines (without->board));
  g_assert_cmpstr (fg_sim_board_get_title (with->board), ==, "On the desk");
  g_assert_cmpstr (fg_sim_board_get_title (without->board), ==, "Simulated ESP8266EX");
}

typedef struct {
  const char *name, *keys;
  guint baud;
  gboolean readable;
} TextRate;

static const TextRate text_rates[] = {
  { "26-at-74880", "", 74880, TRUE },
  { "26-at-115200", "", 115200, FALSE },
  { "40-at-115200", ",crystal=40", 115200, TRUE },
  { "40-at-74880", ",crystal=40", 74880, FALSE },
  { "26-at-74880-untimed", ",timing=none", 74880, TRUE },
  { "26-at-115200-untimed", ",timing=none", 115200, FALSE },
};

static void
test_boot_text (gconstpointer data)
{
  const TextRate *row = data;
  g_autofree char *spec = g_strdup_printf ("esp8266%s", row->keys);
  g_autoptr (Rig) rig = rig_new (spec);
  g_autofree char *text = NULL;

  fg_sim_board_set_host_baud (rig->board, row->baud, rig->now_us);
  run_until_quiet (rig);
  g_byte_array_set_size (rig->heard, 0);
  run_sequence (rig, "D0|R1|W100|D1|R0|W50|D0");
  text = rig_text (rig);
  g_assert_cmpuint (strlen (text), >, 0);
  if (row->readable)
    g_assert_cmpstr (text, ==, LOADER_TEXT);
  else
    g_assert_null (strstr (text, "ets"));
}

/* An image whose segments and checksum are right, as PROTOCOL-FACTS 11.1 has it. */
static char *
make_image (gboolean damaged)
{
  char *path = NULL;
  guint8 image[64] = { 0xe9, 2, 0, 0, 0, 0, 0x10, 0x40 };
  guint8 sum = 0xef;
  int fd = g_file_open_tmp ("sim-boot-XXXXXX.img", &path, NULL);

  memcpy (image + 8,
          "\x00\x00\x10\x40\x08\x00\x00\x00"
          "abcdefgh",
          16);
  memcpy (image + 24,
          "\x00\x80\xfe\x3f\x04\x00\x00\x00"
          "1234",
          12);
  for (guint i = 0; i < 8; i++)
    sum ^= image[16 + i];
  for (guint i = 0; i < 4; i++)
    sum ^= image[32 + i];
  image[47] = sum;
  if (damaged)
    image[17] ^= 0x20;
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, (char *) image, sizeof image, NULL));
  return path;
}

static Rig *
rig_with_image (const char *path, const char *keys)
{
  g_autofree char *spec = g_strdup_printf ("esp8266,image=%s%s", path, keys);
  Rig *rig = rig_new (spec);

  fg_sim_board_set_host_baud (rig->board, 74880, rig->now_us);
  return rig;
}

static void
test_program (void)
{
  g_autofree char *path = make_image (FALSE);
  g_autofree char *loading = NULL, *banner = NULL, *rest = NULL;
  g_autoptr (Rig) rig = rig_with_image (path, "");

  rig_run (rig, 100000);
  loading = rig_text (rig);
  g_assert_true (g_str_has_prefix (loading, "\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)"));
  g_assert_nonnull (strstr (loading, "load 0x40100000, len 8, room 16 \r\ntail 8\r\nchksum 0x"));
  g_assert_nonnull (strstr (loading, "load 0x3ffe8000, len 4, room 8 \r\n"));
  g_assert_true (g_pattern_match_simple ("*\r\ncsum 0x??\r\n", loading));
  fg_sim_board_set_host_baud (rig->board, 115200, rig->now_us);
  rig_run (rig, 1000000);
  banner = rig_text (rig);
  g_assert_true (g_str_has_prefix (banner, "\r\n\r\nNodeMCU "));
  rig_run (rig, 10000000);
  rest = rig_text (rig);
  g_assert_cmpstr (rest, ==, "");
  g_unlink (path);
}

static void
test_babble (void)
{
  g_autofree char *path = make_image (FALSE);
  g_autofree char *text = NULL;
  g_autoptr (Rig) rig = rig_with_image (path, ",babble,timing=none");
  guint lines = 0;

  fg_sim_board_set_host_baud (rig->board, 115200, rig->now_us);
  rig_run (rig, 1000000);
  g_byte_array_set_size (rig->heard, 0);
  rig_run (rig, 1000000);
  text = rig_text (rig);
  for (const char *at = text; (at = strstr (at, "temperature")) != NULL; at++)
    lines++;
  g_assert_cmpuint (lines, ==, 10);
  g_unlink (path);
}

typedef struct {
  const char *name;
  gboolean image;
  const char *complaint;
} Broken;

static const Broken broken[] = {
  { "blank", FALSE, "flash read err, 1000\r\n" },
  { "damaged", TRUE, "csum err\r\n" },
};

/* The watchdog starts the chip again and again. */
static void
test_boot_loop (gconstpointer data)
{
  const Broken *row = data;
  g_autofree char *path = row->image ? make_image (TRUE) : NULL;
  g_autofree char *spec =
      g_strdup_printf ("esp8266,timing=none%s%s", path ? ",image=" : "", path ? path : "");
  g_autoptr (Rig) rig = rig_new (spec);
  g_autofree char *text = NULL;
  guint starts = 0;

  fg_sim_board_set_host_baud (rig->board, 74880, rig->now_us);
  rig_run (rig, 500000);
  g_byte_array_set_size (rig->heard, 0);
  rig_run (rig, 3000000);
  text = rig_text (rig);
  g_assert_nonnull (strstr (text, row->complaint));
  for (const char *at = text; (at = strstr (at, "rst cause:4")) != NULL; at++)
    starts++;
  g_assert_cmpuint (starts, ==, 3);
  if (path != NULL)
    g_unlink (path);
}

/* Leaving the loader by FLASH_END starts the image without a reset. */
static void
test_flash_end_starts_image (void)
{
  g_autofree char *path = make_image (FALSE);
  g_autofree char *reply = NULL, *text = NULL;
  g_autoptr (Rig) rig = rig_with_image (path, ",timing=none,boot=loader");

  rig_put (rig, SYNC);
  rig_settle (rig);
  g_byte_array_set_size (rig->heard, 0);
  rig_command (rig, 0x04, 1);
  rig_settle (rig);
  reply = rig_frame (rig);
  g_assert_cmpstr (reply, ==, "01 04 02 00 07 07 12 20 00 00");
  text = rig_text (rig);
  g_assert_nonnull (strstr (text, "load 0x40100000"));
  g_assert_null (strstr (text, "ets"));
  g_unlink (path);
}

static void
test_button (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,lines=no,boot=button,hold=0.5");
  gint64 start = rig->now_us;

  rig_run (rig, 490000);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "booted");
  rig_put (rig, SYNC SYNC);
  rig_run (rig, start + 500000 - rig->now_us + 30000);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
  g_byte_array_set_size (rig->heard, 0);
  rig_put (rig, SYNC SYNC);
  rig_run (rig, 100000);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
}

static void
test_reset_keeps_flash_drops_loader (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  g_assert_cmpuint (rig_do (rig, 0x02, 0x1000, 1, 16, 0), ==, 0);
  rig_block (rig, 0x03, 0, (const guint8 *) "abcd", 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  run_sequence (rig, "U0,0|U1,1|U0,1|W100|U1,0|W50|U0,0");
  run_until_quiet (rig);
  g_byte_array_set_size (rig->heard, 0);
  /* the run that was begun is forgotten, what was written is not */
  rig_block (rig, 0x03, 1, (const guint8 *) "abcd", 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 5);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL), 4, "abcd", 4);
}

static void
add_rows (const char *group, gconstpointer rows, gsize n, gsize size, void (*test) (gconstpointer))
{
  for (gsize i = 0; i < n; i++) {
    const char *row = (const char *) rows + i * size;
    /* every row begins with its name */
    g_autofree char *path = g_strdup_printf ("/sim/boot/%s/%s", group, *(const char *const *) row);

    g_test_add_data_func (path, row, test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("reset", resets, G_N_ELEMENTS (resets), sizeof resets[0], test_reset);
  add_rows ("text", text_rates, G_N_ELEMENTS (text_rates), sizeof text_rates[0], test_boot_text);
  add_rows ("loop", broken, G_N_ELEMENTS (broken), sizeof broken[0], test_boot_loop);
  g_test_add_func ("/sim/boot/sync-after-reset", test_sync_after_reset);
  g_test_add_func ("/sim/boot/has-lines", test_has_lines);
  g_test_add_func ("/sim/boot/program", test_program);
  g_test_add_func ("/sim/boot/babble", test_babble);
  g_test_add_func ("/sim/boot/flash-end-starts-image", test_flash_end_starts_image);
  g_test_add_func ("/sim/boot/button", test_button);
  g_test_add_func ("/sim/boot/reset-keeps-flash", test_reset_keeps_flash_drops_loader);
  return g_test_run ();
}
