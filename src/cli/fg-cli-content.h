/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a file is, as the members of a JSON object or as lines for people. */

#include "fg-cli-output.h"
#include "fg-content.h"

G_BEGIN_DECLS

void fg_cli_json_content (JsonBuilder *builder, const FgContent *content);
void fg_cli_json_findings (JsonBuilder *builder, const GPtrArray *findings);
void fg_cli_print_content (FgCliOutput *output, const FgContent *content);

G_END_DECLS
