/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stub from a file: ours, driven by nothing but the standard commands, as if it were unknown. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"
#include "fg-test-board.h"

#include <stdio.h>
#include <string.h>

#define FLASH_SIZE (1 * MIB)
#define IMAGE_SIZE (64 * KIB)
#define SECTOR 0x1000u
#define CHANGED 0x5000u /* inside the image */
#define BLANK_FROM 0x20000u
#define BLANK_TO 0x2a000u

/* A board that keeps its flash from one job to the next. */
typedef struct {
  FgTestBoard board;
  guint8 *expected; /* (owned) what its flash should hold */
  GBytes *firmware; /* (owned) */
  GString *log;     /* (owned) of all jobs */
  const char *spec; /* (unowned) more of the board */
  FgResult *result; /* (owned) (nullable) of the last job */
  GError *error;    /* (owned) (nullable) of the last job */
} Rig;

static void
on_log (FgLogLevel level, const char *line, gpointer data)
{
  g_string_append_printf (((Rig *) data)->log, "%s\n", line);
}

/* In place: the simulated board keeps its file open. */
static void
put_flash (Rig *self)
{
  FILE *file = fopen (self->board.image, self->result == NULL ? "w" : "r+");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (self->expected, 1, FLASH_SIZE, file), ==, FLASH_SIZE);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Full of something else, but for a part that is blank. */
static void
rig_init (Rig *self, const char *spec)
{
  GRand *rand = g_rand_new_with_seed (8266);

  *self = (Rig){ .spec = spec, .log = g_string_new (NULL) };
  fg_test_board_init (&self->board);
  self->firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, IMAGE_SIZE);
  self->expected = g_malloc (FLASH_SIZE);
  for (guint i = 0; i < FLASH_SIZE; i++)
    self->expected[i] = (guint8) g_rand_int (rand);
  memset (self->expected + BLANK_FROM, 0xff, BLANK_TO - BLANK_FROM);
  put_flash (self);
  g_rand_free (rand);
}

static void
rig_clear (Rig *self)
{
  g_clear_pointer (&self->result, fg_result_unref);
  g_clear_error (&self->error);
  g_string_free (self->log, TRUE);
  g_bytes_unref (self->firmware);
  g_free (self->expected);
  fg_test_board_clear (&self->board);
}

static void
rig_run (Rig *self, FgJobKind kind, guint baud, guint32 offset, guint32 length)
{
  const FgReporter reporter = { .log = on_log, .data = self };
  g_autofree char *spec = g_strdup_printf ("flash=1M,%s", self->spec);
  g_autoptr (FgJob) job = fg_test_board_job (&self->board, kind, spec);
  g_autoptr (FgTransport) wire = NULL;

  g_clear_pointer (&self->result, fg_result_unref);
  g_clear_error (&self->error);
  job->loader = FG_LOADER_FILE;
  job->stub = fg_stub_image_new_esp8266 ();
  job->baud = baud;
  job->offset = offset;
  job->length = length;
  if (kind == FG_JOB_FLASH || kind == FG_JOB_VERIFY)
    fg_job_add_firmware (job, "app.bin", 0, self->firmware);
  wire = fg_open (job->port, NULL, &self->error);
  g_assert_no_error (self->error);
  self->result = fg_job_run (job, wire, &reporter, NULL, &self->error);
}

static void
assert_done (const Rig *self)
{
  g_test_message ("%s", self->log->str);
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->result->loader, ==, "file");
}

static void
assert_flash (const Rig *self)
{
  g_autoptr (GBytes) flash = fg_test_board_flash (&self->board);

  g_assert_cmpuint (g_bytes_get_size (flash), ==, FLASH_SIZE);
  g_assert_true (memcmp (g_bytes_get_data (flash, NULL), self->expected, FLASH_SIZE) == 0);
}

static void
assert_failed (const Rig *self, int code, const char *words)
{
  g_test_message ("%s%s", self->log->str, self->error != NULL ? self->error->message : "no error");
  g_assert_error (self->error, FG_ERROR, code);
  g_assert_nonnull (strstr (self->error->message, words));
}

static void
expect_firmware (Rig *self)
{
  memcpy (self->expected, g_bytes_get_data (self->firmware, NULL), IMAGE_SIZE);
}

static guint32
written (const Rig *self)
{
  return g_array_index (self->result->regions, FgRegionResult, 0).written;
}

/* All of it, nothing, and one sector. */
static void
test_flash (void)
{
  guint64 all;
  Rig rig;

  rig_init (&rig, "lines=yes");
  rig_run (&rig, FG_JOB_FLASH, 921600, 0, 0);
  assert_done (&rig);
  expect_firmware (&rig);
  assert_flash (&rig);
  g_assert_cmpuint (written (&rig), ==, IMAGE_SIZE);
  g_assert_cmpuint (rig.result->baud, ==, 921600);
  all = rig.result->bytes_on_wire;

  rig_run (&rig, FG_JOB_FLASH, 921600, 0, 0);
  assert_done (&rig);
  g_assert_cmpuint (written (&rig), ==, 0);
  g_assert_cmpuint (rig.result->bytes_on_wire, <, all / 2);

  rig.expected[CHANGED] ^= 0xff;
  put_flash (&rig);
  rig_run (&rig, FG_JOB_FLASH, 921600, 0, 0);
  assert_done (&rig);
  g_assert_cmpuint (written (&rig), ==, SECTOR);
  expect_firmware (&rig);
  assert_flash (&rig);
  rig_clear (&rig);
}

static void
test_verify (void)
{
  Rig rig;

  rig_init (&rig, "lines=yes");
  expect_firmware (&rig);
  put_flash (&rig);
  rig_run (&rig, FG_JOB_VERIFY, 921600, 0, 0);
  assert_done (&rig);
  rig.expected[CHANGED + 7] ^= 1;
  put_flash (&rig);
  rig_run (&rig, FG_JOB_VERIFY, 921600, 0, 0);
  assert_failed (&rig, FG_ERROR_VERIFY, "0x5007");
  assert_flash (&rig);
  rig_clear (&rig);
}

static void
test_read (void)
{
  const guint32 offset = 0x1ff01, length = 0x1f0fe;
  gsize len;
  const guint8 *bytes;
  Rig rig;

  rig_init (&rig, "lines=yes");
  rig_run (&rig, FG_JOB_READ, 2000000, offset, length);
  assert_done (&rig);
  g_assert_cmpuint (rig.result->baud, ==, 2000000);
  bytes = g_bytes_get_data (rig.result->bytes, &len);
  g_assert_cmpmem (bytes, len, rig.expected + offset, length);
  rig_clear (&rig);
}

static void
test_erase (void)
{
  Rig rig;

  rig_init (&rig, "lines=yes");
  rig_run (&rig, FG_JOB_ERASE, 921600, 0xf000, 0x22000);
  assert_done (&rig);
  memset (rig.expected + 0xf000, 0xff, 0x22000);
  assert_flash (&rig);
  rig_run (&rig, FG_JOB_ERASE, 921600, 0, 0);
  assert_done (&rig);
  memset (rig.expected, 0xff, FLASH_SIZE);
  assert_flash (&rig);
  rig_clear (&rig);
}

typedef struct {
  const char *name;
  const char *spec;
  FgJobKind kind;
  guint at_most;     /* bit/s in the end; 0: it fails */
  int code;          /* of the failure */
  const char *words; /* in the log, or in the error */
} Case;

/* Nobody gets another loader than the one that was chosen. */
static const Case cases[] = {
  { "mute", "stub-dies-always=0", FG_JOB_FLASH, 0, FG_ERROR_TIMEOUT, "does not greet" },
  { "misreads", "stub-misreads", FG_JOB_FLASH, 0, FG_ERROR_VERIFY, "does not read" },
  { "garbles", "max-baud=500000", FG_JOB_FLASH, 460800, 0, "stepping down" },
  { "dies", "stub-dies=9000", FG_JOB_FLASH, 460800, 0, "Going on with: Stub from a file" },
  { "dies-reading", "stub-dies=300", FG_JOB_READ, 460800, 0, "Going on with: Stub from a file" },
  { "dies-always", "stub-dies-always=9000", FG_JOB_FLASH, 0, FG_ERROR_TIMEOUT, "" },
  { "noise", "stub-noise=8000", FG_JOB_FLASH, 921600, 0, "file runs" },
  { "noise-reading", "stub-noise=40000", FG_JOB_READ, 921600, 0, "again" },
  { "worn-out", "stuck=0x2003", FG_JOB_FLASH, 0, FG_ERROR_VERIFY, "0x2003" },
  { "never-ends", "stays-busy=0x25000", FG_JOB_ERASE, 0, FG_ERROR_ERASE, "0x020000" },
  { "protected", "protect=7,protect-sticks", FG_JOB_ERASE, 0, FG_ERROR_ERASE, "unlocked" },
  { "unplugged", "unplug=40000", FG_JOB_FLASH, 0, FG_ERROR_DISCONNECTED, "" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  guint32 length = c->kind == FG_JOB_ERASE ? 0x10000 : c->kind == FG_JOB_READ ? 0x18000 : 0;
  Rig rig;

  rig_init (&rig, c->spec);
  rig_run (&rig, c->kind, 921600, c->kind == FG_JOB_ERASE ? 0x20000 : 0, length);
  if (c->at_most == 0) {
    assert_failed (&rig, c->code, c->words);
  } else {
    assert_done (&rig);
    g_assert_cmpuint (rig.result->baud, <=, c->at_most);
    g_assert_nonnull (strstr (rig.log->str, c->words));
    if (c->kind == FG_JOB_FLASH)
      expect_firmware (&rig);
    else
      g_assert_true (memcmp (g_bytes_get_data (rig.result->bytes, NULL), rig.expected, length)
                     == 0);
    assert_flash (&rig);
  }
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine-file/flash", test_flash);
  g_test_add_func ("/engine-file/verify", test_verify);
  g_test_add_func ("/engine-file/read", test_read);
  g_test_add_func ("/engine-file/erase", test_erase);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/engine-file/case/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
