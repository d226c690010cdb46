/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A serial NOR flash chip of the Winbond W25Q family, with the truth of such chips: programming
 * only clears bits, erasing sets them, both need write-enable and take their time. Times are in
 * nanoseconds of the caller's clock.
 */

#include "fg-sim-spec.h"

G_BEGIN_DECLS

typedef struct _FgSimFlash FgSimFlash;

/* One transfer between two edges of chip select. */
typedef struct {
  guint8 opcode;
  guint32 address; /* used by opcodes that have one */
  guint address_bits;
  guint dummy_bits;
  const guint8 *mosi; /* (nullable) */
  gsize mosi_len;
  gboolean dual; /* what comes back, comes on two lines */
  guint8 *miso;  /* (nullable) always filled */
  gsize miso_len;
} FgSimTransfer;

/* Opcodes that the loader uses itself; PROTOCOL-FACTS 7 and 8.7, and the W25Q32JV data sheet. */
#define FG_SIM_FLASH_WRITE_ENABLE 0x06
#define FG_SIM_FLASH_WRITE_DISABLE 0x04
#define FG_SIM_FLASH_READ_STATUS 0x05
#define FG_SIM_FLASH_WRITE_STATUS 0x01
#define FG_SIM_FLASH_PAGE_PROGRAM 0x02
#define FG_SIM_FLASH_READ 0x03
#define FG_SIM_FLASH_READ_DUAL 0x3B
#define FG_SIM_FLASH_ERASE_SECTOR 0x20
#define FG_SIM_FLASH_ERASE_BLOCK 0xD8
#define FG_SIM_FLASH_ERASE_CHIP 0xC7
#define FG_SIM_FLASH_READ_ID 0x9F

#define FG_SIM_SECTOR_SIZE 0x1000u
#define FG_SIM_BLOCK_SIZE 0x10000u
#define FG_SIM_PAGE_SIZE 0x100u

/* What it has done since it was made, power cycles and all. */
typedef struct {
  guint erases;   /* of any unit */
  guint programs; /* pages, or parts of pages */
  gint64 busy_ns; /* 0 with timing=none */
} FgSimFlashWork;

FgSimFlash *fg_sim_flash_new (const FgSimSpec *spec, GError **error);
void fg_sim_flash_free (FgSimFlash *self);

void fg_sim_flash_transfer (FgSimFlash *self, const FgSimTransfer *transfer, gint64 now_ns);
gint64 fg_sim_flash_busy_until (const FgSimFlash *self);
void fg_sim_flash_power_on (FgSimFlash *self);
const guint8 *fg_sim_flash_get_data (const FgSimFlash *self, gsize *size);
const FgSimFlashWork *fg_sim_flash_get_work (const FgSimFlash *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimFlash, fg_sim_flash_free)

G_END_DECLS
