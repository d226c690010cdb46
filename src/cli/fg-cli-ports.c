/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"
#include "fg-port-monitor.h"

#include <glib/gi18n.h>

static void
add_port (JsonBuilder *builder, FgPort *port)
{
  const char *serial = fg_port_get_serial (port);

  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "path", fg_port_get_path (port));
  fg_cli_json_string (builder, "name", fg_port_get_title (port));
  fg_cli_json_known (builder, "vendor_id", fg_port_get_vendor_id (port), 0);
  fg_cli_json_known (builder, "product_id", fg_port_get_product_id (port), 0);
  fg_cli_json_string (builder, "serial", serial);
  fg_cli_json_bool (builder, "likely", fg_port_get_likely (port));
  fg_cli_json_string (builder, "problem", fg_port_get_problem (port));
  json_builder_end_object (builder);
}

static void
print_json (FgCliOutput *output, GListModel *ports)
{
  JsonBuilder *builder = fg_cli_output_begin_result (output, TRUE);

  json_builder_set_member_name (builder, "ports");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (ports); i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (ports, i);

    add_port (builder, port);
  }
  json_builder_end_array (builder);
  fg_cli_json_end (builder);
}

static int
pad (const char *text, int width)
{
  return MAX (width - (int) g_utf8_strlen (text, -1), 0);
}

static void
print_text (FgCliOutput *output, GListModel *ports)
{
  int path_width = 0;
  int name_width = 0;

  for (guint i = 0; i < g_list_model_get_n_items (ports); i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (ports, i);

    path_width = MAX (path_width, (int) g_utf8_strlen (fg_port_get_path (port), -1));
    name_width = MAX (name_width, (int) g_utf8_strlen (fg_port_get_title (port), -1));
  }
  for (guint i = 0; i < g_list_model_get_n_items (ports); i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (ports, i);
    const char *path = fg_port_get_path (port);
    const char *name = fg_port_get_title (port);
    const char *problem = fg_port_get_problem (port);
    g_autofree char *ids = NULL;

    if (fg_port_get_vendor_id (port) != 0)
      ids = g_strdup_printf ("%04x:%04x", fg_port_get_vendor_id (port),
                             fg_port_get_product_id (port));
    fg_cli_output_line (output, "%s%*s  %s%*s  %-9s  %s", path, pad (path, path_width), "", name,
                        pad (name, name_width), "", ids != NULL ? ids : "-",
                        problem != NULL             ? problem
                        : fg_port_get_likely (port) ? _ ("probably a board")
                                                    : _ ("another device"));
  }
}

int
fg_cli_ports (const FgCliOptions *options, FgCliOutput *output)
{
  g_autoptr (FgPortMonitor) monitor = fg_port_monitor_new ();
  GListModel *ports = G_LIST_MODEL (monitor);

  if (output->json)
    print_json (output, ports);
  else if (g_list_model_get_n_items (ports) > 0)
    print_text (output, ports);
  else
    fg_cli_output_note (output,
                        _ ("No serial port was found. Plug in a board, or try a simulated one:\n"
                           "  fulgurite-cli --port sim:esp8266,flash=4M detect"));
  return FG_CLI_EXIT_DONE;
}
