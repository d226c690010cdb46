/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-attach.h"

#include "fg-flash-power.h"
#include "fg-wire.h"

/* An ESP8266's ROM believes in 4 MB until SPI_SET_PARAMS (PROTOCOL-FACTS 9.3, 17). */
#define ESP8266_ROM_FLASH_SIZE 0x400000u
#define BLOCK_64K 0x10000u
#define PAGE 256u
#define STATUS_MASK 0xffffu

static gboolean
attach_later (FgLoader *loader, guint32 pads, GError **error)
{
  guint8 data[8] = { 0 }; /* a ROM wants four more bytes after the pads */

  fg_put_u32 (data, pads);
  return fg_loader_command (loader, FG_OP_SPI_ATTACH, data, sizeof data, 0, NULL, error);
}

/**
 * fg_attach_flash:
 * @spi: initialised
 *
 * On an ESP8266 a FLASH_BEGIN of nothing attaches the flash as a side effect (esptool cmds.py,
 * attach_flash); later ROMs have a command for it.
 */
gboolean
fg_attach_flash (FgSpiFlash *spi, const FgBoardInfo *board, GError **error)
{
  gboolean attached;

  if (!fg_flash_power_on (spi->loader, board, error))
    return FALSE;
  attached = board->chip->id == FG_CHIP_ESP8266
                 ? fg_loader_flash_begin (spi->loader, 0, 0, 0x400, 0, error)
                 : attach_later (spi->loader, board->spi_pads, error);
  if (!attached || board->security.secure_download)
    return attached;
  return fg_spi_flash_open (spi, error);
}

/**
 * fg_attach_set_size:
 * @size: bytes; 0: not known, and nothing is said
 *
 * A ROM of the ESP32 family refuses what lies beyond 2 MB until it is told.
 */
gboolean
fg_attach_set_size (FgLoader *loader, const FgChip *chip, guint32 size, GError **error)
{
  const guint32 params[] = { 0, size, BLOCK_64K, FG_SECTOR_SIZE, PAGE, STATUS_MASK };
  guint8 data[sizeof params];

  if (size == 0 || (chip->id == FG_CHIP_ESP8266 && size <= ESP8266_ROM_FLASH_SIZE))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (params); i++)
    fg_put_u32 (data + i * 4, params[i]);
  return fg_loader_command (loader, FG_OP_SPI_SET_PARAMS, data, sizeof data, 0, NULL, error);
}
