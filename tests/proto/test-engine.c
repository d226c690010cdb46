/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which engine does the work, and that the flash is right whichever one gives up, and where. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"
#include "fg-test-board.h"

#include <string.h>

#define IMAGE_SIZE (64 * KIB)
#define DIRT_SEED 8266

/* One job on a board of its own, whose flash is full of something else. */
typedef struct {
  const char *spec; /* (unowned) more of the board */
  FgLoaderChoice loader;
  guint baud; /* bit/s */
  guint n;    /* where the fault strikes, in bytes; 0: as @spec says */
  GBytes *firmware;
  FgResult *result; /* (owned) (nullable) */
  GError *error;    /* (owned) (nullable) */
  GString *log;     /* (owned) */
  gboolean right;   /* the firmware is on the flash */
  gboolean others;  /* the rest is as it was */
} Trial;

static void
on_log (FgLogLevel level, const char *line, gpointer data)
{
  g_string_append_printf (((Trial *) data)->log, "%s\n", line);
}

static GBytes *
make_dirt (gsize size)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (DIRT_SEED);
  guint32 *words = g_new (guint32, size / 4);

  for (gsize i = 0; i < size / 4; i++)
    words[i] = g_rand_int (rand);
  return g_bytes_new_take (words, size);
}

static void
compare_flash (Trial *self, const FgTestBoard *board, GBytes *dirt)
{
  g_autoptr (GBytes) flash = fg_test_board_flash (board);
  gsize len = g_bytes_get_size (self->firmware);
  gsize end = (len + 0xfff) & ~(gsize) 0xfff;
  const guint8 *got = g_bytes_get_data (flash, NULL);
  const guint8 *old = g_bytes_get_data (dirt, NULL);

  self->right = memcmp (got, g_bytes_get_data (self->firmware, NULL), len) == 0;
  self->others = memcmp (got + end, old + end, g_bytes_get_size (dirt) - end) == 0;
}

static gpointer
trial_run (gpointer data)
{
  Trial *self = data;
  const FgReporter reporter = { .log = on_log, .data = self };
  g_autofree char *place = self->n > 0 ? g_strdup_printf ("=%u", self->n) : g_strdup ("");
  g_autofree char *spec = g_strdup_printf ("flash=1M,%s%s", self->spec, place);
  g_autoptr (GBytes) dirt = make_dirt (MIB);
  g_autoptr (FgTransport) wire = NULL;
  g_autoptr (FgJob) job = NULL;
  FgTestBoard board;

  self->log = g_string_new (NULL);
  fg_test_board_init (&board);
  g_assert_true (g_file_set_contents (board.image, g_bytes_get_data (dirt, NULL), MIB, NULL));
  job = fg_test_board_job (&board, FG_JOB_FLASH, spec);
  job->loader = self->loader;
  job->baud = self->baud;
  fg_job_add_firmware (job, "app.bin", 0, self->firmware);
  wire = fg_open (job->port, NULL, &self->error);
  if (wire != NULL)
    self->result = fg_job_run (job, wire, &reporter, NULL, &self->error);
  compare_flash (self, &board, dirt);
  fg_test_board_clear (&board);
  return NULL;
}

static void
trial_clear (Trial *self)
{
  g_clear_pointer (&self->result, fg_result_unref);
  g_clear_error (&self->error);
  g_string_free (self->log, TRUE);
}

static void
assert_flashed (const Trial *self)
{
  g_test_message ("%s with %u:\n%s", self->spec, self->n, self->log->str);
  g_assert_no_error (self->error);
  g_assert_true (self->right);
  g_assert_true (self->others);
}

/* At most 1 MB of flash: its size in the header is the firmware's own. */
static GBytes *
make_firmware (void)
{
  return fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, IMAGE_SIZE);
}

typedef struct {
  const char *name;
  const char *spec;
  FgLoaderChoice loader;
  guint baud;         /* bit/s asked for */
  const char *engine; /* that does the work in the end; NULL: none, it fails */
  guint at_most;      /* bit/s in the end */
  const char *words;  /* in the log, or in the error */
} Case;

static const Case cases[] = {
  { "stub", "lines=yes", FG_LOADER_AUTO, 921600, "stub", 921600, "stub runs, 921600" },
  { "stub-2m", "lines=yes", FG_LOADER_AUTO, 2000000, "stub", 2000000, "stub runs, 2000000" },
  { "stub-slow", "lines=yes", FG_LOADER_AUTO, 115200, "stub", 115200, "stub runs, 115200" },
  { "rom", "lines=yes", FG_LOADER_ROM, 2000000, "rom", 921600, "own loader, 921600" },
  { "mute", "stub-dies-always=0", FG_LOADER_AUTO, 921600, "rom", 921600, "does not greet" },
  { "mute-by-choice", "stub-dies-always=0", FG_LOADER_STUB, 921600, NULL, 0, "does not greet" },
  { "misreads", "stub-misreads", FG_LOADER_AUTO, 921600, "rom", 921600, "does not read" },
  { "garbles", "max-baud=500000", FG_LOADER_AUTO, 921600, "stub", 460800, "stepping down" },
  { "garbles-2m", "max-baud=1000000", FG_LOADER_AUTO, 2000000, "stub", 921600, "2000000 baud" },
  { "dies-at-first", "stub-dies=1", FG_LOADER_AUTO, 921600, "stub", 460800, "Going on with" },
  { "dies-always", "stub-dies-always=9000", FG_LOADER_AUTO, 921600, "rom", 230400, "own loader" },
  { "dies-by-choice", "stub-dies-always=9000", FG_LOADER_STUB, 921600, NULL, 0, "stopped" },
  { "noise", "stub-noise=3000", FG_LOADER_AUTO, 921600, "stub", 921600, "again" },
  { "worn-out", "stuck=0x2003", FG_LOADER_AUTO, 921600, NULL, 0, "0x2003" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) firmware = make_firmware ();
  Trial trial = { .spec = c->spec, .loader = c->loader, .baud = c->baud, .firmware = firmware };

  trial_run (&trial);
  if (c->engine != NULL) {
    assert_flashed (&trial);
    g_assert_cmpstr (trial.result->loader, ==, c->engine);
    g_assert_cmpuint (trial.result->baud, <=, c->at_most);
    g_assert_nonnull (strstr (trial.log->str, c->words));
  } else {
    g_test_message ("%s", trial.log->str);
    g_assert_null (trial.result);
    g_assert_nonnull (strstr (trial.error->message, c->words));
    g_assert_true (trial.others);
  }
  trial_clear (&trial);
}

/* As large as a NodeMCU, and about three frames in a hundred are damaged, in both directions. */
static void
test_bad_line (void)
{
  g_autoptr (GBytes) firmware = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, 416 * KIB);
  Trial trial = { .spec = "stub-noise=35000", .baud = 921600, .firmware = firmware };

  trial_run (&trial);
  assert_flashed (&trial);
  g_assert_cmpstr (trial.result->loader, ==, "stub");
  trial_clear (&trial);
}

typedef struct {
  const char *name;
  const char *spec;
  guint last; /* about so many bytes go that way */
} Sweep;

static const Sweep sweeps[] = {
  { "dies", "stub-dies", 36000 },
  { "corrupt-rx", "stub-corrupt-rx", 36000 },
  { "corrupt-tx", "stub-corrupt-tx", 3000 },
};

#define POINTS 50

/* Half of a job goes wrong at fifty places: it takes longer, that is all. Many at once, because
 * they mostly wait. */
static void
test_sweep (gconstpointer data)
{
  const Sweep *sweep = data;
  g_autoptr (GBytes) firmware = make_firmware ();
  Trial trials[POINTS];
  GThread *threads[POINTS];

  for (guint i = 0; i < POINTS; i++) {
    trials[i] = (Trial){ .spec = sweep->spec,
                         .n = 1 + i * i * (sweep->last / POINTS) / POINTS,
                         .baud = 921600,
                         .firmware = firmware };
    threads[i] = g_thread_new (sweep->name, trial_run, &trials[i]);
  }
  for (guint i = 0; i < POINTS; i++) {
    g_thread_join (threads[i]);
    assert_flashed (&trials[i]);
    trial_clear (&trials[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/engine/case/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/engine/bad-line", test_bad_line);
  for (guint i = 0; i < G_N_ELEMENTS (sweeps); i++) {
    g_autofree char *path = g_strdup_printf ("/engine/sweep/%s", sweeps[i].name);

    g_test_add_data_func (path, &sweeps[i], test_sweep);
  }
  return g_test_run ();
}
