/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The progress bar: one line on standard error that is drawn over, only when that is a terminal.
 */

#include "fg-progress.h"

G_BEGIN_DECLS

typedef struct {
  gboolean enabled;
  gboolean shown; /* the cursor stands on a line of ours */
} FgCliBar;

void fg_cli_bar_init (FgCliBar *self, gboolean wanted);
void fg_cli_bar_update (FgCliBar *self, const FgProgress *progress);
void fg_cli_bar_hide (FgCliBar *self);
char *fg_cli_bar_format (const FgProgress *progress, guint columns, gboolean utf8);

G_END_DECLS
