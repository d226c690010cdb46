/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-load.h"

#include "fg-error.h"
#include "fg-firmware-folder.h"

typedef struct {
  GFile *file; /* (owned) */
  FgBundleBoard board;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_object_unref (wanted->file);
  g_free (wanted);
}

static FgBundle *
open_path (const char *path, const FgBundleBoard *board, GError **error)
{
  const char *const one[] = { path, NULL };
  g_auto (GStrv) several = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return fg_bundle_open (one, board, error);
  several = fg_firmware_folder_list (path, error);
  if (several == NULL)
    return NULL;
  return fg_bundle_open ((const char *const *) several, board, error);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Wanted *wanted = task_data;
  const char *path = g_file_peek_path (wanted->file);
  GError *error = NULL;
  FgBundle *bundle;

  if (path == NULL) {
    g_autofree char *name = g_file_get_parse_name (wanted->file);

    g_task_return_new_error (task, FG_ERROR, FG_ERROR_FILE,
                             "%s is not on this computer: copy it to a folder of yours first",
                             name);
    return;
  }
  bundle = open_path (path, &wanted->board, &error);
  if (bundle == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, bundle, (GDestroyNotify) fg_bundle_free);
}

void
fg_firmware_load_async (GFile *file,
                        const FgBundleBoard *board,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->file = g_object_ref (file);
  wanted->board = *board;
  g_task_set_source_tag (task, fg_firmware_load_async);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, load_thread);
}

GPtrArray *
fg_firmware_load_finish (GAsyncResult *result, gboolean *needs_chip, GError **error)
{
  g_autoptr (FgBundle) bundle = g_task_propagate_pointer (G_TASK (result), error);
  GPtrArray *items;

  if (bundle == NULL)
    return NULL;

  *needs_chip = bundle->needs_chip;
  items = g_ptr_array_new_with_free_func (g_object_unref);
  while (bundle->items->len > 0)
    g_ptr_array_add (items, fg_firmware_item_new (fg_firmware_load_result_file (result),
                                                  g_ptr_array_steal_index (bundle->items, 0)));
  return items;
}

GFile *
fg_firmware_load_result_file (GAsyncResult *result)
{
  return ((Wanted *) g_task_get_task_data (G_TASK (result)))->file;
}
