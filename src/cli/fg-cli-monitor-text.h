/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A board's output on standard output: as it comes, with time stamps and boot messages explained,
 * or one JSON object per line. Lines are bounded, and what is no text is shown as \xNN.
 */

#include "fg-cli-output.h"

G_BEGIN_DECLS

typedef struct {
  FgCliOutput *output; /* (unowned) */
  gboolean timestamps, raw;
  GByteArray *pending; /* (owned) the beginning of a character */
  GString *line;       /* (owned) so far */
  gboolean after_cr;
  gboolean in_line; /* something of the line was printed */
  gint64 line_us;   /* when it began, wall-clock */
  guint64 bytes, lines;
} FgCliMonitorText;

void fg_cli_monitor_text_init (FgCliMonitorText *self,
                               FgCliOutput *output,
                               gboolean timestamps,
                               gboolean raw);
void fg_cli_monitor_text_clear (FgCliMonitorText *self);
void fg_cli_monitor_text_take (FgCliMonitorText *self, GBytes *bytes, gint64 time_us);
/* Ends a line that is not whole, so that something else can be told. */
void fg_cli_monitor_text_break (FgCliMonitorText *self);

G_END_DECLS
