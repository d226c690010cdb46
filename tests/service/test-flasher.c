/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flasher.h"

#include "fake-job-run.h"
#include "fg-error.h"
#include "fg-open.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_BLOCKS 1000

/* One flasher on a pseudo-terminal, and what was heard from it. */
typedef struct {
  FgFlasher *flasher;
  GCancellable *cancellable;
  int master;
  char port[64];
  GString *heard; /* one letter an event, in order */
  guint n_progress;
  double last_fraction;
  gboolean phases[FG_N_PHASES];
  gint64 log_time_us;
  guint slow_us; /* a progress handler that takes its time */
  FgResult *result;
  GError *error;
  gboolean done;
  gint64 done_us;
} Bench;

static void
on_progress (FgFlasher *flasher, const FgProgress *progress, gpointer data)
{
  Bench *bench = data;

  g_assert_true (fg_flasher_get_busy (flasher));
  g_assert_cmpfloat (progress->fraction, >=, bench->last_fraction);
  g_assert_cmpfloat (progress->fraction, ==, fg_flasher_get_fraction (flasher));
  g_assert_cmpint (progress->phase, ==, fg_flasher_get_phase (flasher));
  bench->last_fraction = progress->fraction;
  bench->phases[progress->phase] = TRUE;
  bench->n_progress++;
  g_string_append_c (bench->heard, 'p');
  g_usleep (bench->slow_us);
}

static void
on_log (FgFlasher *flasher, int level, const char *line, gint64 time_us, gpointer data)
{
  Bench *bench = data;

  g_assert_true (fg_flasher_get_busy (flasher));
  g_assert_cmpint (time_us, >=, bench->log_time_us);
  bench->log_time_us = time_us;
  g_string_append_printf (bench->heard, "[%d:%s]", level, line);
}

static void
on_sectors (FgFlasher *flasher, guint offset, guint length, int state, gpointer data)
{
  Bench *bench = data;

  g_assert_true (fg_flasher_get_busy (flasher));
  g_string_append_printf (bench->heard, "(%x+%x=%d)", offset, length, state);
}

static void
on_busy (FgFlasher *flasher, GParamSpec *pspec, gpointer data)
{
  Bench *bench = data;

  g_string_append_c (bench->heard, fg_flasher_get_busy (flasher) ? '<' : '>');
}

static void
bench_init (Bench *bench, gconstpointer data)
{
  bench->flasher = fg_flasher_new ();
  bench->cancellable = g_cancellable_new ();
  bench->heard = g_string_new (NULL);
  bench->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (grantpt (bench->master), ==, 0);
  g_assert_cmpint (unlockpt (bench->master), ==, 0);
  g_assert_cmpint (ptsname_r (bench->master, bench->port, sizeof bench->port), ==, 0);
  g_signal_connect (bench->flasher, "progress", G_CALLBACK (on_progress), bench);
  g_signal_connect (bench->flasher, "log", G_CALLBACK (on_log), bench);
  g_signal_connect (bench->flasher, "sectors", G_CALLBACK (on_sectors), bench);
  g_signal_connect (bench->flasher, "notify::busy", G_CALLBACK (on_busy), bench);
}

/* Nothing may be left over: the flasher goes with its last reference. */
static void
bench_clear (Bench *bench, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (bench->flasher), (gpointer *) &bench->flasher);
  g_object_unref (bench->flasher);
  g_assert_null (bench->flasher);
  g_object_unref (bench->cancellable);
  g_string_free (bench->heard, TRUE);
  g_clear_pointer (&bench->result, fg_result_unref);
  g_clear_error (&bench->error);
  if (bench->master >= 0)
    close (bench->master);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;

  g_assert_false (bench->done);
  g_assert_false (fg_flasher_get_busy (FG_FLASHER (source)));
  bench->result = fg_flasher_run_finish (FG_FLASHER (source), result, &bench->error);
  bench->done = TRUE;
  bench->done_us = g_get_monotonic_time ();
  g_string_append_c (bench->heard, '.');
}

static void
bench_start (Bench *bench, FakeJobRun run, const char *port)
{
  FgJob *job = fg_job_new (FG_JOB_FLASH, port);

  fake_job_run_set (run);
  bench->done = FALSE;
  fg_flasher_run_async (bench->flasher, job, bench->cancellable, on_done, bench);
  fg_job_unref (job);
}

static void
bench_wait (Bench *bench)
{
  while (!bench->done)
    g_main_context_iteration (NULL, TRUE);
}

/* The worker has posted all it has to say. */
static int posted;

static FgResult *
run_in_order (const FgJob *job,
              FgTransport *wire,
              const FgReporter *reporter,
              GCancellable *cancellable,
              GError **error)
{
  FgBoardInfo *board = fg_board_info_new (fg_chip_get (FG_CHIP_ESP8266));
  FgResult *result = fg_result_new (job->kind);

  g_assert_cmpstr (wire->name, ==, job->port);
  fg_report_log (reporter, FG_LOG_INFO, "one");
  board->flash_size = 16 * FG_SECTOR_SIZE;
  reporter->board (board, reporter->data);
  reporter->sectors (0, 0x1000, FG_SECTOR_ERASED, reporter->data);
  reporter->sectors (0x1000, 0x2000, FG_SECTOR_ERASED, reporter->data);
  reporter->sectors (0, 0x1000, FG_SECTOR_WRITTEN, reporter->data);
  fg_report_log (reporter, FG_LOG_WARNING, "two");
  result->board = board;
  g_atomic_int_set (&posted, TRUE);
  return result;
}

/* Everything arrives, in order, between busy and not busy; neighbours become one change. */
static void
test_order (Bench *bench, gconstpointer data)
{
  g_autofree char *expected = NULL;

  g_atomic_int_set (&posted, FALSE);
  bench_start (bench, run_in_order, bench->port);
  g_assert_true (fg_flasher_get_busy (bench->flasher));
  while (!g_atomic_int_get (&posted)) /* neighbours only meet in a mailbox that is not read */
    g_thread_yield ();
  bench_wait (bench);
  g_assert_no_error (bench->error);
  g_assert_nonnull (bench->result);
  expected = g_strdup_printf ("<[1:Opened %s][1:one](0+3000=3)(0+1000=4)[2:two]>.", bench->port);
  g_assert_cmpstr (bench->heard->str, ==, expected);
  g_assert_cmpuint (fg_flasher_get_n_sectors (bench->flasher), ==, 16);
  g_assert_cmpint (fg_flasher_get_sector_state (bench->flasher, 0), ==, FG_SECTOR_WRITTEN);
  g_assert_cmpint (fg_flasher_get_sector_state (bench->flasher, 2), ==, FG_SECTOR_ERASED);
  g_assert_cmpint (fg_flasher_get_sector_state (bench->flasher, 3), ==, FG_SECTOR_LEFT);
  g_assert_cmpint (fg_flasher_get_sector_state (bench->flasher, 16), ==, FG_SECTOR_LEFT);
  g_assert_true (fg_flasher_get_board (bench->flasher) == bench->result->board);
  fg_flasher_forget_board (bench->flasher);
  g_assert_null (fg_flasher_get_board (bench->flasher));
}

static FgResult *
run_many_blocks (const FgJob *job,
                 FgTransport *wire,
                 const FgReporter *reporter,
                 GCancellable *cancellable,
                 GError **error)
{
  for (guint phase = FG_PHASE_CONNECT; phase < FG_N_PHASES; phase++) {
    for (guint i = 0; i < N_BLOCKS; i++) {
      double done = ((phase - 1) * N_BLOCKS + i + 1) / (double) (N_BLOCKS * (FG_N_PHASES - 1));

      reporter->progress (
          &(FgProgress){ .phase = (FgPhase) phase, .fraction = done, .eta = 1 - done },
          reporter->data);
    }
  }
  /* A step back is the job's mistake; it is not shown. */
  reporter->progress (&(FgProgress){ .phase = FG_PHASE_RESTART, .fraction = 0.5, .eta = -7 },
                      reporter->data);
  return fg_result_new (job->kind);
}

/* A slow window slows down neither the worker nor the end, and misses no phase. */
static void
test_coalesced (Bench *bench, gconstpointer data)
{
  bench->slow_us = 10 * G_TIME_SPAN_MILLISECOND;
  bench_start (bench, run_many_blocks, bench->port);
  bench_wait (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpuint (bench->n_progress, >=, FG_N_PHASES - 1);
  g_assert_cmpuint (bench->n_progress, <, 100);
  g_assert_cmpfloat (fg_flasher_get_fraction (bench->flasher), ==, 1);
  g_assert_cmpfloat (fg_flasher_get_progress (bench->flasher)->fraction, ==, 1);
  g_assert_cmpfloat (fg_flasher_get_eta (bench->flasher), <, 0);
  for (guint phase = FG_PHASE_CONNECT; phase < FG_N_PHASES; phase++)
    g_assert_true (bench->phases[phase]);
}

/* Waits for the board, as every job does, until it is cancelled or unplugged. */
static FgResult *
run_until_stopped (const FgJob *job,
                   FgTransport *wire,
                   const FgReporter *reporter,
                   GCancellable *cancellable,
                   GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  guint8 byte;

  fg_report_log (reporter, FG_LOG_INFO, "waiting");
  g_assert_cmpint (fg_transport_read (wire, &byte, 1, deadline_us, cancellable, error), ==, -1);
  return NULL;
}

static void
bench_wait_for_log (Bench *bench)
{
  while (strstr (bench->heard->str, "waiting") == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cancel (Bench *bench, gconstpointer data)
{
  g_autoptr (FgTransport) wire = NULL;
  gint64 start_us;

  bench_start (bench, run_until_stopped, bench->port);
  bench_wait_for_log (bench);
  start_us = g_get_monotonic_time ();
  g_cancellable_cancel (bench->cancellable);
  g_assert_true (fg_flasher_get_busy (bench->flasher));
  bench_wait (bench);
  g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (bench->heard->str, "[2:Cancelled]>."));
  g_assert_cmpint (bench->done_us - start_us, <, 200 * G_TIME_SPAN_MILLISECOND);
  /* The port is free by then. */
  wire = fg_open (bench->port, NULL, NULL);
  g_assert_nonnull (wire);
}

static void
test_unplug (Bench *bench, gconstpointer data)
{
  gint64 start_us;

  bench_start (bench, run_until_stopped, bench->port);
  bench_wait_for_log (bench);
  start_us = g_get_monotonic_time ();
  close (bench->master);
  bench->master = -1;
  bench_wait (bench);
  g_assert_error (bench->error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (bench->heard->str, ": the board was disconnected]>."));
  g_assert_cmpint (bench->done_us - start_us, <, G_TIME_SPAN_SECOND);
}

static FgResult *
run_to_the_end (const FgJob *job,
                FgTransport *wire,
                const FgReporter *reporter,
                GCancellable *cancellable,
                GError **error)
{
  fg_report_log (reporter, FG_LOG_INFO, "waiting");
  while (!g_cancellable_is_cancelled (cancellable))
    g_usleep (G_TIME_SPAN_MILLISECOND);
  return fg_result_new (job->kind);
}

/* A job that was finished when the cancel came is finished. */
static void
test_late_cancel (Bench *bench, gconstpointer data)
{
  bench_start (bench, run_to_the_end, bench->port);
  bench_wait_for_log (bench);
  g_cancellable_cancel (bench->cancellable);
  bench_wait (bench);
  g_assert_no_error (bench->error);
  g_assert_nonnull (bench->result);
}

static void
on_second_done (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;

  g_assert_null (fg_flasher_run_finish (FG_FLASHER (source), result, error));
}

/* The second one ends at once and does not disturb the first. */
static void
test_second_start (Bench *bench, gconstpointer data)
{
  FgJob *job = fg_job_new (FG_JOB_DETECT, bench->port);
  GError *error = NULL;

  bench_start (bench, run_to_the_end, bench->port);
  bench_wait_for_log (bench);
  fg_flasher_run_async (bench->flasher, job, NULL, on_second_done, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, FG_ERROR, FG_ERROR_IN_USE);
  g_assert_true (fg_flasher_get_busy (bench->flasher));
  g_assert_false (bench->done);
  g_cancellable_cancel (bench->cancellable);
  bench_wait (bench);
  g_assert_no_error (bench->error);
  g_error_free (error);
  fg_job_unref (job);
}

/* Another flasher on the same port learns that it is busy; on another port it just works. */
static void
test_two_flashers (Bench *bench, gconstpointer data)
{
  Bench same = { 0 };
  Bench other = { 0 };

  bench_init (&same, NULL);
  bench_init (&other, NULL);
  bench_start (bench, run_until_stopped, bench->port);
  bench_start (&other, run_until_stopped, other.port);
  bench_wait_for_log (bench);
  bench_wait_for_log (&other);
  bench_start (&same, run_until_stopped, bench->port);
  bench_wait (&same);
  g_assert_error (same.error, FG_ERROR, FG_ERROR_PORT_BUSY);
  g_cancellable_cancel (bench->cancellable);
  bench_wait (bench);
  g_assert_false (other.done);
  g_cancellable_cancel (other.cancellable);
  bench_wait (&other);
  bench_clear (&same, NULL);
  bench_clear (&other, NULL);
}

static void
test_no_port (Bench *bench, gconstpointer data)
{
  bench_start (bench, run_in_order, "/dev/ttyUSB_none");
  bench_wait (bench);
  g_assert_error (bench->error, FG_ERROR, FG_ERROR_PORT_MISSING);
  g_assert_cmpstr (bench->heard->str, ==, "<[3:There is no port /dev/ttyUSB_none]>.");
}

static FgResult *
run_quietly (const FgJob *job,
             FgTransport *wire,
             const FgReporter *reporter,
             GCancellable *cancellable,
             GError **error)
{
  return fg_result_new (job->kind);
}

/* A board is remembered for its port only, and a new job starts from nothing. */
static void
test_again (Bench *bench, gconstpointer data)
{
  Bench other = { 0 };

  bench_init (&other, NULL);
  bench_start (bench, run_in_order, bench->port);
  bench_wait (bench);
  g_clear_pointer (&bench->result, fg_result_unref);
  bench_start (bench, run_quietly, bench->port);
  g_assert_cmpint (fg_flasher_get_sector_state (bench->flasher, 0), ==, FG_SECTOR_LEFT);
  g_assert_cmpint (fg_flasher_get_phase (bench->flasher), ==, FG_PHASE_NONE);
  bench_wait (bench);
  g_assert_nonnull (fg_flasher_get_board (bench->flasher));
  g_clear_pointer (&bench->result, fg_result_unref);
  bench_start (bench, run_quietly, other.port);
  g_assert_null (fg_flasher_get_board (bench->flasher));
  bench_wait (bench);
  g_assert_null (fg_flasher_get_board (bench->flasher));
  bench_clear (&other, NULL);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *name;
    void (*test) (Bench *bench, gconstpointer data);
  } rows[] = {
    { "/flasher/order", test_order },
    { "/flasher/coalesced", test_coalesced },
    { "/flasher/cancel", test_cancel },
    { "/flasher/late-cancel", test_late_cancel },
    { "/flasher/unplug", test_unplug },
    { "/flasher/second-start", test_second_start },
    { "/flasher/two-flashers", test_two_flashers },
    { "/flasher/no-port", test_no_port },
    { "/flasher/again", test_again },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_test_add (rows[i].name, Bench, NULL, bench_init, rows[i].test, bench_clear);
  return g_test_run ();
}
