/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was found out about one board. Immutable once it is shared; reference counted, so that the
 * worker can hand it to the main thread.
 */

#include "fg-chip.h"
#include "fg-flash-format.h"
#include "fg-security.h"

G_BEGIN_DECLS

#define FG_EFUSE_WORDS_MAX 9

typedef struct {
  const FgChip *chip;  /* (unowned) static */
  char *variant;       /* (owned) "ESP8266EX", "ESP8285N08" */
  int revision;        /* major * 100 + minor; -1: the chip has none */
  GPtrArray *features; /* (owned) (element-type utf8) "Wi-Fi", "Embedded flash 1 MB" */
  guint32 efuse[FG_EFUSE_WORDS_MAX]; /* the words read, for reports: see fg_efuse_address() */
  guint n_efuse;                     /* 0: the chip lets nobody read them */
  gboolean has_mac;                  /* FALSE: the eFuse words match no known vendor prefix */
  guint8 mac[6];
  gboolean has_eui64;
  guint8 eui64[8];
  FgSecurity security;
  guint crystal_mhz; /* 26, 32, 40 or 48; 0: not measured */
  guint clkdiv;      /* the UART divider it was estimated from */
  guint32 flash_id;  /* as read with command 9F: manufacturer in the low byte */
  guint8 flash_manufacturer_id;
  guint16 flash_device_id;
  const char *flash_manufacturer; /* (nullable) static; NULL: not in the table */
  char *flash_name;               /* (owned) (nullable) "W25Q32"; NULL: not known */
  guint32 flash_size;             /* bytes; 0: not known */
  gboolean embedded_flash;        /* in the package, by eFuse */
  guint32 embedded_size;          /* bytes in the package, by eFuse; 0: none or unknown */
  gboolean embedded_psram;
  guint32 psram_size; /* bytes in the package, by eFuse; 0: none or unknown */
  guint32 spi_pads;   /* the flash's pads as SPI_ATTACH takes them; 0: the usual ones */
  FgFlashMode recommended_mode;
  guint recommended_baud; /* bit/s */
} FgBoardInfo;

FgBoardInfo *fg_board_info_new (const FgChip *chip);
FgBoardInfo *fg_board_info_ref (FgBoardInfo *self);
void fg_board_info_unref (FgBoardInfo *self);
void fg_board_info_add_feature (FgBoardInfo *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *fg_board_info_dup_mac (const FgBoardInfo *self);
char *fg_board_info_dup_eui64 (const FgBoardInfo *self);
char *fg_board_info_dup_size_conflict (const FgBoardInfo *self);
const char *fg_board_info_mac_vendor (const FgBoardInfo *self);
char *fg_board_info_to_text (const FgBoardInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgBoardInfo, fg_board_info_unref)

G_END_DECLS
