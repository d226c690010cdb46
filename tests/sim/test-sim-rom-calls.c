/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of the mask ROM, called by rom-functions.c, which is built for this. */
#include "sim-rig.h"

#include <string.h>

enum { MEM_BEGIN = 5, MEM_END = 6, MEM_DATA = 7 };

#define TEXT 0x40100000u
#define DATA 0x3ffe8000u
#define DEADLINE_US 10000000

static const char expected[] = "reset 1\r\n"
                               "print -1 4000000000 beef BEEF text c %|   42|00001234\r\n"
                               "compare 0 1 0 1\r\n"
                               "copy copied pied\r\n"
                               "copy no 0\r\n"
                               "divide ffffff87 69e0 fc962fc9\r\n"
                               "area 0\r\n"
                               "data 12345678 12345678 ffffffff\r\n"
                               "status 1c\r\n"
                               "status 0\r\n"
                               "mapped 12345678 ffffffff\r\n"
                               "read 12345678\r\n"
                               "sha1 a9 9d\r\n" /* a9993e36 … 9cd0d89d; FIPS 180-4 */
                               "timers 640\r\n"
                               "alive\r\n";

static char *parts[2]; /* (owned) */
static gsize lens[2];

static void
load (Rig *rig, gsize part, guint32 address)
{
  gsize len = (lens[part] + 3) & ~(gsize) 3;
  g_autofree guint8 *bytes = g_malloc0 (len);

  memcpy (bytes, parts[part], lens[part]);
  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, (guint32) len, 1, (guint32) len, address), ==, 0);
  rig_block (rig, MEM_DATA, 0, bytes, len);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
}

static void
test_calls (gconstpointer timing)
{
  g_autofree char *spec =
      g_strdup_printf ("esp8266,flash=4M,boot=loader,timing=%s", (const char *) timing);
  g_autoptr (Rig) rig = rig_new (spec);
  g_autoptr (GBytes) entry = g_bytes_new (parts[0], 4);
  g_autofree char *text = NULL;
  guint32 start;
  gint64 end;

  memcpy (&start, g_bytes_get_data (entry, NULL), sizeof start);
  rig_put (rig, "c0 00 08 24 00 00 00 00 00 07 07 12 20"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0");
  rig_settle (rig);
  g_byte_array_set_size (rig->heard, 0);
  load (rig, 0, TEXT);
  load (rig, 1, DATA);
  rig_command (rig, MEM_END, 0, GUINT32_FROM_LE (start));
  for (end = rig->now_us + DEADLINE_US; rig->now_us < end;)
    if (rig->heard->len < 12 + strlen (expected))
      rig_run (rig, 1000);
    else
      break;
  g_free (rig_frame (rig)); /* the loader's last */
  text = rig_text (rig);
  g_assert_cmpstr (text, ==, expected);
  /* then a watchdog bites */
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "running");
  rig_run (rig, 1000000);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "running");
  rig_run (rig, 500000);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
}

int
main (int argc, char **argv)
{
  static const char *const timings[] = { "none", "datasheet" };
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_true (g_file_get_contents (argv[1 + i], &parts[i], &lens[i], NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (timings); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/rom-calls/%s", timings[i]);

    g_test_add_data_func (path, timings[i], test_calls);
  }
  result = g_test_run ();
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_free (parts[i]);
  return result;
}
