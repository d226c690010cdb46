/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"

#include <glib/gi18n.h>

static const FgCliCommand commands[] = {
  {
      .name = "ports",
      .parameters = "",
      .summary = N_ ("List the ports where a board can be"),
      .details = N_ (
          "Each line has the port, the name of the USB serial chip, its USB ids, whether a board\n"
          "is probably there, and why the port cannot be opened if it cannot."),
      .run = fg_cli_ports,
  },
  {
      .name = "inspect",
      .parameters = "FILE…",
      .summary = N_ ("Show what a file is; needs no board"),
      .details =
          N_ ("Tells from the content: kind, chip, flash mode, frequency and size, segments and\n"
              "checksum, and what NodeMCU firmware says about itself. The exit status is 1 when a\n"
              "file is damaged or cannot be read."),
      .min_args = 1,
      .max_args = G_MAXUINT,
      .run = fg_cli_inspect,
  },
};

/**
 * fg_cli_commands:
 * @count: (out): rows
 *
 * Returns: (transfer none): the table, in the order of the help text
 */
const FgCliCommand *
fg_cli_commands (gsize *count)
{
  *count = G_N_ELEMENTS (commands);
  return commands;
}

const FgCliCommand *
fg_cli_command_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}
