/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-recent.h"

#include "config.h"

#include <glib/gi18n.h>

#define MOST_ENTRIES 8
#define GROUP "firmware"

void
fg_recent_add (GFile *file)
{
  char *groups[] = { (char *) GROUP, NULL };
  g_autofree char *uri = g_file_get_uri (file);
  const GtkRecentData data = {
    .mime_type = (char *) "application/octet-stream",
    .app_name = (char *) g_get_prgname (),
    .app_exec = (char *) "fulgurite %f",
    .groups = groups,
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  GDateTime *x = gtk_recent_info_get_modified ((GtkRecentInfo *) a);
  GDateTime *y = gtk_recent_info_get_modified ((GtkRecentInfo *) b);

  return g_date_time_compare (y, x);
}

static gboolean
is_ours (GtkRecentInfo *info)
{
  return gtk_recent_info_has_group (info, GROUP)
         && gtk_recent_info_has_application (info, g_get_prgname ())
         && gtk_recent_info_is_local (info) && gtk_recent_info_exists (info);
}

/* A "_" in a file's name is no mnemonic. */
static char *
escape (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
append (GMenu *menu, GtkRecentInfo *info)
{
  g_autofree char *path = g_filename_from_uri (gtk_recent_info_get_uri (info), NULL, NULL);
  g_autofree char *folder = NULL, *folder_name = NULL, *name = NULL, *label = NULL;
  g_autofree char *escaped = NULL;
  g_autoptr (GMenuItem) item = NULL;

  if (path == NULL)
    return;
  folder = g_path_get_dirname (path);
  folder_name = g_filename_display_basename (folder);
  name = g_filename_display_basename (path);
  /* Translators: a file and the folder it is in. */
  label = g_strdup_printf (_ ("%s in %s"), name, folder_name);
  escaped = escape (label);
  item = g_menu_item_new (escaped, NULL);
  g_menu_item_set_action_and_target (item, "win.open-path", "s", path);
  g_menu_append_item (menu, item);
}

GMenuModel *
fg_recent_build_menu (void)
{
  GMenu *menu = g_menu_new ();
  GList *all = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  all = g_list_sort (all, compare_newest);
  for (GList *node = all; node != NULL; node = node->next) {
    if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) < MOST_ENTRIES && is_ours (node->data))
      append (menu, node->data);
  }
  g_list_free_full (all, (GDestroyNotify) gtk_recent_info_unref);
  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    g_menu_append (menu, _ ("No firmware was opened yet"), "win.none");
  return G_MENU_MODEL (menu);
}
