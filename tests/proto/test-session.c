/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole jobs against a simulated board in memory: what is on its flash afterwards, and what is
 * said. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"

#include <glib/gstdio.h>
#include <string.h>

#define KIB 1024u
#define MIB (1024u * 1024u)

typedef struct {
  GString *log;
  double fraction;    /* the last one */
  gboolean went_back; /* it must never */
  guint phases;       /* bit per FgPhase */
  guint sectors[FG_N_SECTOR_STATES];
} Watch;

static void
on_progress (const FgProgress *progress, gpointer data)
{
  Watch *watch = data;

  watch->went_back |= progress->fraction < watch->fraction;
  watch->fraction = progress->fraction;
  watch->phases |= 1u << progress->phase;
}

static void
on_log (FgLogLevel level, const char *line, gpointer data)
{
  g_string_append_printf (((Watch *) data)->log, "%d %s\n", level, line);
}

static void
on_sectors (guint32 offset, guint32 length, FgSectorState state, gpointer data)
{
  g_assert_cmpuint (offset % FG_SECTOR_SIZE, ==, 0);
  g_assert_cmpuint (length % FG_SECTOR_SIZE, ==, 0);
  ((Watch *) data)->sectors[state] += length / FG_SECTOR_SIZE;
}

static void
watch_init (Watch *self)
{
  *self = (Watch){ .log = g_string_new (NULL) };
}

static void
watch_clear (Watch *self)
{
  g_string_free (self->log, TRUE);
}

static FgResult *
run (FgJob *job, Watch *watch, GCancellable *cancellable, GError **error)
{
  const FgReporter reporter = {
    .progress = on_progress, .log = on_log, .sectors = on_sectors, .data = watch
  };
  g_autoptr (FgTransport) wire = fg_open (job->port, cancellable, error);
  FgResult *result;

  if (wire == NULL)
    return NULL;
  result = fg_job_run (job, wire, &reporter, cancellable, error);
  g_assert_false (watch->went_back);
  g_test_message ("%s", watch->log->str);
  return result;
}

/* A board whose flash is a file of its own, so that it can be compared. */
typedef struct {
  char *dir;
  char *image;
} Board;

static void
board_init (Board *self)
{
  self->dir = g_dir_make_tmp ("fulgurite-session-XXXXXX", NULL);
  self->image = g_build_filename (self->dir, "flash.img", NULL);
}

static void
board_clear (Board *self)
{
  g_unlink (self->image);
  g_rmdir (self->dir);
  g_free (self->dir);
  g_free (self->image);
}

static FgJob *
board_job (const Board *self, FgJobKind kind, const char *spec)
{
  g_autofree char *port =
      g_strdup_printf ("sim:esp8266,timing=none,image=%s,%s", self->image, spec);

  return fg_job_new (kind, port);
}

static GBytes *
board_flash (const Board *self)
{
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (self->image, &data, &len, NULL));
  return g_bytes_new_take (data, len);
}

static void
assert_holds (const Board *self, guint32 offset, GBytes *firmware, guint8 byte2, guint8 byte3)
{
  g_autoptr (GBytes) flash = board_flash (self);
  gsize len;
  const guint8 *want = g_bytes_get_data (firmware, &len);
  const guint8 *got = g_bytes_get_data (flash, NULL);

  g_assert_cmpmem (got + offset, 2, want, 2);
  g_assert_cmphex (got[offset + 2], ==, byte2);
  g_assert_cmphex (got[offset + 3], ==, byte3);
  g_assert_cmpmem (got + offset + 4, len - 4, want + 4, len - 4);
}

static void
test_detect (void)
{
  g_autoptr (FgJob) job = fg_job_new (
      FG_JOB_DETECT, "sim:esp8266,timing=none,flash=4M,mac=5C:CF:7F:3A:91:0E,crystal=26");
  g_autoptr (GError) error = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autofree char *mac = NULL;
  Watch watch;

  watch_init (&watch);
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  mac = fg_board_info_dup_mac (result->board);
  g_assert_cmpstr (result->board->variant, ==, "ESP8266EX");
  g_assert_cmpstr (mac, ==, "5C:CF:7F:3A:91:0E");
  g_assert_cmpuint (result->board->crystal_mhz, ==, 26);
  g_assert_cmpuint (result->board->flash_size, ==, 4 * MIB);
  g_assert_cmpstr (result->board->flash_name, ==, "W25Q32");
  g_assert_cmpint (result->board->recommended_mode, ==, FG_FLASH_MODE_DIO);
  watch_clear (&watch);
}

static void
test_flash (void)
{
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x00, 3, 100 * KIB + 123);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgJob) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (FgResult) second = NULL;
  const FgRegionResult *region;
  Watch watch;
  Board board;

  board_init (&board);
  watch_init (&watch);
  job = board_job (&board, FG_JOB_FLASH, "flash=4M");
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  assert_holds (&board, 0, firmware, FG_FLASH_MODE_DIO, 0x40);
  region = &g_array_index (result->regions, FgRegionResult, 0);
  g_assert_true (region->verified);
  g_assert_cmpuint (region->written, ==, 104 * KIB);
  g_assert_cmpfloat (watch.fraction, ==, 1);
  g_assert_cmpuint (watch.sectors[FG_SECTOR_VERIFIED], ==, 26);
  watch_clear (&watch);

  watch_init (&watch);
  again = board_job (&board, FG_JOB_FLASH, "flash=4M");
  fg_job_add_firmware (again, "app.bin", 0, firmware);
  second = run (again, &watch, NULL, &error);
  g_assert_no_error (error);
  region = &g_array_index (second->regions, FgRegionResult, 0);
  g_assert_cmpuint (region->written, ==, 0);
  g_assert_cmpuint (region->skipped, ==, 104 * KIB);
  g_assert_true (region->verified);
  watch_clear (&watch);
  board_clear (&board);
}

/* Only what is asked for is touched: the neighbours of what is erased and written stay. */
static void
test_neighbours (void)
{
  static const guint32 offsets[] = { 0x0, 0x1000, 0xf000, 0x10000, 0x1f000, 0x3ff000 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++) {
    g_autoptr (GBytes) data = fg_make_image (FG_FLASH_MODE_DIO, 0, 1, 4096);
    g_autofree guint8 *before = g_malloc (4 * MIB);
    g_autoptr (GBytes) after = NULL;
    g_autoptr (FgJob) job = NULL;
    g_autoptr (FgResult) result = NULL;
    g_autoptr (GError) error = NULL;
    const guint8 *flash;
    Watch watch;
    Board board;

    board_init (&board);
    watch_init (&watch);
    memset (before, 0x5a, 4 * MIB);
    g_assert_true (g_file_set_contents (board.image, (char *) before, 4 * MIB, NULL));
    job = board_job (&board, FG_JOB_FLASH, "flash=4M");
    job->mode = FG_FLASH_MODE_KEEP;
    job->flash_size = FG_FLASH_SIZE_KEEP;
    fg_job_add_firmware (job, "app.bin", offsets[i], data);
    result = run (job, &watch, NULL, &error);
    g_assert_no_error (error);
    memcpy (before + offsets[i], g_bytes_get_data (data, NULL), 4096);
    after = board_flash (&board);
    flash = g_bytes_get_data (after, NULL);
    g_assert_cmpint (memcmp (flash, before, 4 * MIB), ==, 0);
    watch_clear (&watch);
    board_clear (&board);
  }
}

static void
test_erase (void)
{
  g_autofree guint8 *before = g_malloc (1 * MIB);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Watch watch;
  Board board;

  board_init (&board);
  watch_init (&watch);
  memset (before, 0x5a, 1 * MIB);
  g_assert_true (g_file_set_contents (board.image, (char *) before, 1 * MIB, NULL));
  job = board_job (&board, FG_JOB_ERASE, "flash=1M");
  job->offset = 0x3000;
  job->length = 0x21000;
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  memset (before + 0x3000, 0xff, 0x21000);
  after = board_flash (&board);
  g_assert_cmpint (memcmp (g_bytes_get_data (after, NULL), before, 1 * MIB), ==, 0);
  watch_clear (&watch);
  board_clear (&board);
}

static void
test_read (void)
{
  g_autoptr (GBytes) content = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, 512 * KIB);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (content, 0x1234, 0x2345);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Watch watch;
  Board board;

  board_init (&board);
  watch_init (&watch);
  g_assert_true (g_file_set_contents (board.image, g_bytes_get_data (content, NULL),
                                      (gssize) g_bytes_get_size (content), NULL));
  job = board_job (&board, FG_JOB_READ, "flash=512K");
  job->offset = 0x1234;
  job->length = 0x2345;
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (result->bytes, part));
  watch_clear (&watch);
  board_clear (&board);
}

typedef struct {
  const char *name;
  FgJobKind kind;
  const char *spec;
  guint32 offset, length; /* erase, read */
  int code;               /* FgError; -1: it works */
  const char *words;      /* in the message, or in the log when it works */
} BoardCase;

static const BoardCase board_cases[] = {
  { "mute", FG_JOB_DETECT, "mute", 0, 0, FG_ERROR_NO_ANSWER, "does not answer" },
  { "dead-flash", FG_JOB_FLASH, "flashid=FFFFFF", 0, 0, FG_ERROR_FLASH_CHIP, "FFFFFF" },
  { "dead-flash-is-shown", FG_JOB_DETECT, "flashid=FFFFFF", 0, 0, -1, "does not answer" },
  { "unknown-size", FG_JOB_ERASE, "flashid=7740EF", 0, 0, FG_ERROR_FLASH_CHIP, "not known" },
  { "protected", FG_JOB_FLASH, "protect=7", 0, 0, -1, "unlocking" },
  { "worn-out", FG_JOB_FLASH, "stuck=0x2003", 0, 0, FG_ERROR_VERIFY, "0x2003" },
  { "program-runs", FG_JOB_DETECT, "lines=no,boot=flash,babble", 0, 0, FG_ERROR_NOT_IN_LOADER, "" },
  { "button-held-later", FG_JOB_DETECT, "lines=no,boot=button,hold=1", 0, 0, -1, "ESP8266EX" },
  { "mute-in-the-middle", FG_JOB_FLASH, "mute-after=20000", 0, 0, FG_ERROR_TIMEOUT, "0x" },
  { "erase-unaligned", FG_JOB_ERASE, "flash=1M", 0x1001, 0x1000, FG_ERROR_RANGE, "4096" },
  { "erase-beyond", FG_JOB_ERASE, "flash=1M", 0xff000, 0x2000, FG_ERROR_RANGE, "1 MB" },
  { "read-beyond", FG_JOB_READ, "flash=1M", 0x100000, 0, FG_ERROR_RANGE, "1 MB" },
  { "no-raw-erase", FG_JOB_FLASH, "user-enable=no", 0, 0, FG_ERROR_ERASE, "0x5000" },
  { "no-raw-erase-even", FG_JOB_ERASE, "user-enable=no", 0x2000, 0x6000, -1, "through the ROM" },
  { "no-raw-erase-whole", FG_JOB_ERASE, "user-enable=no", 0, 0, -1, "through the ROM" },
  { "crystal-40", FG_JOB_FLASH, "crystal=40", 0, 0, -1, "40 MHz" },
  { "flash-16m", FG_JOB_FLASH, "flash=16M", 0, 0, -1, "16 MB" },
};

static void
test_board (gconstpointer data)
{
  const BoardCase *c = data;
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x00, 2, 20 * KIB);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgResult) result = NULL;
  Watch watch;
  Board board;

  board_init (&board);
  watch_init (&watch);
  job = board_job (&board, c->kind, c->spec);
  job->offset = c->offset;
  job->length = c->length;
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  result = run (job, &watch, NULL, &error);
  if (c->code < 0) {
    g_assert_no_error (error);
    g_assert_nonnull (strstr (watch.log->str, c->words));
    if (c->kind == FG_JOB_FLASH) {
      g_autoptr (GBytes) flash = board_flash (&board);
      assert_holds (&board, 0, firmware, 2, ((const guint8 *) g_bytes_get_data (flash, NULL))[3]);
    }
  } else {
    g_assert_null (result);
    g_assert_error (error, FG_ERROR, c->code);
    g_assert_nonnull (strstr (error->message, c->words));
  }
  watch_clear (&watch);
  board_clear (&board);
}

/* A file at 12 MB of 16: the ROM must be told that its flash is larger than 4 MB. */
static void
test_beyond_4m (void)
{
  g_autoptr (GBytes) data = fg_make_image (FG_FLASH_MODE_DIO, 0x00, 2, 10000);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgResult) result = NULL;
  Watch watch;
  Board board;

  board_init (&board);
  watch_init (&watch);
  job = board_job (&board, FG_JOB_FLASH, "flash=16M");
  fg_job_add_firmware (job, "data.bin", 12 * MIB, data);
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  assert_holds (&board, 12 * MIB, data, 2, 0);
  watch_clear (&watch);
  board_clear (&board);
}

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
  Board board;

  board_init (&board);
  job = board_job (&board, FG_JOB_FLASH, spec);
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  wire = fg_open (job->port, NULL, &error);
  g_assert_no_error (error);
  result = fg_job_run (job, wire, NULL, NULL, &error);
  self->ok = result != NULL;
  self->code = error != NULL ? error->code : -1;
  self->took_us = g_get_monotonic_time () - start_us;
  flash = board_flash (&board);
  self->right = memcmp (g_bytes_get_data (flash, NULL), g_bytes_get_data (firmware, NULL),
                        g_bytes_get_size (firmware))
                == 0;
  board_clear (&board);
  return NULL;
}

#define FAULT_RUNS 48

/* 12 KB take about 70,000 bytes to the board: erase, write, read back. */
static void
test_fault (gconstpointer data)
{
  const char *fault = data;
  gboolean unplugged = g_str_has_prefix (fault, "unplug");
  FaultRun runs[FAULT_RUNS];
  GThread *threads[FAULT_RUNS];
  guint step = g_str_has_suffix (fault, "tx") ? 1021 : 1409;
  guint failed = 0;

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
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x40, 2, 40 * KIB);
  g_autofree char *port =
      g_strdup_printf ("sim:esp8266,flash=4M,timing=datasheet,name=cancel-%d", watch.phase);
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, port);
  g_autoptr (FgTransport) wire = NULL;
  g_autoptr (GError) error = NULL;
  gint64 took_us;

  job->baud = 921600;
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
  g_test_add_func ("/session/detect", test_detect);
  g_test_add_func ("/session/flash", test_flash);
  g_test_add_func ("/session/neighbours", test_neighbours);
  g_test_add_func ("/session/erase", test_erase);
  g_test_add_func ("/session/read", test_read);
  g_test_add_func ("/session/beyond-4m", test_beyond_4m);
  for (guint i = 0; i < G_N_ELEMENTS (board_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/session/board/%s", board_cases[i].name);
    g_test_add_data_func (path, &board_cases[i], test_board);
  }
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
