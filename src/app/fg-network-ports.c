/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-network-ports.h"

#include "fg-net-address.h"

#define KEY "network-ports"

char *
fg_network_ports_title (const char *path)
{
  g_auto (FgNetAddress) address = { 0 };

  if (!fg_net_address_is_meant (path) || !fg_net_address_parse (&address, path, NULL))
    return g_path_get_basename (path);
  return g_steal_pointer (&address.place);
}

/* Settings can be written by other programs: what is no address is left alone. */
void
fg_network_ports_show (GSettings *settings, FgPortMonitor *monitor)
{
  g_auto (GStrv) paths = g_settings_get_strv (settings, KEY);

  for (char **path = paths; *path != NULL; path++) {
    g_auto (FgNetAddress) address = { 0 };

    if (fg_net_address_is_meant (*path) && fg_net_address_parse (&address, *path, NULL))
      fg_port_monitor_add (monitor, *path, address.place);
  }
}

void
fg_network_ports_remember (GSettings *settings, const char *path)
{
  g_auto (GStrv) paths = g_settings_get_strv (settings, KEY);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) longer = NULL;

  if (!fg_net_address_is_meant (path) || g_strv_contains ((const char *const *) paths, path))
    return;
  g_strv_builder_addv (builder, (const char **) paths);
  g_strv_builder_add (builder, path);
  longer = g_strv_builder_end (builder);
  g_settings_set_strv (settings, KEY, (const char *const *) longer);
}

void
fg_network_ports_forget (GSettings *settings, const char *path)
{
  g_auto (GStrv) paths = g_settings_get_strv (settings, KEY);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) shorter = NULL;

  for (char **other = paths; *other != NULL; other++)
    if (!g_str_equal (*other, path))
      g_strv_builder_add (builder, *other);
  shorter = g_strv_builder_end (builder);
  g_settings_set_strv (settings, KEY, (const char *const *) shorter);
}
