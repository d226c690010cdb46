/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The later ROM loaders at real rates, with the flash's own times (W25Q32JV data sheet). */

#include "sim-rig.h"

#include <string.h>

#define MS 1000
#define SYNC_REPLIES (8 * 14) /* bytes */

/* In its loader at 115200; the first SYNC is what the rate is measured with. */
static Rig *
new_timed (const char *spec)
{
  g_autofree char *whole = g_strconcat (spec, ",boot=loader,timing=datasheet", NULL);
  Rig *rig = rig_new (whole);

  for (guint i = 0; i < 2; i++) {
    g_byte_array_set_size (rig->heard, 0);
    rig_put (rig, "c0 00 08 24 00 00 00 00 00 07 07 12 20"
                  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"
                  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0");
    rig_run (rig, 100 * MS);
  }
  g_assert_cmpuint (rig->heard->len, ==, SYNC_REPLIES);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (rig_do (rig, 0x0d, 0, 0), ==, 0);
  return rig;
}

/* How long until the reply has begun, in milliseconds. */
static guint
time_reply (Rig *rig)
{
  guint ms = 0;

  while (rig->heard->len == 0) {
    rig_run (rig, MS);
    g_assert_cmpuint (++ms, <, 20000);
  }
  rig_run (rig, 10 * MS);
  return ms;
}

typedef struct {
  guint32 offset, size;
  guint ms; /* 45 a sector, 150 a block of 64 KB */
} Erase;

static const Erase erases[] = {
  { 0x1000, 0x1000, 45 },       { 0x10000, 0x10000, 150 }, { 0xf000, 0x12000, 45 + 150 + 45 },
  { 0x10000, 0xffff, 16 * 45 }, /* not a whole block */
  { 0x0, 0x100000, 16 * 150 },
};

/* What BEGIN erases takes its time before the reply, plain and compressed alike. */
static void
test_erase (void)
{
  g_autoptr (Rig) rig = new_timed ("esp32");

  for (gsize i = 0; i < G_N_ELEMENTS (erases); i++)
    for (guint8 op = 0x02; op <= 0x10; op += 0x0e) {
      guint ms;

      rig_command (rig, op, erases[i].size, 1, 0x400, erases[i].offset);
      ms = time_reply (rig);
      g_assert_cmpuint (rig_status (rig), ==, 0);
      g_assert_cmpuint (ms, >=, erases[i].ms);
      g_assert_cmpuint (ms, <=, erases[i].ms + 10);
    }
}

/* A MD5 of a megabyte takes part of a second, and never as long as a host has to allow (8 s). */
static void
test_digest (void)
{
  g_autoptr (Rig) rig = new_timed ("esp32");
  g_autofree char *hex = NULL;
  guint ms;

  rig_command (rig, 0x13, 0, 1000000, 0, 0);
  ms = time_reply (rig);
  g_assert_cmpuint (ms, >, 300);
  g_assert_cmpuint (ms, <, 3000);
  g_assert_cmpuint (rig_data (rig, &hex), ==, 0);
}

/* The reply comes at the old rate; then only a host that follows is understood. */
static void
test_rate (gconstpointer spec)
{
  g_autoptr (Rig) rig = new_timed (spec);

  g_assert_cmpuint (rig_do (rig, 0x0f, 921600, 0), ==, 0);
  fg_sim_board_set_host_baud (rig->board, 921600, rig->now_us);
  g_assert_cmpuint (rig_do (rig, 0x05, 4, 1, 4, 0x40080000), ==, 0);
  fg_sim_board_set_host_baud (rig->board, 115200, rig->now_us);
  rig_command (rig, 0x05, 4, 1, 4, 0x40080000);
  rig_run (rig, 1000 * MS);
  g_assert_cmpuint (rig->heard->len, ==, 0);
}

/* With a clock that is far off, a host that does not compensate hears nothing sensible. */
static void
test_drift (void)
{
  g_autoptr (Rig) rig = new_timed ("esp32,drift=80");
  g_autofree char *frame = NULL;

  g_assert_cmpuint (rig_do (rig, 0x0f, 921600, 0), ==, 0);
  fg_sim_board_set_host_baud (rig->board, 921600, rig->now_us);
  rig_command (rig, 0x05, 4, 1, 4, 0x40080000);
  rig_run (rig, 1000 * MS);
  frame = rig_frame (rig);
  g_assert_false (g_str_has_prefix (frame, "01 05 04 00"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/later/time/erase", test_erase);
  g_test_add_func ("/sim/later/time/digest", test_digest);
  g_test_add_data_func ("/sim/later/time/rate/esp32", "esp32,drift=0", test_rate);
  g_test_add_data_func ("/sim/later/time/rate/esp32s3", "esp32s3", test_rate);
  g_test_add_data_func ("/sim/later/time/rate/esp32h2", "esp32h2", test_rate);
  g_test_add_func ("/sim/later/time/drift", test_drift);
  return g_test_run ();
}
