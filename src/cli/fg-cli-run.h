/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * From options to a job, and a job run to its end: a main loop around FgFlasher, with the signals
 * of the terminal. One job at a time.
 */

#include "fg-cli-command.h"

G_BEGIN_DECLS

FgJob *fg_cli_job_new (const FgCliOptions *options, FgJobKind kind, GError **error);
FgResult *fg_cli_run (FgCliOutput *output, FgJob *job, GError **error);

G_END_DECLS
