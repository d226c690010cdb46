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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/detect", test_detect);
  g_test_add_func ("/session/flash", test_flash);
  return g_test_run ();
}
