/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole jobs against a simulated board in memory: what is on its flash afterwards, and what is
 * said. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"
#include "fg-test-board.h"

#include <string.h>

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

static void
assert_holds (const FgTestBoard *self, guint32 offset, GBytes *firmware, guint8 byte2, guint8 byte3)
{
  g_autoptr (GBytes) flash = fg_test_board_flash (self);
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
  FgTestBoard board;

  fg_test_board_init (&board);
  watch_init (&watch);
  job = fg_test_board_job (&board, FG_JOB_FLASH, "flash=4M");
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
  again = fg_test_board_job (&board, FG_JOB_FLASH, "flash=4M");
  fg_job_add_firmware (again, "app.bin", 0, firmware);
  second = run (again, &watch, NULL, &error);
  g_assert_no_error (error);
  region = &g_array_index (second->regions, FgRegionResult, 0);
  g_assert_cmpuint (region->written, ==, 0);
  g_assert_cmpuint (region->skipped, ==, 104 * KIB);
  g_assert_true (region->verified);
  watch_clear (&watch);
  fg_test_board_clear (&board);
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
    FgTestBoard board;

    fg_test_board_init (&board);
    watch_init (&watch);
    memset (before, 0x5a, 4 * MIB);
    g_assert_true (g_file_set_contents (board.image, (char *) before, 4 * MIB, NULL));
    job = fg_test_board_job (&board, FG_JOB_FLASH, "flash=4M");
    job->mode = FG_FLASH_MODE_KEEP;
    job->flash_size = FG_FLASH_SIZE_KEEP;
    fg_job_add_firmware (job, "app.bin", offsets[i], data);
    result = run (job, &watch, NULL, &error);
    g_assert_no_error (error);
    memcpy (before + offsets[i], g_bytes_get_data (data, NULL), 4096);
    after = fg_test_board_flash (&board);
    flash = g_bytes_get_data (after, NULL);
    g_assert_cmpint (memcmp (flash, before, 4 * MIB), ==, 0);
    watch_clear (&watch);
    fg_test_board_clear (&board);
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
  FgTestBoard board;

  fg_test_board_init (&board);
  watch_init (&watch);
  memset (before, 0x5a, 1 * MIB);
  g_assert_true (g_file_set_contents (board.image, (char *) before, 1 * MIB, NULL));
  job = fg_test_board_job (&board, FG_JOB_ERASE, "flash=1M");
  job->offset = 0x3000;
  job->length = 0x21000;
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  memset (before + 0x3000, 0xff, 0x21000);
  after = fg_test_board_flash (&board);
  g_assert_cmpint (memcmp (g_bytes_get_data (after, NULL), before, 1 * MIB), ==, 0);
  watch_clear (&watch);
  fg_test_board_clear (&board);
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
  FgTestBoard board;

  fg_test_board_init (&board);
  watch_init (&watch);
  g_assert_true (g_file_set_contents (board.image, g_bytes_get_data (content, NULL),
                                      (gssize) g_bytes_get_size (content), NULL));
  job = fg_test_board_job (&board, FG_JOB_READ, "flash=512K");
  job->offset = 0x1234;
  job->length = 0x2345;
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (result->bytes, part));
  watch_clear (&watch);
  fg_test_board_clear (&board);
}

typedef struct {
  const char *name;
  FgJobKind kind;
  const char *spec;
  guint32 offset, length; /* erase, read */
  int code;               /* FgError; -1: it works */
  const char *words;      /* in the message, or in the log when it works */
  gboolean rom_only;      /* how the ROM's raw SPI commands take it */
} BoardCase;

static const BoardCase board_cases[] = {
  { "mute", FG_JOB_DETECT, "mute", 0, 0, FG_ERROR_NO_ANSWER, "does not answer" },
  { "dead-flash", FG_JOB_FLASH, "flashid=FFFFFF", 0, 0, FG_ERROR_FLASH_CHIP, "FFFFFF" },
  { "dead-flash-is-shown", FG_JOB_DETECT, "flashid=FFFFFF", 0, 0, -1, "does not answer" },
  { "unknown-size", FG_JOB_ERASE, "flashid=7740EF", 0, 0, FG_ERROR_FLASH_CHIP, "not known" },
  { "protected", FG_JOB_FLASH, "protect=7", 0, 0, -1, "unlocking", TRUE },
  { "worn-out", FG_JOB_FLASH, "stuck=0x2003", 0, 0, FG_ERROR_VERIFY, "0x2003" },
  { "program-runs", FG_JOB_DETECT, "lines=no,boot=flash,babble", 0, 0, FG_ERROR_NOT_IN_LOADER, "" },
  { "slow-reset", FG_JOB_DETECT, "en-delay=0.7", 0, 0, FG_ERROR_NOT_IN_LOADER, "boot mode 3" },
  { "button-held-later", FG_JOB_DETECT, "lines=no,boot=button,hold=1", 0, 0, -1, "ESP8266EX" },
  { "mute-in-the-middle", FG_JOB_FLASH, "mute-after=20000", 0, 0, FG_ERROR_TIMEOUT, "0x", TRUE },
  { "erase-unaligned", FG_JOB_ERASE, "flash=1M", 0x1001, 0x1000, FG_ERROR_RANGE, "4096" },
  { "erase-beyond", FG_JOB_ERASE, "flash=1M", 0xff000, 0x2000, FG_ERROR_RANGE, "1 MB" },
  { "read-beyond", FG_JOB_READ, "flash=1M", 0x100000, 0, FG_ERROR_RANGE, "1 MB" },
  { "no-raw-erase", FG_JOB_FLASH, "user-enable=no", 0, 0, FG_ERROR_ERASE, "0x5000", TRUE },
  { "no-raw-erase-even", FG_JOB_ERASE, "user-enable=no", 0x2000, 0x6000, -1, "through the ROM",
    TRUE },
  { "no-raw-erase-whole", FG_JOB_ERASE, "user-enable=no", 0, 0, -1, "through the ROM", TRUE },
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
  FgTestBoard board;

  fg_test_board_init (&board);
  watch_init (&watch);
  job = fg_test_board_job (&board, c->kind, c->spec);
  job->offset = c->offset;
  job->length = c->length;
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  result = run (job, &watch, NULL, &error);
  if (c->code < 0) {
    g_assert_no_error (error);
    g_assert_nonnull (strstr (watch.log->str, c->words));
    if (c->kind == FG_JOB_FLASH) {
      g_autoptr (GBytes) flash = fg_test_board_flash (&board);
      assert_holds (&board, 0, firmware, 2, ((const guint8 *) g_bytes_get_data (flash, NULL))[3]);
    }
  } else {
    g_assert_null (result);
    g_assert_error (error, FG_ERROR, c->code);
    g_assert_nonnull (strstr (error->message, c->words));
  }
  watch_clear (&watch);
  fg_test_board_clear (&board);
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
  FgTestBoard board;

  fg_test_board_init (&board);
  watch_init (&watch);
  job = fg_test_board_job (&board, FG_JOB_FLASH, "flash=16M");
  fg_job_add_firmware (job, "data.bin", 12 * MIB, data);
  result = run (job, &watch, NULL, &error);
  g_assert_no_error (error);
  assert_holds (&board, 12 * MIB, data, 2, 0);
  watch_clear (&watch);
  fg_test_board_clear (&board);
}

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

    if (board_cases[i].rom_only && fg_test_board_loader () != FG_LOADER_ROM)
      continue;
    g_test_add_data_func (path, &board_cases[i], test_board);
  }
  return g_test_run ();
}
