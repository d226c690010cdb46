/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-cli-command.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

static int
refuse_usage (const FgCliOptions *options, const GError *error)
{
  g_auto (FgCliOutput) output = { 0 };
  g_autofree char *remedy = NULL;

  fg_cli_output_init (&output, options->json, FALSE, FALSE);
  if (options->command != NULL)
    remedy = g_strdup_printf (_ ("Try “fulgurite-cli %s --help”."), options->command->name);
  else
    remedy = g_strdup (_ ("Try “fulgurite-cli --help”."));
  return fg_cli_output_error (&output, error, remedy);
}

static int
run_command (const FgCliOptions *options)
{
  g_auto (FgCliOutput) output = { 0 };

  fg_cli_output_init (&output, options->json, options->verbose, options->quiet);
  return options->command->run (options, &output);
}

static int
run (char **argv)
{
  g_auto (FgCliOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  if (!fg_cli_options_parse (&options, argv, &error))
    return refuse_usage (&options, error);
  if (options.version) {
    g_print ("fulgurite-cli %s\n", FG_VERSION);
    return FG_CLI_EXIT_DONE;
  }
  if (options.help) {
    g_autofree char *help = fg_cli_options_dup_help (options.command);

    g_print ("%s", help);
    return FG_CLI_EXIT_DONE;
  }
  return run_command (&options);
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN); /* a reader that leaves must not break off a job */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, FG_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("fulgurite-cli");
  status = run (argv);
  /* a full disk must not look like a success */
  if ((fflush (stdout) != 0 || ferror (stdout)) && status == FG_CLI_EXIT_DONE)
    status = FG_CLI_EXIT_FAILED;
  return status;
}
