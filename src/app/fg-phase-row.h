/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One phase of a job in the list of phases: to come, running or done, with a fact and its seconds.
 */

#include "fg-progress.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum { FG_PHASE_ROW_PENDING, FG_PHASE_ROW_RUNNING, FG_PHASE_ROW_DONE } FgPhaseRowState;

#define FG_TYPE_PHASE_ROW (fg_phase_row_get_type ())
G_DECLARE_FINAL_TYPE (FgPhaseRow, fg_phase_row, FG, PHASE_ROW, GtkWidget)

GtkWidget *fg_phase_row_new (FgPhase phase);
FgPhase fg_phase_row_get_phase (FgPhaseRow *self);
FgPhaseRowState fg_phase_row_get_state (FgPhaseRow *self);
void fg_phase_row_set_state (FgPhaseRow *self, FgPhaseRowState state);
void fg_phase_row_set_fact (FgPhaseRow *self, const char *fact);
/* Negative: none. */
void fg_phase_row_set_seconds (FgPhaseRow *self, double seconds);

G_END_DECLS
