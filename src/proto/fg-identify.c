/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-connect.h"

#include "fg-baud.h"
#include "fg-efuse.h"
#include "fg-error.h"
#include "fg-flash-id.h"
#include "fg-watchdog.h"

/* esptool loader.py: CHIP_DETECT_MAGIC_REG_ADDR */
#define MAGIC_REGISTER 0x40001000u

#define ID_TRIES 4
#define KIB 1024u
#define RECOMMENDED_BAUD_ESP8266 460800u
#define RECOMMENDED_BAUD 921600u
/* An unknown command is answered as often as the SYNC before it was. */
#define QUIET_MS 15
#define STATUS_LEN 2
#define MAX_FRAMES 32 /* late answers to SYNC may come first */

/* TRUE also when the loader does not know the command: then @security stays unknown. */
static gboolean
query_security (FgLoader *loader, FgSecurity *security, int *chip_id, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time ()
                       + fg_op_timeout_ms (FG_OP_GET_SECURITY_INFO) * G_GINT64_CONSTANT (1000);
  FgReply reply;

  *chip_id = -1;
  fg_command_build (FG_OP_GET_SECURITY_INFO, NULL, 0, 0, loader->out);
  if (!fg_loader_send (loader, error))
    return FALSE;
  for (guint i = 0; i < MAX_FRAMES; i++) {
    if (!fg_loader_receive (loader, deadline_us, &reply, error))
      return FALSE;
    if (reply.op == FG_OP_GET_SECURITY_INFO && reply.len >= FG_SECURITY_SHORT_LEN + STATUS_LEN) {
      gboolean whole = reply.len >= FG_SECURITY_LEN + STATUS_LEN;

      fg_security_read (reply.data, whole ? FG_SECURITY_LEN : FG_SECURITY_SHORT_LEN, security,
                        chip_id);
      return TRUE;
    }
    if (reply.len >= STATUS_LEN && reply.data[0] != 0) /* no matter under which number */
      break;
  }
  return fg_loader_drain (loader, QUIET_MS, error);
}

static const FgChip *
chip_by_id (int chip_id, GError **error)
{
  const FgChip *chip = fg_chip_by_image_id (chip_id);

  if (chip == NULL)
    g_set_error (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP,
                 "the chip is not known: it says that its id is %d (0x%X)", chip_id,
                 (guint) chip_id);
  return chip;
}

/* An ESP32-S2 in secure download mode neither tells a chip id nor lets anybody read the word. */
static const FgChip *
chip_by_magic (FgLoader *loader, FgSecurity *security, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const FgChip *chip;
  guint32 magic;

  if (!fg_loader_read_reg (loader, MAGIC_REGISTER, &magic, &failure)) {
    if (g_error_matches (failure, FG_ERROR, FG_ERROR_UNSUPPORTED)
        || (security->secure_download && g_error_matches (failure, FG_ERROR, FG_ERROR_REJECTED))) {
      security->known = security->secure_download = TRUE;
      return fg_loader_drain (loader, QUIET_MS, error) ? fg_chip_get (FG_CHIP_ESP32S2) : NULL;
    }
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  chip = fg_chip_by_magic (magic);
  if (chip == NULL)
    g_set_error (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP,
                 "the chip is not known: its word at 0x%08X is 0x%08X", MAGIC_REGISTER, magic);
  return chip;
}

static gboolean
measure_crystal (FgLoader *loader, FgBoardInfo *info, GError **error)
{
  double estimate;
  guint32 clkdiv;

  /* the rate of the chip's own USB port means nothing, so there is nothing to measure */
  if (info->crystal_mhz != 0 || info->chip->uart_clkdiv == 0
      || fg_transport_kind (loader->wire) != FG_WIRE_PLAIN)
    return TRUE;
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

static gboolean
read_registers (FgLoader *loader, FgBoardInfo *info, GError **error)
{
  guint32 words[FG_EFUSE_WORDS_MAX];
  guint n = fg_efuse_count (info->chip);

  for (guint i = 0; i < n; i++)
    if (!fg_loader_read_reg (loader, fg_efuse_address (info->chip, i), &words[i], error))
      return FALSE;
  fg_efuse_read (words, info);
  if (fg_transport_kind (loader->wire) == FG_WIRE_USB_JTAG
      && !fg_watchdog_stop (loader, info->chip, error))
    return FALSE;
  return measure_crystal (loader, info, error);
}

/**
 * fg_identify:
 *
 * Asks for the security information first, which names most chips; else reads the chip's magic
 * value. Then its eFuses and UART divider, unless it is in secure download mode. The loader must
 * still run at the rate it was synced at.
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_UNKNOWN_CHIP or an error of the loader set
 */
FgBoardInfo *
fg_identify (FgLoader *loader, GError **error)
{
  g_autoptr (FgBoardInfo) info = NULL;
  FgSecurity security = { 0 };
  const FgChip *chip;
  int chip_id;

  if (!query_security (loader, &security, &chip_id, error))
    return NULL;
  chip = chip_id >= 0 ? chip_by_id (chip_id, error) : chip_by_magic (loader, &security, error);
  if (chip == NULL)
    return NULL;
  info = fg_board_info_new (chip);
  info->security = security;
  info->crystal_mhz = chip->crystal_mhz;
  if (!security.secure_download && !read_registers (loader, info, error))
    return NULL;
  return g_steal_pointer (&info);
}

/* Modules of 512 KB (ESP-01, ESP-07) have all four data wires; larger modules use two of them for
 * other things; the ESP8285's flash is known to want DOUT (field reports, PROTOCOL-FACTS 5.1). */
static FgFlashMode
recommend_mode (const FgBoardInfo *info)
{
  if (info->chip->id != FG_CHIP_ESP8266)
    return FG_FLASH_MODE_DIO;
  if (info->embedded_flash)
    return FG_FLASH_MODE_DOUT;
  if (info->flash_size == 0)
    return FG_FLASH_MODE_KEEP;
  return info->flash_size <= 512 * KIB ? FG_FLASH_MODE_QIO : FG_FLASH_MODE_DIO;
}

/* A byte that was corrupted on its way looks like another flash: two readings must agree. */
static gboolean
read_flash_id (FgSpiFlash *spi, guint32 *id, GError **error)
{
  guint32 before;

  if (!fg_spi_flash_read_id (spi, id, error))
    return FALSE;
  for (guint i = 0; i < ID_TRIES; i++) {
    before = *id;
    if (!fg_spi_flash_read_id (spi, id, error))
      return FALSE;
    if (*id == before)
      return TRUE;
  }
  return TRUE;
}

/**
 * fg_identify_flash:
 * @spi: open, unless the chip is in secure download mode
 *
 * Reads the flash chip's id. A dead id or an unknown size is not an error here: it is shown.
 */
gboolean
fg_identify_flash (FgSpiFlash *spi, FgBoardInfo *info, GError **error)
{
  guint32 id;

  if (!info->security.secure_download) {
    if (!read_flash_id (spi, &id, error))
      return FALSE;
    fg_flash_id_read (id, info);
  }
  info->recommended_mode = recommend_mode (info);
  info->recommended_baud =
      info->chip->id == FG_CHIP_ESP8266 ? RECOMMENDED_BAUD_ESP8266 : RECOMMENDED_BAUD;
  return TRUE;
}
