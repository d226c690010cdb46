/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What flash would write, without any board: `flash --dry-run`. */

#include "fg-cli-bundle.h"
#include "fg-plan.h"

G_BEGIN_DECLS

void fg_cli_plan_report (FgCliOutput *output, const FgBundle *bundle, const FgPlan *plan);

G_END_DECLS
