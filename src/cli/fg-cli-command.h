/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The commands, as data. A new command is a new row, a function in the file of its group, and its
 * words in fg-cli-command.c.
 */

#include "fg-cli-options.h"
#include "fg-cli-output.h"

G_BEGIN_DECLS

typedef enum {
  FG_CLI_TAKES_NOTHING, /* no options of its own */
  FG_CLI_TAKES_IMAGE,   /* how an image's header is patched */
  FG_CLI_TAKES_WRITE,   /* that, and what is erased, written and checked */
  FG_CLI_TAKES_MONITOR, /* how the board's output is shown */
  FG_CLI_TAKES_MERGE,   /* how an image's header is patched, and what file is made */
} FgCliTakes;

struct _FgCliCommand {
  const char *name;
  const char *parameters; /* for the usage line: "OFFSET LENGTH FILE" */
  const char *summary;    /* one line, translatable */
  const char *details;    /* for its --help, translatable */
  guint min_args, max_args;
  FgCliTakes takes;
  /* Does the work, tells @output about it and returns the exit status. */
  int (*run) (const FgCliOptions *options, FgCliOutput *output);
};

const FgCliCommand *fg_cli_commands (gsize *count);
const FgCliCommand *fg_cli_command_find (const char *name);

int fg_cli_ports (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_inspect (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_merge (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_detect (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_flash (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_verify (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_erase (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_monitor (const FgCliOptions *options, FgCliOutput *output);
int fg_cli_read (const FgCliOptions *options, FgCliOutput *output);

G_END_DECLS
