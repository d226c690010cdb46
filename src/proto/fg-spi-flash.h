/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The flash chip, reached through the SPI controller's registers with READ_REG and WRITE_REG: for a
 * ROM that has no command to read, digest or erase exactly. Blocking; belongs to one loader.
 */

#include "fg-chip.h"
#include "fg-loader.h"

G_BEGIN_DECLS

#define FG_SPI_CHUNK 64u /* bytes of W0 to W15 */

typedef struct {
  FgLoader *loader;   /* (unowned) outlives this */
  const FgChip *chip; /* (unowned) static */
  guint32 saved[3];   /* USR, USR1, USR2 as the ROM had them */
  gboolean has_saved;
  guint window; /* requests that reading has under way at most; grows while all goes well */
  guint window_max;
  gboolean ready_to_read; /* the registers are set for reading */
  gboolean patient; /* reads wait after each command: the first try was too quick for this chip */
} FgSpiFlash;

typedef struct {
  guint8 opcode;
  guint8 address_bits;
  guint32 address;
  guint8 mosi_bits; /* at most 32 */
  guint32 mosi;
  guint16 miso_bits; /* at most 32 for fg_spi_flash_run(), 512 else */
} FgSpiCommand;

void fg_spi_flash_init (FgSpiFlash *self, FgLoader *loader, const FgChip *chip, guint window_max);
gboolean fg_spi_flash_open (FgSpiFlash *self, GError **error);
gboolean fg_spi_flash_restore (FgSpiFlash *self, GError **error);

gboolean
fg_spi_flash_run (FgSpiFlash *self, const FgSpiCommand *command, guint32 *value, GError **error);
gboolean fg_spi_flash_prepare (FgSpiFlash *self, const FgSpiCommand *command, GError **error);
gboolean fg_spi_flash_read_id (FgSpiFlash *self, guint32 *id, GError **error);
gboolean fg_spi_flash_unlock (FgSpiFlash *self, GError **error);
gboolean fg_spi_flash_erase (FgSpiFlash *self, guint32 address, guint32 length, GError **error);
gboolean
fg_spi_flash_read (FgSpiFlash *self, guint32 address, guint8 *buf, guint32 len, GError **error);
gboolean fg_spi_flash_compare (FgSpiFlash *self,
                               guint32 address,
                               const guint8 *expected,
                               guint32 len,
                               gboolean probe,
                               gint64 *first_difference,
                               GError **error);

G_END_DECLS
