/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window of packets, by itself: what is lost is sent again, nothing is sent in vain. */

#include "fg-stub-window.h"

#define NONE 0xffffffffu
#define SLOTS 8

/* What stands for the chip: which packets it has, as it would answer. */
typedef struct {
  guint n_packets;
  gboolean *has;
  guint next;
} Chip;

static guint32
later_of (const Chip *chip)
{
  guint32 later = 0;

  for (guint i = 0; i < 32 && chip->next + 1 + i < chip->n_packets; i++)
    if (chip->has[chip->next + 1 + i])
      later |= 1u << i;
  return later;
}

typedef struct {
  const char *name;
  double lost, damaged, unanswered; /* shares */
} LineCase;

static const LineCase line_cases[] = {
  { "good", 0, 0, 0 },    { "lossy", 0.05, 0, 0 },         { "damaging", 0, 0.05, 0 },
  { "deaf", 0, 0, 0.05 }, { "everything", 0.1, 0.1, 0.1 }, { "dreadful", 0.3, 0.2, 0.2 },
};

/* One packet after the other, each answered before the next leaves, or up to four later. */
static void
run_line (const LineCase *c, guint32 seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  Chip chip = { .n_packets = 300 };
  FgStubWindow window;
  GQueue line = G_QUEUE_INIT;
  guint sent = 0, dropped = 0;

  chip.has = g_new0 (gboolean, chip.n_packets);
  fg_stub_window_init (&window, chip.n_packets, SLOTS);
  while (!fg_stub_window_is_done (&window)) {
    guint depth = (guint) g_rand_int_range (rand, 1, 5);
    guint packet;
    double luck = g_rand_double (rand);

    while (line.length < depth && fg_stub_window_take (&window, &packet)) {
      g_assert_cmpuint (packet, <, window.next + SLOTS);
      g_queue_push_tail (&line, GUINT_TO_POINTER (packet));
      sent++;
    }
    g_assert_cmpuint (sent, <, 100 * chip.n_packets);
    if (line.length == 0) {
      fg_stub_window_expire (&window); /* nothing on its way, and nothing came */
      g_assert_true (fg_stub_window_has_work (&window));
      continue;
    }
    packet = GPOINTER_TO_UINT (g_queue_pop_head (&line));
    if (luck < c->lost) {
      dropped++;
      continue;
    }
    if (luck >= c->lost + c->damaged) {
      chip.has[packet] = TRUE;
      while (chip.next < chip.n_packets && chip.has[chip.next])
        chip.next++;
    } else {
      dropped++;
    }
    if (g_rand_double (rand) < c->unanswered)
      continue;
    if (luck < c->lost + c->damaged)
      fg_stub_window_damaged (&window, chip.next, later_of (&chip));
    else
      fg_stub_window_answer (&window, chip.next, later_of (&chip), packet);
  }
  g_assert_cmpuint (chip.next, ==, chip.n_packets);
  g_assert_cmpuint (sent, ==, chip.n_packets + window.resent);
  if (c->unanswered == 0)
    g_assert_cmpuint (window.resent, ==, dropped);
  g_queue_clear (&line);
  g_free (chip.has);
  fg_stub_window_clear (&window);
  g_rand_free (rand);
}

static void
test_line (gconstpointer data)
{
  for (guint32 seed = 0; seed < 200; seed++)
    run_line (data, seed);
}

static guint
take (FgStubWindow *window)
{
  guint packet;

  return fg_stub_window_take (window, &packet) ? packet : NONE;
}

/* An answer that nobody can give is not believed. */
static void
test_nonsense (void)
{
  FgStubWindow window;

  fg_stub_window_init (&window, 10, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (take (&window), ==, i);
  g_assert_cmpuint (take (&window), ==, NONE);
  fg_stub_window_answer (&window, 9, 0, 1);
  g_assert_cmpuint (window.next, ==, 0);
  fg_stub_window_answer (&window, 1, 1, 2); /* 0 and 2 are there, 1 got lost */
  g_assert_cmpuint (take (&window), ==, 1);
  g_assert_cmpuint (take (&window), ==, 3);
  fg_stub_window_answer (&window, 0, 0, 3);
  g_assert_cmpuint (window.next, ==, 1);
  fg_stub_window_clear (&window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (line_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub-window/line/%s", line_cases[i].name);
    g_test_add_data_func (path, &line_cases[i], test_line);
  }
  g_test_add_func ("/stub-window/nonsense", test_nonsense);
  return g_test_run ();
}
