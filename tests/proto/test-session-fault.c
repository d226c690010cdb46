/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes wrong in the middle: a byte, the plug, the user. Never a hang, never a false “done”. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"
#include "fg-test-board.h"

#include <string.h>

/* One fault, somewhere in a whole job. Many run at once, because they mostly wait. */
typedef struct {
  const char *fault;
  guint at;
  gboolean ok;
  gboolean right; /* the flash holds the firmware */
  int code;
  gint64 took_us;
} FaultRun;

static gpointer
run_fault (gpointer data)
{
  FaultRun *self = data;
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 2, 12 * KIB);
  g_autofree char *spec = g_strdup_printf ("flash=4M,%s=%u", self->fault, self->at);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgTransport) wire = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) flash = NULL;
  gint64 start_us = g_get_monotonic_time ();
  FgTestBoard board;

  fg_test_board_init (&board);
  job = fg_test_board_job (&board, FG_JOB_FLASH, spec);
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  wire = fg_open (job->port, NULL, &error);
  g_assert_no_error (error);
  result = fg_job_run (job, wire, NULL, NULL, &error);
  self->ok = result != NULL;
  self->code = error != NULL ? error->code : -1;
  self->took_us = g_get_monotonic_time () - start_us;
  flash = fg_test_board_flash (&board);
  self->right = memcmp (g_bytes_get_data (flash, NULL), g_bytes_get_data (firmware, NULL),
                        g_bytes_get_size (firmware))
                == 0;
  fg_test_board_clear (&board);
  return NULL;
}

#define FAULT_RUNS 48

/* 12 KB take the ROM about 70,000 bytes to the board: erase, write, read back. A stub is loaded and
 * has done with 20,000, and says little. */
static void
test_fault (gconstpointer data)
{
  const char *fault = data;
  gboolean unplugged = g_str_has_prefix (fault, "unplug");
  FaultRun runs[FAULT_RUNS];
  GThread *threads[FAULT_RUNS];
  guint step = g_str_has_suffix (fault, "tx") ? 1021 : 1409;
  guint failed = 0;

  if (fg_test_board_loader () != FG_LOADER_ROM)
    step /= g_str_has_suffix (fault, "tx") ? 24 : 8;
  for (guint i = 0; i < FAULT_RUNS; i++) {
    runs[i] = (FaultRun){ .fault = fault, .at = 1 + i * i * step / FAULT_RUNS };
    threads[i] = g_thread_new ("fault", run_fault, &runs[i]);
  }
  for (guint i = 0; i < FAULT_RUNS; i++) {
    g_thread_join (threads[i]);
    g_test_message ("%s=%u: ok %d code %d in %.2f s", fault, runs[i].at, runs[i].ok, runs[i].code,
                    (double) runs[i].took_us / G_USEC_PER_SEC);
    failed += !runs[i].ok;
    g_assert_cmpint (runs[i].took_us, <, 30 * G_USEC_PER_SEC);
    if (runs[i].ok)
      g_assert_true (runs[i].right); /* never a false “done” */
    else if (unplugged)
      g_assert_cmpint (runs[i].code, ==, FG_ERROR_DISCONNECTED);
  }
  if (unplugged)
    g_assert_cmpuint (failed, >, FAULT_RUNS / 2);
  else
    g_assert_cmpuint (failed, ==, 0); /* one byte costs time only */
}

typedef struct {
  GCancellable *cancellable;
  FgPhase phase;
  gint64 at_us;
} CancelWatch;

static void
cancel_in_phase (const FgProgress *progress, gpointer data)
{
  CancelWatch *watch = data;

  if (progress->phase == watch->phase && progress->done > 0 && watch->at_us == 0) {
    watch->at_us = g_get_monotonic_time ();
    g_cancellable_cancel (watch->cancellable);
  }
}

static const FgPhase cancel_phases[] = { FG_PHASE_COMPARE, FG_PHASE_ERASE, FG_PHASE_WRITE,
                                         FG_PHASE_VERIFY };

/* At a real rate and with real erase times: an answer within 200 ms, whatever is under way. */
static void
test_cancel (gconstpointer data)
{
  CancelWatch watch = { .phase = *(const FgPhase *) data };
  const FgReporter reporter = { .progress = cancel_in_phase, .data = &watch };
  guint kib = fg_test_board_loader () == FG_LOADER_ROM ? 40 : 400;
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 2, kib * KIB);
  g_autofree char *port =
      g_strdup_printf ("sim:esp8266,flash=4M,timing=datasheet,name=cancel-%d", watch.phase);
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, port);
  g_autoptr (FgTransport) wire = NULL;
  g_autoptr (GError) error = NULL;
  gint64 took_us;

  job->loader = fg_test_board_loader ();
  job->baud = 921600;
  job->erase_all = watch.phase == FG_PHASE_ERASE;
  job->write_all = watch.phase != FG_PHASE_COMPARE;
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  wire = fg_open (port, NULL, &error);
  g_assert_no_error (error);
  watch.cancellable = g_cancellable_new ();
  g_assert_null (fg_job_run (job, wire, &reporter, watch.cancellable, &error));
  took_us = g_get_monotonic_time () - watch.at_us;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (took_us, <, 200000);
  g_object_unref (watch.cancellable);
}

static const char *const faults[] = { "corrupt-rx", "corrupt-tx", "drop-rx",
                                      "drop-tx",    "unplug",     "unplug-tx" };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strdup_printf ("/session/fault/%s", faults[i]);
    g_test_add_data_func (path, faults[i], test_fault);
  }
  for (guint i = 0; i < G_N_ELEMENTS (cancel_phases); i++) {
    g_autofree char *path =
        g_strdup_printf ("/session/cancel/%s", fg_phase_name (cancel_phases[i]));
    g_test_add_data_func (path, &cancel_phases[i], test_cancel);
  }
  return g_test_run ();
}
