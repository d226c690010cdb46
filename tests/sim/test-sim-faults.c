/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each fault strikes where it was told to, and only there. */

#include "sim-rig.h"

#include <string.h>

#define READ_MAGIC "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0"
#define REPLY "c0 01 0a 02 00 01 c1 f0 ff 00 00 c0"

typedef struct {
  const char *name, *keys;
  const char *heard; /* of three requests, fourteen bytes each, answered by twelve */
  gboolean unplugged;
} Fault;

static const Fault faults[] = {
  { "none", "", REPLY " " REPLY " " REPLY, FALSE },
  { "mute", "mute", "", FALSE },
  { "mute-after-the-second", "mute-after=28", REPLY, FALSE },
  { "mute-after-the-start-of-the-third", "mute-after=29", REPLY " " REPLY, FALSE },
  { "corrupt-tx", "corrupt-tx=14", REPLY " c0 54 0a 02 00 01 c1 f0 ff 00 00 c0 " REPLY, FALSE },
  { "corrupt-tx-twice", "corrupt-tx=2,corrupt-tx=3",
    "c0 54 5f 02 00 01 c1 f0 ff 00 00 c0 " REPLY " " REPLY, FALSE },
  { "drop-tx", "drop-tx=13", REPLY " 01 0a 02 00 01 c1 f0 ff 00 00 c0 " REPLY, FALSE },
  /* an op, and a length: the one is unknown, the other not worth an answer */
  { "corrupt-rx-op", "corrupt-rx=17",
    REPLY " c0 01 0a 02 00 01 c1 f0 ff 01 05 c0 c0 01 0a 02 00 01"
          " c1 f0 ff 00 05 c0",
    FALSE },
  { "corrupt-rx-length", "corrupt-rx=18", REPLY " " REPLY, FALSE },
  { "drop-rx", "drop-rx=20", REPLY " " REPLY, FALSE },
  /* the end of the first: the start of the second ends it */
  { "drop-rx-delimiter", "drop-rx=14", REPLY " " REPLY " " REPLY, FALSE },
  { "slow-line", "max-baud=57600", "", FALSE },
  { "fast-enough-line", "max-baud=115000", REPLY " " REPLY " " REPLY, FALSE },
  { "unplug", "unplug=20", REPLY, TRUE },
  { "unplug-tx", "unplug-tx=15", REPLY " c0 01", TRUE },
};

static void
test_fault (gconstpointer data)
{
  const Fault *row = data;
  g_autofree char *spec = g_strdup_printf ("esp8266,timing=none,boot=loader%s%s",
                                           *row->keys != '\0' ? "," : "", row->keys);
  g_autoptr (Rig) rig = rig_new (spec);
  g_autofree char *heard = NULL;

  for (guint i = 0; i < 3; i++) {
    rig_put (rig, READ_MAGIC);
    rig_settle (rig);
  }
  heard = rig_hex (rig->heard->data, rig->heard->len);
  g_assert_cmpstr (heard, ==, row->heard);
  g_assert_cmpint (fg_sim_board_is_unplugged (rig->board), ==, row->unplugged);
}

static void
test_replug (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,timing=none,boot=loader,unplug=3");

  rig_put (rig, READ_MAGIC);
  g_assert_true (fg_sim_board_is_unplugged (rig->board));
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "off");
  rig_put (rig, READ_MAGIC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  fg_sim_board_replug (rig->board, rig->now_us);
  g_assert_false (fg_sim_board_is_unplugged (rig->board));
  rig_put (rig, READ_MAGIC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 12);
}

/* With real timing the plug is pulled when that byte arrives, and the driver is woken for it. */
static void
test_unplug_in_time (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,boot=loader,unplug=10");

  rig_put (rig, READ_MAGIC);
  rig_run (rig, 860);
  g_assert_false (fg_sim_board_is_unplugged (rig->board));
  rig_run (rig, 1000);
  g_assert_true (fg_sim_board_is_unplugged (rig->board));
  g_assert_cmpint (fg_sim_board_next_event (rig->board, rig->now_us), ==, G_MAXINT64);
}

/* A plug pulled while the flash is programmed: what was written stays, the rest is not there. */
static void
test_unplug_while_writing (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("unplug=5000");
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);
  guint8 payload[1024];

  memset (payload, 0x33, sizeof payload);
  g_assert_cmpuint (rig_do (rig, 0x02, 0x1000, 8, sizeof payload, 0), ==, 0);
  for (guint i = 0; i < 8; i++)
    rig_block (rig, 0x03, i, payload, sizeof payload);
  g_assert_true (fg_sim_board_is_unplugged (rig->board));
  g_assert_cmphex (flash[4 * 1024 - 1], ==, 0x33);
  g_assert_cmphex (flash[5 * 1024], ==, 0xff);
}

/* Whatever is said to it, the board does not break, and a reset brings back its loader. */
static void
test_nonsense (void)
{
  static const char *const keys[] = { "", "timing=none," };

  for (guint round = 0; round < 40; round++) {
    g_autofree char *spec = g_strdup_printf ("esp8266,%sflash=256K,boot=loader", keys[round % 2]);
    g_autoptr (Rig) rig = rig_new (spec);

    rig_put (rig, READ_MAGIC READ_MAGIC READ_MAGIC);
    for (guint i = 0; i < 50; i++) {
      guint8 data[64];
      guint8 op = (guint8) g_test_rand_int_range (0, 16);

      /* small words, so that some of it makes sense */
      for (guint k = 0; k < sizeof data; k++)
        data[k] = (guint8) (g_test_rand_int_range (0, 3) ? 0 : g_test_rand_int ());
      if (op == 9 || op == 10)
        data[3] = 0x60;
      rig_request (rig, op, 0, data, (gsize) g_test_rand_int_range (0, 17) * 4);
      rig_put_bytes (rig, data, (gsize) g_test_rand_int_range (0, 12));
      rig_run (rig, 2000000);
      g_byte_array_set_size (rig->heard, 0);
    }
    fg_sim_board_replug (rig->board, rig->now_us);
    fg_sim_board_set_host_baud (rig->board, 115200, rig->now_us);
    rig_put (rig, READ_MAGIC READ_MAGIC READ_MAGIC " " READ_MAGIC);
    rig_run (rig, 1000000);
    g_assert_nonnull (memmem (rig->heard->data, rig->heard->len, "\x01\xc1\xf0\xff\x00", 5));
  }
}

/* Hours in which nobody looked at a board that prints all the time are not replayed. */
static void
test_long_absence (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266");

  rig_run (rig, 1000000);
  rig->now_us += G_GINT64_CONSTANT (30) * 24 * 3600 * G_USEC_PER_SEC;
  rig_run (rig, 1000000);
  g_assert_cmpuint (rig->heard->len, <, 65536);
  g_assert_cmpuint (rig->heard->len, >, 0);
  fg_sim_board_set_lines (rig->board, FALSE, TRUE, rig->now_us);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "off");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/faults/%s", faults[i].name);

    g_test_add_data_func (path, &faults[i], test_fault);
  }
  g_test_add_func ("/sim/faults/replug", test_replug);
  g_test_add_func ("/sim/faults/unplug-in-time", test_unplug_in_time);
  g_test_add_func ("/sim/faults/unplug-while-writing", test_unplug_while_writing);
  g_test_add_func ("/sim/faults/nonsense", test_nonsense);
  g_test_add_func ("/sim/faults/long-absence", test_long_absence);
  return g_test_run ();
}
