/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-connect.h"

#include "fg-baud.h"
#include "fg-efuse.h"
#include "fg-error.h"
#include "fg-flash-id.h"

/* esptool loader.py: CHIP_DETECT_MAGIC_REG_ADDR */
#define MAGIC_REGISTER 0x40001000u
#define EFUSE_WORDS 4

#define KIB 1024u
#define RECOMMENDED_BAUD 460800u

static gboolean
identify_esp8266 (FgLoader *loader, FgBoardInfo *info, GError **error)
{
  guint32 words[EFUSE_WORDS];
  double estimate;
  guint32 clkdiv;

  for (guint i = 0; i < EFUSE_WORDS; i++)
    if (!fg_loader_read_reg (loader, info->chip->efuse_base + i * 4, &words[i], error))
      return FALSE;
  fg_efuse_read_esp8266 (words, info);
  if (!fg_loader_read_reg (loader, info->chip->uart_clkdiv, &clkdiv, error))
    return FALSE;
  info->clkdiv = clkdiv & 0xfffff;
  info->crystal_mhz = fg_crystal_estimate (info->chip, loader->baud, clkdiv, &estimate);
  if (ABS (estimate - info->crystal_mhz) > 1)
    fg_report_log (loader->reporter, FG_LOG_WARNING,
                   "The crystal was measured as %.1f MHz, taken as %u MHz", estimate,
                   info->crystal_mhz);
  return TRUE;
}

/**
 * fg_identify:
 *
 * Reads the chip's magic value, eFuses and UART divider. The loader must still run at the rate it
 * was synced at.
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_UNKNOWN_CHIP, %FG_ERROR_UNSUPPORTED or an error of
 * the loader set
 */
FgBoardInfo *
fg_identify (FgLoader *loader, GError **error)
{
  g_autoptr (FgBoardInfo) info = NULL;
  const FgChip *chip;
  guint32 magic;

  if (!fg_loader_read_reg (loader, MAGIC_REGISTER, &magic, error))
    return NULL;
  chip = fg_chip_by_magic (magic);
  if (chip == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP,
                 "the chip is not known: its word at 0x%08X is 0x%08X", MAGIC_REGISTER, magic);
    return NULL;
  }
  if (chip->id != FG_CHIP_ESP8266) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
                 "this is an %s: only the ESP8266 and ESP8285 can be flashed so far", chip->name);
    return NULL;
  }
  info = fg_board_info_new (chip);
  if (!identify_esp8266 (loader, info, error))
    return NULL;
  return g_steal_pointer (&info);
}

/* Modules of 512 KB (ESP-01, ESP-07) have all four data wires; larger modules use two of them for
 * other things; the ESP8285's flash is known to want DOUT (field reports, PROTOCOL-FACTS 5.1). */
static FgFlashMode
recommend_mode (const FgBoardInfo *info)
{
  if (g_str_has_prefix (info->variant, "ESP8285"))
    return FG_FLASH_MODE_DOUT;
  if (info->flash_size == 0)
    return FG_FLASH_MODE_KEEP;
  return info->flash_size <= 512 * KIB ? FG_FLASH_MODE_QIO : FG_FLASH_MODE_DIO;
}

/**
 * fg_identify_flash:
 * @spi: open
 *
 * Reads the flash chip's id. A dead id or an unknown size is not an error here: it is shown.
 */
gboolean
fg_identify_flash (FgSpiFlash *spi, FgBoardInfo *info, GError **error)
{
  guint32 id;

  if (!fg_spi_flash_read_id (spi, &id, error))
    return FALSE;
  fg_flash_id_read (id, info);
  info->recommended_mode = recommend_mode (info);
  info->recommended_baud = RECOMMENDED_BAUD;
  return TRUE;
}
