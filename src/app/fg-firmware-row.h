/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One chosen file in the list: where it goes (can be typed over), what it is, how large it is.
 * Signal "remove": the user wants it gone (button or Delete).
 */

#include "fg-firmware-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_FIRMWARE_ROW (fg_firmware_row_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareRow, fg_firmware_row, FG, FIRMWARE_ROW, GtkListBoxRow)

GtkWidget *fg_firmware_row_new (FgFirmwareItem *item);
FgFirmwareItem *fg_firmware_row_get_item (FgFirmwareRow *self);

G_END_DECLS
