/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Everything the program says goes through here: people's words or JSON lines on standard output;
 * errors, warnings and the progress bar on standard error. One thread.
 */

#include "fg-cli-bar.h"
#include "fg-cli-json.h"

G_BEGIN_DECLS

typedef enum {
  FG_CLI_EXIT_DONE = 0,
  FG_CLI_EXIT_FAILED = 1,
  FG_CLI_EXIT_USAGE = 2,
  FG_CLI_EXIT_CANCELLED = 130, /* what a shell reports for SIGINT */
} FgCliExit;

typedef struct {
  gboolean json, verbose, quiet;
  FgCliBar bar;
  FgPhase last_phase;   /* of the last progress event that was printed */
  gint64 last_progress; /* when, monotonic microseconds; 0: none yet */
  GPtrArray *warnings;  /* (owned) (element-type utf8) of the job, for its result */
} FgCliOutput;

void fg_cli_output_init (FgCliOutput *self, gboolean json, gboolean verbose, gboolean quiet);
void fg_cli_output_clear (FgCliOutput *self);

void fg_cli_output_progress (FgCliOutput *self, const FgProgress *progress);
void fg_cli_output_log (FgCliOutput *self, FgLogLevel level, const char *message);
void fg_cli_output_note (FgCliOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
int fg_cli_output_error (FgCliOutput *self, const GError *error, const char *remedy);
int fg_cli_output_port_error (FgCliOutput *self, const GError *error, const char *port);

gboolean fg_cli_output_is_human (const FgCliOutput *self);
void fg_cli_output_line (FgCliOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void fg_cli_output_fact (FgCliOutput *self, const char *label, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
JsonBuilder *fg_cli_output_begin_result (FgCliOutput *self, gboolean ok);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FgCliOutput, fg_cli_output_clear)

G_END_DECLS
