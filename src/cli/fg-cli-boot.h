/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a boot check has found, for people and for programs. */

#include "fg-cli-output.h"

G_BEGIN_DECLS

void fg_cli_boot_json (JsonBuilder *builder, const FgBootReport *report);
void fg_cli_boot_print (FgCliOutput *output, const FgBootReport *report);

G_END_DECLS
