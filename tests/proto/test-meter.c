/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-meter.h"

/* Expected: erase 1 s, write 3 s, verify 4 s; 100 bytes each. The clock does not matter to the
 * fraction, so what is asserted is exact. */
static void
start (FgMeter *meter)
{
  fg_meter_init (meter, NULL);
  fg_meter_expect (meter, FG_PHASE_ERASE, 1);
  fg_meter_expect (meter, FG_PHASE_WRITE, 3);
  fg_meter_expect (meter, FG_PHASE_VERIFY, 4);
}

static void
work (FgMeter *meter, FgPhase phase, guint64 done)
{
  if (meter->now.phase != phase)
    fg_meter_enter (meter, phase, 100);
  meter->reported_us = 0; /* as if the last report were long ago */
  fg_meter_update (meter, done, 0);
}

static void
test_weights (void)
{
  FgMeter meter;

  start (&meter);
  work (&meter, FG_PHASE_ERASE, 100);
  g_assert_cmpfloat_with_epsilon (meter.now.fraction, 1.0 / 8, 1e-9);
  work (&meter, FG_PHASE_WRITE, 50);
  g_assert_cmpfloat_with_epsilon (meter.now.fraction, 2.5 / 8, 1e-9);
  work (&meter, FG_PHASE_WRITE, 100);
  work (&meter, FG_PHASE_VERIFY, 25);
  g_assert_cmpfloat_with_epsilon (meter.now.fraction, 5.0 / 8, 1e-9);
  work (&meter, FG_PHASE_VERIFY, 100);
  fg_meter_finish (&meter);
  g_assert_cmpfloat (meter.now.fraction, ==, 1);
  g_assert_cmpfloat (meter.now.eta, ==, 0);
}

/* Work that had to be done again, and a plan that grew: it still moves, and only forward. */
static void
test_again (void)
{
  FgMeter meter;
  double last = 0;

  start (&meter);
  for (guint round = 0; round < 3; round++)
    for (FgPhase phase = FG_PHASE_ERASE; phase <= FG_PHASE_VERIFY; phase++) {
      if (phase == FG_PHASE_READ)
        continue;
      fg_meter_enter (&meter, phase, 100);
      fg_meter_expect (&meter, FG_PHASE_VERIFY, 4 + 10 * round);
      for (guint done = 20; done <= 100; done += 20) {
        work (&meter, phase, done);
        if (last < 0.999999) /* the third round has nothing left to move in */
          g_assert_cmpfloat (meter.now.fraction, >, last);
        g_assert_cmpfloat (meter.now.fraction, >=, last);
        g_assert_cmpfloat (meter.now.fraction, <=, 1);
        last = meter.now.fraction;
      }
    }
}

static void
test_unknown_total (void)
{
  FgMeter meter;

  start (&meter);
  fg_meter_enter (&meter, FG_PHASE_CONNECT, 0);
  meter.reported_us = 0;
  fg_meter_update (&meter, 5, 0);
  g_assert_cmpfloat (meter.now.fraction, ==, 0);
  g_assert_cmpfloat (meter.now.rate, ==, 0);
  g_assert_cmpfloat (meter.now.eta, <, 0);
  fg_meter_enter (&meter, FG_PHASE_ERASE, 0);
  g_assert_cmpfloat_with_epsilon (meter.now.eta, 8, 1e-9);
}

static void
count (const FgProgress *progress, gpointer data)
{
  (*(guint *) data)++;
}

/* Every phase is told, and a million steps are not. */
static void
test_throttle (void)
{
  guint n = 0;
  const FgReporter reporter = { .progress = count, .data = &n };
  FgMeter meter;

  fg_meter_init (&meter, &reporter);
  fg_meter_enter (&meter, FG_PHASE_WRITE, 1000000);
  for (guint i = 1; i < 1000000; i += 10)
    fg_meter_update (&meter, i, i);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <, 100);
  fg_meter_update (&meter, 1000000, 1000000);
  fg_meter_finish (&meter);
  g_assert_cmpfloat (meter.now.fraction, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/meter/weights", test_weights);
  g_test_add_func ("/meter/again", test_again);
  g_test_add_func ("/meter/unknown-total", test_unknown_total);
  g_test_add_func ("/meter/throttle", test_throttle);
  return g_test_run ();
}
