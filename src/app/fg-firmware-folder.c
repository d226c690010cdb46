/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-folder.h"

#include "fg-error.h"

#include <string.h>

#define MOST_FILES 64u /* more is a download folder and not a firmware */

/* Build systems leave a list of what belongs together: the rest of the folder is left alone. */
static const char *const lists[] = { "flasher_args.json", "manifest.json" };

static gboolean
is_firmware (const char *name)
{
  static const char *const suffixes[] = { ".bin", ".hex", ".ihex", ".uf2", ".zip", ".gz" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (*name == '.')
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  }
  return FALSE;
}

/* (transfer full) (nullable) */
static char *
find_list (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autofree char *list = g_build_filename (path, lists[i], NULL);

    if (g_file_test (list, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer (&list);
  }
  return NULL;
}

static void
add_files (GPtrArray *found, const char *path, GDir *folder)
{
  const char *name;

  while (found->len <= MOST_FILES && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (is_firmware (name) && g_file_test (file, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add (found, g_steal_pointer (&file));
  }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
fg_firmware_folder_list (const char *path, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *shown = g_filename_display_basename (path);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &cause);
  char *list;

  if (folder == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, "Cannot read %s: %s", shown, cause->message);
    return NULL;
  }
  list = find_list (path);
  if (list != NULL)
    g_ptr_array_add (found, list);
  else
    add_files (found, path, folder);
  if (found->len == 0 || found->len > MOST_FILES) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE,
                 found->len == 0
                     ? "The folder %s holds no firmware: no .bin, .hex, .uf2 or list of such"
                     : "The folder %s holds too many files: drop those that belong together",
                 shown);
    return NULL;
  }
  g_ptr_array_sort (found, compare_paths);
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&found), FALSE);
}
