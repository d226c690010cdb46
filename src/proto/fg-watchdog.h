/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The watchdogs of chips whose own USB port is used: no reset line stops them, so they would reset
 * the board in the middle of the work; and one of them is the only way to reset some chips.
 */

#include "fg-chip.h"
#include "fg-loader.h"

G_BEGIN_DECLS

gboolean fg_watchdog_stop (FgLoader *loader, const FgChip *chip, GError **error);
gboolean fg_watchdog_can_reset (const FgChip *chip);
gboolean fg_watchdog_reset (FgLoader *loader, const FgChip *chip, GError **error);

G_END_DECLS
