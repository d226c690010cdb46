/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What did not work with which board, kept for a week in the user's state folder. Blocking, for any
 * thread; the forms are those of FgReporter.
 */

#include "fg-progress.h"

G_BEGIN_DECLS

gboolean fg_board_memory_recall (const FgBoardInfo *board, FgBoardLimit *limit, gpointer unused);
void
fg_board_memory_remember (const FgBoardInfo *board, const FgBoardLimit *limit, gpointer unused);

G_END_DECLS
