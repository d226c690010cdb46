/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The form: board, firmware, options. It builds the job and checks it as a plan whenever something
 * changes. Signal "changed".
 */

#include "fg-board-card.h"
#include "fg-firmware-list.h"
#include "fg-options-card.h"
#include "fg-plan.h"
#include "fg-zones.h"

G_BEGIN_DECLS

#define FG_TYPE_SETUP_PAGE (fg_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (FgSetupPage, fg_setup_page, FG, SETUP_PAGE, GtkWidget)

void fg_setup_page_bind (FgSetupPage *self, FgPortMonitor *monitor, GSettings *settings);
FgFirmwareList *fg_setup_page_get_firmware (FgSetupPage *self);
FgOptionsCard *fg_setup_page_get_options (FgSetupPage *self);
FgPortPicker *fg_setup_page_get_picker (FgSetupPage *self);
/* What is known about the board on the chosen port; NULL: nothing. */
void fg_setup_page_set_board (FgSetupPage *self, FgBoardInfo *board);

/* (transfer full) (nullable): no port, or nothing that could be flashed. */
FgJob *fg_setup_page_build_job (FgSetupPage *self);
/* What would be written; NULL: nothing chosen, still reading, or fg_setup_page_get_error(). */
const FgPlan *fg_setup_page_get_plan (FgSetupPage *self);
const GError *fg_setup_page_get_error (FgSetupPage *self);
/* (transfer full) (element-type FgZone) what parts of the flash mean, as far as is known. */
GPtrArray *fg_setup_page_dup_zones (FgSetupPage *self);

G_END_DECLS
