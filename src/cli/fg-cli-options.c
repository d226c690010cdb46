/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-cli-options.h"

#include "fg-cli-choice.h"
#include "fg-cli-command.h"
#include "fg-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What was typed, before it is understood. */
typedef struct {
  int baud;
  char *before, *after, *mode, *freq, *size, *format;
} Typed;

static void
typed_clear (Typed *self)
{
  g_free (self->before);
  g_free (self->after);
  g_free (self->mode);
  g_free (self->freq);
  g_free (self->size);
  g_free (self->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static GOptionGroup *
general_group (FgCliOptions *self, Typed *typed)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_FILENAME, &self->port, N_ ("Where the board is (auto)"),
      "PORT" },
    { "baud", 'b', 0, G_OPTION_ARG_INT, &typed->baud, N_ ("Rate to write and read at"), "N" },
    { "loader", 0, 0, G_OPTION_ARG_FILENAME, &self->loader,
      N_ ("auto, rom, stub, or a stub in esptool's JSON form (auto)"), "L" },
    { "before", 0, 0, G_OPTION_ARG_STRING, &typed->before,
      N_ ("default, none (no reset), usb, or custom:D0|R1|W0.1|…"), "HOW" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &typed->after,
      N_ ("reset, or stay: leave the board in its loader"), "HOW" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_ ("Print one JSON object per line"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &self->verbose, N_ ("Tell every step"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self->quiet, N_ ("Print nothing but errors"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Print the version"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, N_ ("Print this help"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group = g_option_group_new ("general", "", "", NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  return group;
}

/* Returns: (nullable): the options that only this command has */
static GOptionGroup *
command_group (const FgCliCommand *command, FgCliOptions *self, Typed *typed)
{
  /* verify takes them so that flash's arguments can be given to it as they are */
  const int flags = command->takes == FG_CLI_TAKES_WRITE ? 0 : G_OPTION_FLAG_HIDDEN;
  const GOptionEntry write[] = {
    { "erase", 'e', flags, G_OPTION_ARG_NONE, &self->erase, N_ ("Erase the whole flash first"),
      NULL },
    { "all", 'a', flags, G_OPTION_ARG_NONE, &self->all,
      N_ ("Write also the sectors that are right already"), NULL },
    { "no-verify", 0, flags, G_OPTION_ARG_NONE, &self->no_verify,
      N_ ("Do not read back what was written"), NULL },
    { "no-boot-check", 0, flags, G_OPTION_ARG_NONE, &self->no_boot_check,
      N_ ("Do not listen whether the program starts"), NULL },
    { "backup", 0, flags, G_OPTION_ARG_FILENAME, &self->backup,
      N_ ("Copy the whole flash to FILE first"), "FILE" },
    { "dry-run", 'n', flags, G_OPTION_ARG_NONE, &self->dry_run,
      N_ ("Only tell what would be written, without the board"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry merge[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, N_ ("The file to write"), "FILE" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &typed->format, N_ ("raw, hex or uf2 (raw)"), "F" },
    { "pad", 0, 0, G_OPTION_ARG_NONE, &self->pad, N_ ("Fill with FF to the end of the flash"),
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry image[] = {
    { "mode", 'm', 0, G_OPTION_ARG_STRING, &typed->mode,
      N_ ("Flash mode: auto, keep, qio, qout, dio or dout (auto)"), "MODE" },
    { "freq", 'f', 0, G_OPTION_ARG_STRING, &typed->freq,
      N_ ("Flash frequency: keep, or MHz (keep)"), "FREQ" },
    { "size", 's', 0, G_OPTION_ARG_STRING, &typed->size,
      N_ ("Flash size: auto, keep, or such as 4M (auto)"), "SIZE" },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry monitor[] = {
    { "timestamps", 't', 0, G_OPTION_ARG_NONE, &self->timestamps,
      N_ ("Begin each line with the time"), NULL },
    { "raw", 'r', 0, G_OPTION_ARG_NONE, &self->raw,
      N_ ("Pass on every byte as it is, and explain nothing"), NULL },
    { "reset", 0, 0, G_OPTION_ARG_NONE, &self->reset, N_ ("Restart the board first"), NULL },
    { "no-reset", 0, 0, G_OPTION_ARG_NONE, &self->no_reset, N_ ("Let the board run on"), NULL },
    { "eol", 0, 0, G_OPTION_ARG_STRING, &self->eol,
      N_ ("How a line that is sent ends: lf, cr or crlf (crlf)"), "EOL" },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *heading = NULL;
  GOptionGroup *group;

  if (command->takes == FG_CLI_TAKES_NOTHING)
    return NULL;
  heading = g_strdup_printf (_ ("Options of %s:"), command->name);
  group = g_option_group_new (command->name, heading, "", NULL, NULL);
  if (command->takes == FG_CLI_TAKES_MONITOR) {
    g_option_group_add_entries (group, monitor);
  } else {
    g_option_group_add_entries (group, command->takes == FG_CLI_TAKES_MERGE ? merge : write);
    g_option_group_add_entries (group, image);
  }
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  return group;
}

static void
set_program_help (GOptionContext *context)
{
  g_autoptr (GString) summary = g_string_new (_ ("Flash ESP8266 and ESP32 boards.\n\nCommands:"));
  const FgCliCommand *commands;
  gsize count;

  commands = fg_cli_commands (&count);
  for (gsize i = 0; i < count; i++)
    g_string_append_printf (summary, "\n  %-8s  %s", commands[i].name, _ (commands[i].summary));
  g_option_context_set_summary (context, summary->str);
  g_option_context_set_description (
      context,
      _ ("“fulgurite-cli COMMAND --help” tells more about one command. Offsets and sizes are\n"
         "decimal or like 0x10000, 4K and 1M.\n"
         "\n"
         "A PORT is one of\n"
         "  auto                       the only board that is plugged in\n"
         "  /dev/ttyUSB0               a serial port, or any other terminal\n"
         "  socket://HOST:PORT         raw TCP\n"
         "  sim:esp8266,flash=4M       a simulated board; image=FILE keeps its flash\n"
         "\n"
         "Exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled."));
}

/* @command NULL: only the general options, and the help of the whole program. */
static GOptionContext *
context_new (const FgCliCommand *command, FgCliOptions *self, Typed *typed)
{
  g_autofree char *usage = NULL;
  GOptionContext *context;
  GOptionGroup *own = command != NULL ? command_group (command, self, typed) : NULL;

  if (command != NULL)
    usage = g_strdup_printf ("%s %s", command->name, command->parameters);
  context = g_option_context_new (usage != NULL ? g_strchomp (usage) : "COMMAND");
  g_option_context_set_help_enabled (context, FALSE);
  if (command != NULL) {
    g_autofree char *summary =
        g_strdup_printf ("%s.\n\n%s", _ (command->summary), _ (command->details));

    g_option_context_set_summary (context, summary);
  } else {
    set_program_help (context);
  }
  if (own != NULL)
    g_option_context_add_group (context, own);
  g_option_context_set_main_group (context, general_group (self, typed));
  return context;
}

/**
 * fg_cli_options_dup_help:
 * @command: (nullable): %NULL for the whole program
 *
 * Returns: (transfer full): the text of --help
 */
char *
fg_cli_options_dup_help (const FgCliCommand *command)
{
  g_auto (FgCliOptions) unused = { 0 };
  g_auto (Typed) typed = { 0 };
  g_autoptr (GOptionContext) context = context_new (command, &unused, &typed);

  return g_option_context_get_help (context, FALSE, NULL);
}

/* The command's name may come after options that only the command knows, so it is looked for with
 * the general options alone; the second pass is the strict one. */
static gboolean
find_command (FgCliOptions *self, char **argv, GError **error)
{
  g_auto (FgCliOptions) general = { 0 };
  g_auto (Typed) typed = { 0 };
  g_autoptr (GOptionContext) context = context_new (NULL, &general, &typed);
  g_auto (GStrv) rest = g_strdupv (argv);
  gboolean parsed;

  g_option_context_set_ignore_unknown_options (context, TRUE);
  parsed = g_option_context_parse_strv (context, &rest, error);
  self->json |= general.json;
  self->help |= general.help;
  self->version |= general.version;
  if (!parsed)
    return FALSE;
  for (char **arg = rest + 1; rest[0] != NULL && *arg != NULL; arg++) {
    if ((*arg)[0] == '-')
      continue;
    self->command = fg_cli_command_find (*arg);
    if (self->command == NULL) {
      g_set_error (error, FG_ERROR, FG_ERROR_USAGE, _ ("There is no command “%s”"), *arg);
      return FALSE;
    }
    return TRUE;
  }
  if (!self->help && !self->version) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE, _ ("No command was given"));
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_count (const FgCliCommand *command, guint count, GError **error)
{
  if (count >= command->min_args && count <= command->max_args)
    return TRUE;
  if (count < command->min_args)
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, _ ("“%s” needs %s"), command->name,
                 command->parameters);
  else if (command->max_args == 0)
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, _ ("“%s” takes no arguments"), command->name);
  else
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, _ ("“%s” takes no more than %s"), command->name,
                 command->parameters);
  return FALSE;
}

static gboolean
take_args (FgCliOptions *self, char **rest, GError **error)
{
  const FgCliCommand *command = self->command;
  char **args = rest + 1; /* the program's name */
  guint count;

  /* GOption leaves a "--" that stands before a name with a dash */
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  gboolean stopped = FALSE;

  for (; *args != NULL; args++) {
    if (!stopped && g_str_equal (*args, "--"))
      stopped = TRUE;
    else
      g_strv_builder_add (kept, *args);
  }
  self->args = g_strv_builder_end (kept);
  count = g_strv_length (self->args);
  if (count > 0) { /* the command's own name */
    g_free (self->args[0]);
    memmove (self->args, self->args + 1, count * sizeof (char *));
    count--;
  }
  if (self->help)
    return TRUE;
  return check_count (command, count, error);
}

static gboolean
understand (FgCliOptions *self, const Typed *typed, GError **error)
{
  if (self->verbose && self->quiet) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE,
                         _ ("--verbose and --quiet contradict each other"));
    return FALSE;
  }
  return (typed->baud == 0 || fg_cli_parse_baud (typed->baud, &self->baud, error))
         && fg_cli_parse_before (typed->before, &self->before, &self->before_steps, error)
         && fg_cli_parse_after (typed->after, &self->after, error)
         && fg_cli_parse_mode (typed->mode, &self->mode, error)
         && fg_cli_parse_freq (typed->freq, &self->freq_mhz, error)
         && fg_cli_parse_flash_size (typed->size, &self->flash_size, error)
         && fg_cli_parse_format (typed->format, &self->format, error);
}

static gboolean
parse (FgCliOptions *self, char **argv, GError **error)
{
  g_auto (Typed) typed = { 0 };
  g_autoptr (GOptionContext) context = NULL;
  g_auto (GStrv) rest = g_strdupv (argv);

  if (!find_command (self, argv, error))
    return FALSE;
  context = context_new (self->command, self, &typed);
  if (!g_option_context_parse_strv (context, &rest, error))
    return FALSE;
  if (self->command != NULL && !take_args (self, rest, error))
    return FALSE;
  return understand (self, &typed, error);
}

/**
 * fg_cli_options_parse:
 * @self: (out caller-allocates): all zero; to be cleared whatever is returned. `json` is right even
 *   after a failure, so that the failure can be told in JSON
 * @argv: (array zero-terminated=1): the program's arguments, name included
 *
 * Returns: %FALSE with %FG_ERROR_USAGE set
 */
gboolean
fg_cli_options_parse (FgCliOptions *self, char **argv, GError **error)
{
  g_autoptr (GError) reason = NULL;

  self->mode = FG_FLASH_MODE_AUTO;
  self->freq_mhz = FG_FLASH_FREQ_KEEP;
  self->flash_size = FG_FLASH_SIZE_AUTO;
  if (!parse (self, argv, &reason)) {
    self->json |= g_strv_contains ((const char *const *) argv, "--json");
    g_set_error_literal (error, FG_ERROR, FG_ERROR_USAGE, reason->message);
    return FALSE;
  }
  if (self->port == NULL)
    self->port = g_strdup ("auto");
  if (self->loader == NULL)
    self->loader = g_strdup ("auto");
  return TRUE;
}

void
fg_cli_options_clear (FgCliOptions *self)
{
  g_clear_pointer (&self->args, g_strfreev);
  g_clear_pointer (&self->port, g_free);
  g_clear_pointer (&self->before_steps, g_free);
  g_clear_pointer (&self->loader, g_free);
  g_clear_pointer (&self->backup, g_free);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->eol, g_free);
}
