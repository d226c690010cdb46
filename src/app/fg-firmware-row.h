/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One piece of firmware in the list: its offset, what it is, what there is to say about it.
 * Signals: "remove"; "placed" when somebody has finished changing the offset.
 * Actions: "row.remove", "row.inspect", "row.move" (u: bytes).
 */

#include "fg-firmware-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_FIRMWARE_ROW (fg_firmware_row_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareRow, fg_firmware_row, FG, FIRMWARE_ROW, GtkListBoxRow)

GtkWidget *fg_firmware_row_new (FgFirmwareItem *item);
FgFirmwareItem *fg_firmware_row_get_item (FgFirmwareRow *self);
/* @advice: (element-type FgAdvice) */
void fg_firmware_row_show_advice (FgFirmwareRow *self, const GPtrArray *advice);

G_END_DECLS
