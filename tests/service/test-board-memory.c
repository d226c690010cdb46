/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is remembered of a board, for how long, and that nothing breaks where nothing can be kept.
 */

#include "fg-board-memory.h"

#include <glib/gstdio.h>
#include <string.h>

#define WEEK_SECONDS (7 * 24 * 60 * 60)

typedef struct {
  char *path; /* of the file */
  FgBoardInfo *board;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  const guint8 mac[] = { 0x5c, 0xcf, 0x7f, 0x3a, 0x91, 0x0e };

  self->path = g_build_filename (g_get_user_state_dir (), "fulgurite", "boards.ini", NULL);
  self->board = fg_board_info_new (fg_chip_get (FG_CHIP_ESP8266));
  memcpy (self->board->mac, mac, sizeof mac);
  self->board->has_mac = TRUE;
  g_remove (self->path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_remove (self->path);
  fg_board_info_unref (self->board);
  g_free (self->path);
}

static void
test_nothing_known (Fixture *self, gconstpointer data)
{
  FgBoardLimit limit;

  g_assert_false (fg_board_memory_recall (self->board, &limit, NULL));
}

static void
test_recall (Fixture *self, gconstpointer data)
{
  const FgBoardLimit slow = { FALSE, 230400 };
  const FgBoardLimit rom = { TRUE, 0 };
  FgBoardLimit limit;

  fg_board_memory_remember (self->board, &slow, NULL);
  g_assert_true (fg_board_memory_recall (self->board, &limit, NULL));
  g_assert_false (limit.rom_only);
  g_assert_cmpuint (limit.baud, ==, 230400);
  fg_board_memory_remember (self->board, &rom, NULL);
  g_assert_true (fg_board_memory_recall (self->board, &limit, NULL));
  g_assert_true (limit.rom_only);
  g_assert_cmpuint (limit.baud, ==, 0);
  self->board->mac[5]++;
  g_assert_false (fg_board_memory_recall (self->board, &limit, NULL));
}

static void
age_file (const char *path, gint64 seconds)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) groups = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  groups = g_key_file_get_groups (file, NULL);
  g_assert_cmpuint (g_strv_length (groups), ==, 1);
  g_key_file_set_int64 (file, groups[0], "time", g_get_real_time () / G_USEC_PER_SEC - seconds);
  g_key_file_save_to_file (file, path, &error);
  g_assert_no_error (error);
}

static void
test_forgets (Fixture *self, gconstpointer data)
{
  const FgBoardLimit rom = { TRUE, 0 };
  FgBoardLimit limit;

  fg_board_memory_remember (self->board, &rom, NULL);
  age_file (self->path, WEEK_SECONDS - 60);
  g_assert_true (fg_board_memory_recall (self->board, &limit, NULL));
  age_file (self->path, WEEK_SECONDS + 60);
  g_assert_false (fg_board_memory_recall (self->board, &limit, NULL));
}

static void
test_damaged_file (Fixture *self, gconstpointer data)
{
  const FgBoardLimit rom = { TRUE, 0 };
  FgBoardLimit limit;

  fg_board_memory_remember (self->board, &rom, NULL);
  g_assert_true (g_file_set_contents (self->path, "no key file\n", -1, NULL));
  g_assert_false (fg_board_memory_recall (self->board, &limit, NULL));
  fg_board_memory_remember (self->board, &rom, NULL);
  g_assert_true (fg_board_memory_recall (self->board, &limit, NULL));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("fulgurite-memory-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "fulgurite", NULL);
  int status;

  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/board-memory/nothing-known", Fixture, NULL, set_up, test_nothing_known, tear_down);
  g_test_add ("/board-memory/recall", Fixture, NULL, set_up, test_recall, tear_down);
  g_test_add ("/board-memory/forgets", Fixture, NULL, set_up, test_forgets, tear_down);
  g_test_add ("/board-memory/damaged-file", Fixture, NULL, set_up, test_damaged_file, tear_down);
  status = g_test_run ();
  g_rmdir (inner);
  g_rmdir (folder);
  return status;
}
