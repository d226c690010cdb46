/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The firmware group: the chosen files, or a place to drop some; and below them what is wrong or
 * odd about them. Signal "changed": files, offsets or loading changed.
 */

#include "fg-firmware-item.h"
#include "fg-plan.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_FIRMWARE_LIST (fg_firmware_list_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareList, fg_firmware_list, FG, FIRMWARE_LIST, GtkWidget)

/* Reads @file in a thread and adds it, or says why not. The same file twice is once. */
void fg_firmware_list_add (FgFirmwareList *self, GFile *file);
gboolean fg_firmware_list_is_loading (FgFirmwareList *self);
/* (element-type FgFirmwareItem) */
GListModel *fg_firmware_list_get_items (FgFirmwareList *self);
/* What the plan says about the files: warnings, or why there is no plan. */
void fg_firmware_list_show_plan (FgFirmwareList *self, const FgPlan *plan, const GError *error);
/* A file hovers over the window. */
void fg_firmware_list_set_drop_over (FgFirmwareList *self, gboolean over);

G_END_DECLS
