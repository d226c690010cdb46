/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One piece of firmware that was chosen: its bytes, what it is and where it goes. A file is one
 * piece, an archive or a list of files may be several. Only "offset" (bytes) and "place" (an
 * FgItemPlace) change. Main thread.
 */

#include "fg-bundle.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  FG_ITEM_PLACED,
  FG_ITEM_UNPLACED, /* nothing tells where it goes, and nothing was typed */
  FG_ITEM_BAD_TEXT, /* what was typed is no offset */
} FgItemPlace;

#define FG_TYPE_FIRMWARE_ITEM (fg_firmware_item_get_type ())
G_DECLARE_FINAL_TYPE (FgFirmwareItem, fg_firmware_item, FG, FIRMWARE_ITEM, GObject)

/* @file: what was chosen; @piece: (transfer full) what is in it. */
FgFirmwareItem *fg_firmware_item_new (GFile *file, FgBundleItem *piece);

GFile *fg_firmware_item_get_file (FgFirmwareItem *self);
/* "app.bin": the base name, for titles. */
const char *fg_firmware_item_get_name (FgFirmwareItem *self);
/* "release.zip: app.bin" where it comes out of something, else NULL. */
const char *fg_firmware_item_get_source (FgFirmwareItem *self);
GBytes *fg_firmware_item_get_bytes (FgFirmwareItem *self);
const FgContent *fg_firmware_item_get_content (FgFirmwareItem *self);
FgBundlePlaced fg_firmware_item_get_placed (FgFirmwareItem *self);
FgItemPlace fg_firmware_item_get_place (FgFirmwareItem *self);
/* Bytes; the last good one while what is typed is none. */
guint32 fg_firmware_item_get_offset (FgFirmwareItem *self);

/* Takes what was typed; returns whether it can be understood. An empty text takes the typed offset
 * back. */
gboolean fg_firmware_item_type_offset (FgFirmwareItem *self, const char *text);
void fg_firmware_item_move (FgFirmwareItem *self, guint32 offset);
/* Finds its place anew unless somebody has said it. @start_taken: something else is at 0. */
void fg_firmware_item_place (FgFirmwareItem *self, const FgPlaceHints *hints, gboolean start_taken);

G_END_DECLS
