/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One file that was chosen: its bytes, what it is and where it goes. Only "offset" (bytes) and
 * "offset-valid" (what is typed can be understood) change. Main thread; loading is asynchronous.
 */

#include "fg-image.h"
#include "fg-job.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FG_TYPE_FIRMWARE_ITEM (fg_firmware_item_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareItem, fg_firmware_item, FG, FIRMWARE_ITEM, GObject)

/* Reads and inspects @file in a thread. */
void fg_firmware_item_load_async (GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* (transfer full) */
FgFirmwareItem *fg_firmware_item_load_finish (GAsyncResult *result, GError **error);
/* The file that @result is about. */
GFile *fg_firmware_item_result_file (GAsyncResult *result);

GFile *fg_firmware_item_get_file (FgFirmwareItem *self);
const char *fg_firmware_item_get_name (FgFirmwareItem *self);
GBytes *fg_firmware_item_get_bytes (FgFirmwareItem *self);
const FgImageInfo *fg_firmware_item_get_info (FgFirmwareItem *self);
guint32 fg_firmware_item_get_offset (FgFirmwareItem *self);
gboolean fg_firmware_item_get_offset_valid (FgFirmwareItem *self);
/* Takes what was typed; returns whether it can be understood. */
gboolean fg_firmware_item_type_offset (FgFirmwareItem *self, const char *text);
/* TRUE: the file's name says where it goes. */
gboolean fg_firmware_item_offset_from_name (FgFirmwareItem *self);

G_END_DECLS
