/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One JSON object per line on standard output: the stable contract for other programs. A member
 * whose value is not known is null, never left out.
 */

#include "fg-job.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonBuilder *fg_cli_json_begin (const char *event);
void fg_cli_json_end (JsonBuilder *builder);

void fg_cli_json_string (JsonBuilder *builder, const char *name, const char *value);
void fg_cli_json_int (JsonBuilder *builder, const char *name, gint64 value);
void fg_cli_json_known (JsonBuilder *builder, const char *name, gint64 value, gint64 unknown);
void fg_cli_json_bool (JsonBuilder *builder, const char *name, gboolean value);
void fg_cli_json_seconds (JsonBuilder *builder, const char *name, double value);
void fg_cli_json_board (JsonBuilder *builder, const FgBoardInfo *board);
void fg_cli_json_work (JsonBuilder *builder, const FgResult *result);

G_END_DECLS
