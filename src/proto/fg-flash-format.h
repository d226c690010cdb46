/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How flash mode, frequency and size are written in bytes 2 and 3 of an image header, and how
 * people write them. Nothing here does I/O.
 */

#include "fg-chip.h"

G_BEGIN_DECLS

typedef enum {
  FG_FLASH_MODE_QIO = 0, /* the values of header byte 2 */
  FG_FLASH_MODE_QOUT = 1,
  FG_FLASH_MODE_DIO = 2,
  FG_FLASH_MODE_DOUT = 3,
  FG_FLASH_MODE_AUTO, /* as the image says, unless the chip needs another */
  FG_FLASH_MODE_KEEP, /* exactly as the image says */
} FgFlashMode;

#define FG_FLASH_FREQ_KEEP 0u /* MHz; the image's own frequency */
#define FG_FLASH_SIZE_AUTO 0u /* bytes; the detected size */
#define FG_FLASH_SIZE_KEEP G_MAXUINT32

const char *fg_flash_mode_name (FgFlashMode mode);
gboolean fg_flash_mode_parse (const char *text, FgFlashMode *mode);
guint32 fg_flash_size_from_nibble (const FgChip *chip, guint nibble);
int fg_flash_size_to_nibble (const FgChip *chip, guint32 size);
guint fg_flash_freq_from_nibble (const FgChip *chip, guint nibble);
int fg_flash_freq_to_nibble (const FgChip *chip, guint mhz);
gboolean fg_size_parse (const char *text, guint32 *size, GError **error);
char *fg_size_format (guint64 bytes);

G_END_DECLS
