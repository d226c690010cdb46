/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-board-memory.h"

#include <glib/gstdio.h>

#define FOLDER "fulgurite"
#define FILE_NAME "boards.ini"
/* After that it is tried again: the cable may be a better one by now. */
#define KEEP_SECONDS (7 * 24 * 60 * 60)
#define BOARDS_MAX 100

static GMutex mutex; /* jobs of several boards may end at the same time */

static char *
file_path (void)
{
  return g_build_filename (g_get_user_state_dir (), FOLDER, FILE_NAME, NULL);
}

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Without those that are too old. A file that is damaged is as good as none. */
static GKeyFile *
load_file (const char *path)
{
  GKeyFile *file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;
  gsize n;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return file;
  groups = g_key_file_get_groups (file, &n);
  for (gsize i = 0; i < n; i++) {
    gint64 age = now_seconds () - g_key_file_get_int64 (file, groups[i], "time", NULL);

    if (age < 0 || age > KEEP_SECONDS || n - i > BOARDS_MAX)
      g_key_file_remove_group (file, groups[i], NULL);
  }
  return file;
}

/**
 * fg_board_memory_recall:
 * @limit: (out)
 *
 * Returns: whether something is known about this board
 */
gboolean
fg_board_memory_recall (const FgBoardInfo *board, FgBoardLimit *limit, gpointer unused)
{
  g_autofree char *mac = fg_board_info_dup_mac (board);
  g_autofree char *path = file_path ();
  g_autoptr (GKeyFile) file = NULL;

  g_mutex_lock (&mutex);
  file = load_file (path);
  g_mutex_unlock (&mutex);
  if (mac == NULL || !g_key_file_has_group (file, mac))
    return FALSE;
  limit->rom_only = g_key_file_get_boolean (file, mac, "rom-only", NULL);
  limit->baud = (guint) MAX (g_key_file_get_integer (file, mac, "baud", NULL), 0);
  return TRUE;
}

/** fg_board_memory_remember: a board without a known MAC, or a folder that cannot be written to, is
 * no reason to fail: the next job finds out again. */
void
fg_board_memory_remember (const FgBoardInfo *board, const FgBoardLimit *limit, gpointer unused)
{
  g_autofree char *mac = fg_board_info_dup_mac (board);
  g_autofree char *path = file_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) cause = NULL;

  if (mac == NULL || g_mkdir_with_parents (folder, 0700) < 0)
    return;
  g_mutex_lock (&mutex);
  file = load_file (path);
  g_key_file_set_boolean (file, mac, "rom-only", limit->rom_only);
  g_key_file_set_integer (file, mac, "baud", (int) limit->baud);
  g_key_file_set_int64 (file, mac, "time", now_seconds ());
  if (!g_key_file_save_to_file (file, path, &cause))
    g_debug ("%s", cause->message);
  g_mutex_unlock (&mutex);
}
