/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board in real time, on a machine that may be too slow for it. */
#include "fg-sim-pace.h"
#include "sim-programs.h"
#include "sim-rig.h"

#define MS 1000
#define ENTRY 0x40100000u
#define SENT 4000
#define SENT_MS (SENT * 10 * 1000 / 115200)

enum { MEM_BEGIN = 5, MEM_END = 6, MEM_DATA = 7 };

/* The real clock: it goes on when it is looked at, as if the machine had worked so long. */
static gint64 real_us, work_us;

static gint64
get_real (void)
{
  real_us += work_us;
  return real_us;
}

/* A board at 115200 whose program adds one to all that it hears; from now on on the real clock. */
static Rig *
echoing (const char *timing)
{
  g_autofree char *spec = g_strconcat ("esp8266,boot=loader,timing=", timing, NULL);
  g_autoptr (GBytes) code = rig_bytes (ECHOES);
  Rig *rig = rig_new (spec);
  gsize len;
  const guint8 *bytes = g_bytes_get_data (code, &len);

  rig_put (rig, "c0 00 08 24 00 00 00 00 00 07 07 12 20"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0");
  rig_settle (rig); /* measured the rate with it */
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, (guint32) len, 1, (guint32) len, ENTRY), ==, 0);
  rig_block (rig, MEM_DATA, 0, bytes, len);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_command (rig, MEM_END, 0, ENTRY);
  rig_settle (rig);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "running");
  work_us = 0;
  real_us = rig->now_us;
  fg_sim_board_set_real_clock (rig->board, get_real);
  return rig;
}

/* Returns: the board's time then */
static gint64
send (Rig *rig)
{
  gint64 now = fg_sim_board_now (rig->board);
  guint8 sent[SENT];

  for (gsize i = 0; i < SENT; i++)
    sent[i] = (guint8) i;
  fg_sim_board_put (rig->board, sent, SENT, now);
  return now;
}

/* Hears it all, as fast as the machine is; the board's time is then in the rig. Returns: the
 * longest that one look at the board took */
static gint64
hear (Rig *rig)
{
  gint64 longest = 0;

  rig->now_us = 0;
  for (guint round = 0; rig->heard->len < SENT; round++) {
    gint64 before = real_us, now = fg_sim_board_now (rig->board);
    guint8 buffer[512];
    gsize n = fg_sim_board_get (rig->board, buffer, sizeof buffer, now);

    longest = MAX (longest, real_us - before);
    g_assert_cmpint (now, >=, rig->now_us);
    g_assert_cmpint (fg_sim_board_to_real (rig->board, now), <=, real_us);
    g_assert_cmpuint (round, <, 100000);
    rig->now_us = now;
    g_byte_array_append (rig->heard, buffer, (guint) n);
    real_us += 10;
  }
  return longest;
}

static void
assert_all_heard (Rig *rig)
{
  g_assert_cmpuint (rig->heard->len, ==, SENT);
  for (gsize i = 0; i < SENT; i++)
    g_assert_cmpuint (rig->heard->data[i], ==, (guint8) (i + 1));
  g_assert_cmpuint (fg_sim_board_get_overflows (rig->board), ==, 0);
}

typedef struct {
  const char *name;
  gint64 work_us;    /* for a millisecond of the board, at least */
  guint at_least_ms; /* in real time, for what takes SENT_MS */
  guint at_most_ms;
} Machine;

/* One that is fast enough is not noticed; else all takes longer, in proportion. */
static const Machine machines[] = {
  { "fast", 100, SENT_MS, SENT_MS + 10 },
  { "slow", 5 * MS, SENT_MS * 4, SENT_MS * 12 },
  { "very-slow", 50 * MS, SENT_MS * 40, SENT_MS * 200 },
};

static void
test_machine (gconstpointer data)
{
  const Machine *row = data;
  g_autoptr (Rig) rig = echoing ("datasheet");
  gint64 real_began, board_began, took;

  work_us = row->work_us;
  board_began = send (rig);
  real_began = real_us;
  /* it stays as responsive as can be */
  g_assert_cmpint (hear (rig), <=, FG_SIM_PACE_LAG_MIN + 4 * row->work_us);
  assert_all_heard (rig);
  /* to itself the board was as fast as ever */
  took = rig->now_us - board_began;
  g_assert_cmpint (took, >=, SENT_MS * MS);
  g_assert_cmpint (took, <=, (SENT_MS + 10) * MS);
  took = real_us - real_began;
  g_assert_cmpint (took, >=, row->at_least_ms * MS);
  g_assert_cmpint (took, <=, row->at_most_ms * MS);
}

/* What happens while nobody looks happens in real time, on any machine. */
static void
test_idle (gconstpointer data)
{
  g_autoptr (Rig) rig = echoing ("datasheet");
  gint64 began = fg_sim_board_now (rig->board);

  work_us = GPOINTER_TO_INT (data);
  real_us += 3600 * G_GINT64_CONSTANT (1000000);
  g_assert_cmpint (real_us - fg_sim_board_now (rig->board), <, 5 * work_us + 1);
  g_assert_cmpint (fg_sim_board_to_real (rig->board, began), ==, began);
}

/* A busy board has not lost the time that its host slept. */
static void
test_idle_host (void)
{
  g_autoptr (Rig) rig = echoing ("datasheet");

  work_us = 100;
  send (rig);
  real_us += (SENT_MS + 1) * MS;
  g_assert_cmpint (hear (rig), <, 100 * MS);
  assert_all_heard (rig);
  g_assert_cmpint (fg_sim_board_to_real (rig->board, 0), ==, 0);
}

/* A moment in which the machine did something else is made up for. */
static void
test_hiccup (void)
{
  g_autoptr (Rig) rig = echoing ("datasheet");

  send (rig);
  real_us += 5 * MS;
  work_us = FG_SIM_PACE_LAG_MIN / 4;
  fg_sim_board_now (rig->board);
  work_us = 100;
  hear (rig);
  assert_all_heard (rig);
  g_assert_cmpint (fg_sim_board_to_real (rig->board, 0), ==, 0);
}

static void
test_untimed (void)
{
  g_autoptr (Rig) rig = echoing ("none");

  work_us = 50 * MS;
  send (rig);
  hear (rig);
  assert_all_heard (rig);
  g_assert_cmpint (fg_sim_board_now (rig->board), ==, real_us);
}

static void
test_never (void)
{
  g_autoptr (Rig) rig = echoing ("datasheet");

  g_assert_cmpint (fg_sim_board_to_real (rig->board, G_MAXINT64), ==, G_MAXINT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/pace/%s", machines[i].name);

    g_test_add_data_func (path, &machines[i], test_machine);
  }
  g_test_add_data_func ("/sim/pace/idle", GINT_TO_POINTER (100), test_idle);
  g_test_add_data_func ("/sim/pace/idle-slow", GINT_TO_POINTER (50 * MS), test_idle);
  g_test_add_func ("/sim/pace/idle-host", test_idle_host);
  g_test_add_func ("/sim/pace/hiccup", test_hiccup);
  g_test_add_func ("/sim/pace/untimed", test_untimed);
  g_test_add_func ("/sim/pace/never", test_never);
  return g_test_run ();
}
