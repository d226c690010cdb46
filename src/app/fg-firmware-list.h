/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The firmware group: the chosen files, or a place to drop some, with what is wrong or odd about
 * them. Signal "changed": files, offsets or loading changed.
 */

#include "fg-advice.h"
#include "fg-plan.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_FIRMWARE_LIST (fg_firmware_list_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareList, fg_firmware_list, FG, FIRMWARE_LIST, GtkWidget)

/* Reads a file or a folder in a thread and adds it, or says why not. The same one twice is once. */
void fg_firmware_list_add (FgFirmwareList *self, GFile *file);
gboolean fg_firmware_list_is_loading (FgFirmwareList *self);
/* (element-type FgFirmwareItem) */
GListModel *fg_firmware_list_get_items (FgFirmwareList *self);
/* What is known about the board; NULL: nothing. */
void fg_firmware_list_set_board (FgFirmwareList *self, const FgBoardInfo *board);
/* Finds the place of every file anew unless somebody has said it; returns what was learnt. It
 * lasts until a file goes. */
FgPlaceHints fg_firmware_list_place (FgFirmwareList *self);
/* Shows in each row what there is to say about it. (transfer full) (nullable): the first error. */
GError *fg_firmware_list_advise (FgFirmwareList *self, const FgAdviceContext *context);
/* What the plan says about the files, or why there is none, and (element-type FgAdvice) @advice
 * about all of them. */
void fg_firmware_list_show_plan (FgFirmwareList *self,
                                 const FgPlan *plan,
                                 const GError *error,
                                 const GPtrArray *advice);
/* A file hovers over the window. */
void fg_firmware_list_set_drop_over (FgFirmwareList *self, gboolean over);

G_END_DECLS
