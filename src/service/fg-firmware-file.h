/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Reading firmware from a file and writing what was read from a chip. Blocking.
 */

#include "fg-job.h"

G_BEGIN_DECLS

/* Larger than any flash these chips have: nobody flashes it, so nobody reads it into memory. */
#define FG_FIRMWARE_MAX_SIZE (128u * 1024 * 1024)

typedef enum {
  FG_PLACED_NOWHERE, /* nobody says where it goes */
  FG_PLACED_BY_NAME, /* "0x10000.bin" */
  FG_PLACED_BY_USER, /* "0x10000=FILE" */
} FgPlaced;

/* @what: "FILE" or "OFFSET=FILE"; the offset is taken from a name such as 0x10000.bin when none is
 * given, else 0. FG_ERROR_FILE, FG_ERROR_FILE_EMPTY, FG_ERROR_TOO_LARGE, FG_ERROR_USAGE. */
FgFirmware *fg_firmware_load (const char *what, GError **error);
/* The same, and who has said the offset. @path: (out) (transfer full): without the offset. */
FgFirmware *
fg_firmware_load_placed (const char *what, FgPlaced *placed, char **path, GError **error);
/* A file of a folder, as it is. The same errors but for FG_ERROR_USAGE. */
GBytes *fg_firmware_read (const char *path, GError **error);
gboolean fg_firmware_offset_from_name (const char *path, guint32 *offset);
/* Writes atomically: the old file stays whole until the new one is complete. */
gboolean fg_firmware_save (const char *path, GBytes *bytes, GError **error);

G_END_DECLS
