/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fg-job.h"

#include <glib/gstdio.h>

#define KIB 1024u
#define MIB (1024u * 1024u)

/* A board whose flash is a file of its own, so that it can be compared. */
typedef struct {
  char *dir;
  char *image;
} FgTestBoard;

static inline void
fg_test_board_init (FgTestBoard *self)
{
  self->dir = g_dir_make_tmp ("fulgurite-session-XXXXXX", NULL);
  self->image = g_build_filename (self->dir, "flash.img", NULL);
}

static inline void
fg_test_board_clear (FgTestBoard *self)
{
  g_unlink (self->image);
  g_rmdir (self->dir);
  g_free (self->dir);
  g_free (self->image);
}

/* What $FG_TEST_LOADER says: a program that runs on the chip, automatic by default. */
static inline FgLoaderChoice
fg_test_board_loader (void)
{
  return g_strcmp0 (g_getenv ("FG_TEST_LOADER"), "rom") == 0 ? FG_LOADER_ROM : FG_LOADER_AUTO;
}

static inline FgJob *
fg_test_board_job (const FgTestBoard *self, FgJobKind kind, const char *spec)
{
  g_autofree char *port =
      g_strdup_printf ("sim:esp8266,timing=none,image=%s,%s", self->image, spec);
  FgJob *job = fg_job_new (kind, port);

  job->loader = fg_test_board_loader ();
  return job;
}

static inline GBytes *
fg_test_board_flash (const FgTestBoard *self)
{
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (self->image, &data, &len, NULL));
  return g_bytes_new_take (data, len);
}
