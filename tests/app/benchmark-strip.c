/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-resources.h"
#include "fg-strip.h"

#include <sys/resource.h>

/*
 * What the strip costs: a job goes on at every frame, as no job does, and every frame is drawn. It
 * prints the share of one core at 60 frames a second, by CPU time, so that a busy machine does not
 * matter, and without what 60 frames of an empty strip cost. TAP; it fails above the limit.
 */

#define MB (1024u * 1024u)
#define FRAMES 120
#define RATE 60.0 /* frames/s that are asked for */
#define LIMIT 5.0 /* % of a core: issue 5 */

typedef struct {
  FgFlashMap *map;
  GtkWidget *strip;
  guint32 size;   /* bytes of the flash */
  gboolean drawn; /* FALSE: the strip has no map and stays empty */
  guint frame;
  double start; /* CPU seconds */
  double seconds;
} Run;

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static FgFlashMap *
busy_map (guint32 size)
{
  FgFlashMap *map = fg_flash_map_new ();
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  fg_job_add_firmware (job, "firmware.bin", 0, bytes);
  plan = fg_plan_new (job, NULL, &error);
  g_assert_no_error (error);
  plan->flash_size = size;
  fg_flash_map_set_plan (map, plan, FALSE);
  fg_flash_map_start (map);
  return map;
}

/* Sectors in every state, in stripes that move. */
static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Run *run = data;
  guint n_sectors = run->size / FG_SECTOR_SIZE;
  guint stripe = MAX (1, n_sectors / 24);

  if (run->frame == 10) /* the first frames load fonts and styles */
    run->start = cpu_seconds ();
  for (guint i = 0; run->drawn && i < n_sectors; i += stripe)
    fg_flash_map_update (run->map, i * FG_SECTOR_SIZE, stripe * FG_SECTOR_SIZE,
                         (FgSectorState) ((i / stripe + run->frame / 4) % FG_N_SECTOR_STATES));
  gtk_widget_queue_draw (run->strip);
  if (++run->frame < FRAMES + 10)
    return G_SOURCE_CONTINUE;
  run->seconds = cpu_seconds () - run->start;
  return G_SOURCE_REMOVE;
}

static double
measure (guint32 size, gboolean drawn)
{
  Run run = { .map = busy_map (size),
              .strip = g_object_new (FG_TYPE_STRIP, NULL),
              .size = size,
              .drawn = drawn };
  GtkWidget *window = gtk_window_new ();

  if (drawn)
    fg_strip_set_map (FG_STRIP (run.strip), run.map);
  gtk_window_set_default_size (GTK_WINDOW (window), 680, 100);
  gtk_window_set_child (GTK_WINDOW (window), run.strip);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_add_tick_callback (run.strip, on_tick, &run, NULL);
  while (run.frame < FRAMES + 10)
    g_main_context_iteration (NULL, TRUE);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (run.map);
  return 100 * run.seconds / FRAMES * RATE;
}

int
main (int argc, char **argv)
{
  static const guint32 sizes[] = { 1 * MB, 4 * MB, 16 * MB };
  double empty;
  int status = 0;

  gtk_init ();
  g_resources_register (fg_get_resource ());
  empty = measure (sizes[0], FALSE);
  g_print ("# an empty strip: %.1f %%\n", empty);
  g_print ("1..%u\n", (guint) G_N_ELEMENTS (sizes));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    double share = measure (sizes[i], TRUE) - empty;

    g_print ("%sok %u - %u sectors at 60 Hz: %.1f %% of a core (limit %.0f %%)\n",
             share <= LIMIT ? "" : "not ", i + 1, (guint) (sizes[i] / FG_SECTOR_SIZE), share,
             LIMIT);
    status |= share > LIMIT;
  }
  return status;
}
