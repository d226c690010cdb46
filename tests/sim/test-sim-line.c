/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The serial line in (virtual) real time: rates, pacing, auto-baud, overflow, busy times. */

#include "sim-rig.h"

#include <math.h>
#include <string.h>

#define SYNC                                                                                       \
  "c0 00 08 24 00 00 00 00 00 07 07 12 20"                                                         \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"                                               \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0"
#define READ_MAGIC "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0"
#define MAGIC_REPLY "01 0a 02 00 01 c1 f0 ff 00 00"
#define CLKDIV 0x60000014u

/* A board with real timing whose loader has been synced at @baud. */
static Rig *
synced (const char *keys, guint baud)
{
  g_autofree char *spec = g_strdup_printf ("esp8266,boot=loader%s", keys);
  Rig *rig = rig_new (spec);

  fg_sim_board_set_host_baud (rig->board, baud, rig->now_us);
  rig_put (rig, SYNC SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
  g_byte_array_set_size (rig->heard, 0);
  return rig;
}

static void
set_baud (Rig *rig, guint baud)
{
  fg_sim_board_set_host_baud (rig->board, baud, rig->now_us);
}

/* Whether one READ_REG is understood and its answer, too. */
static gboolean
is_understood (Rig *rig)
{
  g_autofree char *frame = NULL;

  g_byte_array_set_size (rig->heard, 0);
  rig_put (rig, READ_MAGIC);
  rig_settle (rig);
  frame = rig_frame (rig);
  return strcmp (frame, MAGIC_REPLY) == 0;
}

static void
test_autobaud (gconstpointer data)
{
  guint baud = GPOINTER_TO_UINT (data);
  g_autoptr (Rig) rig = rig_new ("esp8266,boot=loader");

  set_baud (rig, baud);
  /* the first one is used up by measuring */
  rig_put (rig, SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  rig_put (rig, SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (rig_read_reg (rig, CLKDIV), ==, (guint) lround (52e6 / baud));
  /* it measures once: at another rate it hears garbage until the next reset */
  set_baud (rig, baud * 2);
  rig_put (rig, SYNC SYNC SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
}

/* A little noise at another rate is not enough to settle on. */
static void
test_autobaud_needs_edges (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,boot=loader");

  set_baud (rig, 9600);
  rig_put (rig, "55 55");
  rig_settle (rig);
  set_baud (rig, 115200);
  rig_put (rig, SYNC SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
}

static void
test_autobaud_without_timing (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,boot=loader,timing=none,crystal=40");

  set_baud (rig, 230400);
  rig_put (rig, SYNC);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 12);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (rig_read_reg (rig, CLKDIV), ==, 347);
}

static void
test_tolerance (void)
{
  static const struct {
    double factor;
    gboolean understood;
  } rows[] = {
    { 1.0, TRUE },   { 1.03, TRUE }, { 0.97, TRUE }, { 1.07, FALSE },
    { 0.93, FALSE }, { 2.0, FALSE }, { 0.5, FALSE }, { 1.0, TRUE },
  };
  static const char *const timings[] = { "", ",timing=none" };

  for (gsize t = 0; t < G_N_ELEMENTS (timings); t++) {
    g_autofree char *spec = g_strdup_printf ("esp8266,boot=loader%s", timings[t]);
    g_autoptr (Rig) rig = rig_new (spec);

    rig_put (rig, SYNC SYNC);
    rig_settle (rig);
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
      set_baud (rig, (guint) (115200 * rows[i].factor));
      /* what garbage may have begun ends here */
      rig_put (rig, "c0 c0");
      rig_settle (rig);
      g_assert_cmpint (is_understood (rig), ==, rows[i].understood);
    }
  }
}

/* The answer to the write itself is sent at the new rate already. */
static void
test_divider (void)
{
  g_autoptr (Rig) rig = synced ("", 115200);
  g_autofree char *frame = NULL;

  rig_command (rig, 0x09, CLKDIV, 56, 0xffffffff, 0);
  rig_settle (rig);
  g_assert_cmpuint (fg_sim_board_get_chip_baud (rig->board), ==, 928571);
  frame = rig_frame (rig);
  g_assert_cmpstr (frame, !=, "01 09 02 00 07 07 12 20 00 00");
  g_assert_false (is_understood (rig));
  set_baud (rig, 921600);
  rig_put (rig, "c0 c0");
  rig_settle (rig);
  g_assert_true (is_understood (rig));
}

static void
test_pacing (void)
{
  static const guint bauds[] = { 9600, 115200, 921600 };

  for (gsize i = 0; i < G_N_ELEMENTS (bauds); i++) {
    g_autoptr (Rig) rig = synced ("", bauds[i]);
    double byte_us = 1e7 / bauds[i];
    gint64 start = rig->now_us;
    gint64 drained;

    rig_put (rig, READ_MAGIC);
    drained = fg_sim_board_drained (rig->board, start);
    g_assert_cmpint (ABS (drained - start - (gint64) (14 * byte_us)), <=, 2);
    rig_run (rig, drained - start + 40);
    g_assert_cmpuint (rig->heard->len, ==, 0);
    rig_settle (rig);
    g_assert_cmpuint (rig->heard->len, ==, 12);
    /* both ways, and the 40 us that the loader needs */
    g_assert_cmpfloat (fabs ((double) (rig->now_us - start) - 26 * byte_us - 40), <=,
                       26 * byte_us * 0.01 + 2);
    g_assert_cmpint (fg_sim_board_drained (rig->board, rig->now_us), ==, rig->now_us);
  }
}

static void
test_no_pacing (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  gint64 start = rig->now_us;

  rig_put (rig, READ_MAGIC);
  g_assert_cmpint (fg_sim_board_drained (rig->board, start), ==, start);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 12);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (rig_do (rig, 0x02, 0x100000, 1, 0x400, 0), ==, 0);
  g_assert_cmpint (rig->now_us, ==, start);
}

/* A byte that arrives is there at once, not only when the frame is complete. */
static void
test_bytes_trickle (void)
{
  g_autoptr (Rig) rig = synced ("", 9600);
  guint8 byte;

  rig_put (rig, READ_MAGIC);
  rig->now_us += 14 * 1042 + 40 + 1500;
  g_assert_cmpuint (fg_sim_board_get (rig->board, &byte, 1, rig->now_us), ==, 1);
  g_assert_cmphex (byte, ==, 0xc0);
  g_assert_cmpuint (fg_sim_board_get (rig->board, &byte, 1, rig->now_us), ==, 0);
}

static void
test_baud_changed_too_early (void)
{
  g_autoptr (Rig) rig = synced ("", 115200);

  rig_put (rig, READ_MAGIC);
  rig->now_us += 500; /* five of the fourteen bytes are out */
  set_baud (rig, 460800);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
}

static void
test_twelve_requests (void)
{
  static const guint bauds[] = { 115200, 921600, 2000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (bauds); i++) {
    g_autoptr (Rig) rig = synced ("", bauds[i]);

    for (guint k = 0; k < 12; k++)
      rig_put (rig, READ_MAGIC);
    rig_settle (rig);
    g_assert_cmpuint (rig->heard->len, ==, 12 * 12);
    g_assert_cmpuint (fg_sim_board_get_overflows (rig->board), ==, 0);
  }
}

/* While it erases, the ROM takes nothing from its buffers: what does not fit is lost. */
static void
test_overflow (void)
{
  g_autoptr (Rig) rig = synced ("", 115200);
  guint replies = 0;

  rig_command (rig, 0x02, 0x8000, 1, 0x400, 0);
  for (guint k = 0; k < 40; k++)
    rig_put (rig, READ_MAGIC);
  rig_settle (rig);
  g_assert_cmpuint (fg_sim_board_get_overflows (rig->board), ==, 40 * 14 - 384);
  while (TRUE) {
    g_autofree char *frame = rig_frame (rig);

    if (*frame == '\0')
      break;
    replies++;
  }
  g_assert_cmpuint (replies, ==, 1 + 384 / 14);
}

/* Answers that are longer than their requests fill the sender's FIFO: the loader waits for room,
 * and then its buffers overflow. */
static void
test_slow_to_answer (void)
{
  g_autoptr (Rig) rig = synced ("", 115200);

  for (guint i = 0; i < 30; i++)
    rig_put (rig, SYNC);
  rig_settle (rig);
  g_assert_cmpuint (fg_sim_board_get_overflows (rig->board), >, 0);
  g_assert_cmpuint (rig->heard->len, <, 30 * 8 * 12);
}

/* Whoever drives the board is not woken for every byte, nor only when all have come. */
static void
test_wake_ups (void)
{
  g_autoptr (Rig) rig = synced ("", 115200);
  guint8 buffer[128];
  guint wakes = 0;
  gsize got = 0;

  rig_put (rig, SYNC);
  while (got < 8 * 12) {
    gsize n;

    rig->now_us = fg_sim_board_next_event (rig->board, rig->now_us);
    n = fg_sim_board_get (rig->board, buffer, sizeof buffer, rig->now_us);
    g_assert_cmpuint (n, <=, 32);
    got += n;
    wakes++;
  }
  g_assert_cmpuint (wakes, <=, 10);
}

typedef struct {
  const char *name;
  guint32 size, offset;
  gint64 ms;
} EraseTime;

static const EraseTime erase_times[] = {
  { "two-sectors", 0x1000, 0, 2 * 45 },
  { "all-singly", 0x10000, 0x10000, 32 * 45 },
  /* 16 sectors of the head; of the 64 left three blocks, and the last 16 singly again */
  { "blocks", 0x40000, 0, 16 * 45 + 3 * 150 + 16 * 45 },
};

static void
test_erase_time (gconstpointer data)
{
  const EraseTime *row = data;
  g_autoptr (Rig) rig = synced ("", 115200);
  gint64 start = rig->now_us;

  g_assert_cmpuint (rig_do (rig, 0x02, row->size, 1, 0x400, row->offset), ==, 0);
  /* request and answer take less than 4 ms */
  g_assert_cmpint (rig->now_us - start, >=, row->ms * 1000);
  g_assert_cmpint (rig->now_us - start, <, row->ms * 1000 + 4000);
}

/* Sector after sector: what a pulled plug leaves half done is half done. */
static void
test_erase_is_gradual (void)
{
  g_autoptr (Rig) rig = synced ("", 921600);
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);
  guint8 zeros[16] = { 0 };

  for (guint32 at = 0; at < 0x10000; at += 0x1000) {
    g_assert_cmpuint (rig_do (rig, 0x02, 0, 1, 16, at), ==, 0);
    rig_block (rig, 0x03, 0, zeros, sizeof zeros);
    rig_settle (rig);
    g_assert_cmpuint (rig_status (rig), ==, 0);
  }
  rig_command (rig, 0x02, 0x8000, 1, 0x400, 0);
  rig_run (rig, 3 * 45000 - 1000);
  fg_sim_board_unplug (rig->board, rig->now_us);
  for (guint32 at = 0; at < 0x10000; at += 0x1000)
    g_assert_cmphex (flash[at], ==, at < 0x3000 ? 0xff : 0x00);
}

static void
test_program_time (void)
{
  g_autoptr (Rig) rig = synced ("", 921600);
  g_autofree guint8 *payload = g_malloc0 (0x1800);
  gint64 start;

  memset (payload, 0x12, 0x1800);
  g_assert_cmpuint (rig_do (rig, 0x02, 0x2000, 1, 0x1800, 0), ==, 0);
  rig_block (rig, 0x03, 0, payload, 0x1800);
  start = fg_sim_board_drained (rig->board, rig->now_us);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  /* 24 pages of 0.4 ms, reading back, the answer */
  g_assert_cmpint (rig->now_us - start, >=, 9600);
  g_assert_cmpint (rig->now_us - start, <, 9600 + 4000);
}

static void
test_write_reg_delay (void)
{
  g_autoptr (Rig) rig = synced ("", 921600);
  gint64 start = rig->now_us;

  g_assert_cmpuint (rig_do (rig, 0x09, 0x60000078, 0, 0, 50000), ==, 0);
  g_assert_cmpint (rig->now_us - start, >=, 50000);
  g_assert_cmpint (rig->now_us - start, <, 51000);
  /* 16 bits of it count */
  start = rig->now_us;
  g_assert_cmpuint (rig_do (rig, 0x09, 0x60000078, 0, 0, 0x10000 + 100), ==, 0);
  g_assert_cmpint (rig->now_us - start, <, 1000);
}

int
main (int argc, char **argv)
{
  static const guint bauds[] = { 9600, 74880, 115200, 230400, 460800, 921600 };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bauds); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/line/autobaud/%u", bauds[i]);

    g_test_add_data_func (path, GUINT_TO_POINTER (bauds[i]), test_autobaud);
  }
  g_test_add_func ("/sim/line/autobaud-without-timing", test_autobaud_without_timing);
  g_test_add_func ("/sim/line/tolerance", test_tolerance);
  g_test_add_func ("/sim/line/divider", test_divider);
  g_test_add_func ("/sim/line/pacing", test_pacing);
  g_test_add_func ("/sim/line/no-pacing", test_no_pacing);
  g_test_add_func ("/sim/line/bytes-trickle", test_bytes_trickle);
  g_test_add_func ("/sim/line/baud-changed-too-early", test_baud_changed_too_early);
  g_test_add_func ("/sim/line/twelve-requests", test_twelve_requests);
  g_test_add_func ("/sim/line/autobaud-needs-edges", test_autobaud_needs_edges);
  g_test_add_func ("/sim/line/overflow", test_overflow);
  g_test_add_func ("/sim/line/slow-to-answer", test_slow_to_answer);
  g_test_add_func ("/sim/line/wake-ups", test_wake_ups);
  for (gsize i = 0; i < G_N_ELEMENTS (erase_times); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/line/erase-time/%s", erase_times[i].name);

    g_test_add_data_func (path, &erase_times[i], test_erase_time);
  }
  g_test_add_func ("/sim/line/erase-is-gradual", test_erase_is_gradual);
  g_test_add_func ("/sim/line/program-time", test_program_time);
  g_test_add_func ("/sim/line/write-reg-delay", test_write_reg_delay);
  return g_test_run ();
}
