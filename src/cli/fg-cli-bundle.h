/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The WHAT… of flash, verify, inspect and merge. */

#include "fg-bundle.h"
#include "fg-cli-command.h"

G_BEGIN_DECLS

typedef enum {
  FG_CLI_ASK_NOBODY,
  FG_CLI_ASK_BOARD, /* when only the board can tell the chip or the size of its flash */
} FgCliAsk;

FgBundle *
fg_cli_bundle_open (const FgCliOptions *options, FgCliOutput *output, FgCliAsk ask, GError **error);

/* The job that writes these pieces. */
FgJob *fg_cli_bundle_job (const FgCliOptions *options,
                          const FgBundle *bundle,
                          FgJobKind kind,
                          GError **error);

G_END_DECLS
