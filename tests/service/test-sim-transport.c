/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flasher.h"

#include "assert-refused.h"
#include "fg-error.h"
#include "fg-open.h"

#include <string.h>

#define FIRMWARE_OFFSET 0x10000u
#define FIRMWARE_LENGTH 20000u

/* Runs one job through a flasher of its own, to the end. */
typedef struct {
  FgResult *result;
  GError *error;
  gboolean done;
  GCancellable *cancellable;
  FgPhase cancel_at;
  gint64 cancelled_us;
  guint n_written; /* sectors that the flasher shows as written or verified at the end */
} Work;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  FgFlasher *flasher = FG_FLASHER (source);

  work->result = fg_flasher_run_finish (flasher, result, &work->error);
  work->done = TRUE;
  for (guint i = 0; i < fg_flasher_get_n_sectors (flasher); i++) {
    FgSectorState state = fg_flasher_get_sector_state (flasher, i);

    if (state == FG_SECTOR_WRITTEN || state == FG_SECTOR_VERIFIED)
      work->n_written++;
  }
}

static void
on_progress (FgFlasher *flasher, const FgProgress *progress, gpointer data)
{
  Work *work = data;

  if (progress->phase != work->cancel_at || g_cancellable_is_cancelled (work->cancellable))
    return;
  work->cancelled_us = g_get_monotonic_time ();
  g_cancellable_cancel (work->cancellable);
}

static void
work_run (Work *work, FgJob *job)
{
  g_autoptr (FgFlasher) flasher = fg_flasher_new ();

  work->cancellable = g_cancellable_new ();
  if (work->cancel_at != FG_PHASE_NONE)
    g_signal_connect (flasher, "progress", G_CALLBACK (on_progress), work);
  fg_flasher_run_async (flasher, job, work->cancellable, on_done, work);
  while (!work->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->result, fg_result_unref);
  g_clear_error (&work->error);
  g_clear_object (&work->cancellable);
}

static GBytes *
make_firmware (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8266);
  guint8 *bytes = g_malloc (FIRMWARE_LENGTH);

  for (guint i = 0; i < FIRMWARE_LENGTH; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  bytes[0] = 0x00; /* data, not an image */
  return g_bytes_new_take (bytes, FIRMWARE_LENGTH);
}

static FgJob *
flash_job (const char *port)
{
  g_autoptr (GBytes) firmware = make_firmware ();
  FgJob *job = fg_job_new (FG_JOB_FLASH, port);

  fg_job_add_firmware (job, "data.bin", FIRMWARE_OFFSET, firmware);
  return job;
}

/* Through everything between the window and the wire; the board keeps what one job wrote. */
static void
test_flash_and_read (void)
{
  static const char port[] = "sim:esp8266,flash=1M,timing=none";
  g_autoptr (FgJob) flash = flash_job (port);
  g_autoptr (FgJob) read = fg_job_new (FG_JOB_READ, port);
  g_autoptr (GBytes) firmware = make_firmware ();
  Work writing = { 0 };
  Work reading = { 0 };

  work_run (&writing, flash);
  g_assert_no_error (writing.error);
  g_assert_nonnull (writing.result->board);
  g_assert_cmpuint (writing.result->board->flash_size, ==, 1024 * 1024);
  g_assert_cmpuint (writing.n_written, ==, (FIRMWARE_LENGTH + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE);
  read->offset = FIRMWARE_OFFSET;
  read->length = FIRMWARE_LENGTH;
  work_run (&reading, read);
  g_assert_no_error (reading.error);
  g_assert_true (g_bytes_equal (reading.result->bytes, firmware));
  work_clear (&writing);
  work_clear (&reading);
}

static void
assert_cancelled_within (const char *port, FgPhase phase, gint64 limit_us)
{
  g_autoptr (FgJob) job = flash_job (port);
  Work work = { .cancel_at = phase };

  job->attempts = 0;
  work_run (&work, job);
  g_assert_error (work.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - work.cancelled_us, <, limit_us);
  work_clear (&work);
}

/* While it waits for a board, and in the midst of writing: then what is on the wire is sent to its
 * end, and the chip is taken back to the rate at which the next job looks for it. */
static void
test_cancel (void)
{
  assert_cancelled_within ("sim:esp8266,mute", FG_PHASE_CONNECT, 200 * G_TIME_SPAN_MILLISECOND);
  assert_cancelled_within ("sim:esp8266,flash=1M", FG_PHASE_WRITE, G_TIME_SPAN_SECOND);
}

/* Disconnected in the midst of writing; the next job finds it plugged in again. */
static void
test_unplug (void)
{
  g_autoptr (FgJob) job = flash_job ("sim:esp8266,flash=1M,timing=none,unplug=12000");
  g_autoptr (FgJob) detect = fg_job_new (FG_JOB_DETECT, job->port);
  Work broken = { 0 };
  Work again = { 0 };

  work_run (&broken, job);
  g_assert_error (broken.error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (broken.error->message, "the board was disconnected"));
  work_run (&again, detect);
  g_assert_no_error (again.error);
  work_clear (&broken);
  work_clear (&again);
}

static void
test_exclusive (void)
{
  static const char port[] = "sim:esp8266,timing=none";
  FgTransport *wire = fg_open (port, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (fg_transport_has_lines (wire));
  g_assert_true (fg_transport_has_baud (wire));
  g_assert_null (fg_open (port, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_PORT_BUSY);
  fg_transport_free (wire);
  wire = fg_open (port, NULL, NULL);
  g_assert_nonnull (wire);
  fg_transport_free (wire);
}

static void
test_no_lines (void)
{
  g_autoptr (FgTransport) wire = fg_open ("sim:esp8266,lines=no", NULL, NULL);

  g_assert_false (fg_transport_has_lines (wire));
}

static void
test_refused (void)
{
  static const struct {
    const char *port;
    int code;
    const char *words;
  } rows[] = {
    { "sim:", FG_ERROR_USAGE, "there is no chip" },
    { "sim:esp9", FG_ERROR_USAGE, "there is no chip “esp9”" },
    { "sim:esp8266,flash=3M", FG_ERROR_USAGE, "flash=3M is not understood" },
    { "sim:esp8266,image=/dev", FG_ERROR_FILE, "cannot open the flash image /dev" },
    { "sim:esp8266,image=/none/f.img", FG_ERROR_FILE, "cannot open the flash image /none/f.img" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i].port, rows[i].code, rows[i].words);
}

/* At its real pace: silence lasts as long as it should, and a byte takes its time. */
static void
test_pace (void)
{
  g_autoptr (FgTransport) wire = fg_open ("sim:esp8266,mute,name=pace", NULL, NULL);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  guint8 zeros[1152] = { 0 };
  guint8 byte;

  g_assert_cmpint (wire->ops->read (wire, &byte, 1, 20, &error), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 20 * G_TIME_SPAN_MILLISECOND);
  start_us = g_get_monotonic_time ();
  g_assert_true (fg_transport_set_baud (wire, 115200, &error));
  g_assert_true (fg_transport_write (wire, zeros, sizeof zeros, &error));
  g_assert_true (fg_transport_set_baud (wire, 921600, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 100 * G_TIME_SPAN_MILLISECOND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim-transport/flash-and-read", test_flash_and_read);
  g_test_add_func ("/sim-transport/cancel", test_cancel);
  g_test_add_func ("/sim-transport/unplug", test_unplug);
  g_test_add_func ("/sim-transport/exclusive", test_exclusive);
  g_test_add_func ("/sim-transport/no-lines", test_no_lines);
  g_test_add_func ("/sim-transport/refused", test_refused);
  g_test_add_func ("/sim-transport/pace", test_pace);
  return g_test_run ();
}
