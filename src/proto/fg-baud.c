/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-baud.h"

#include "fg-wire.h"

/* Waited by the chip before it changes its divider, so that our side has changed first and hears
 * the reply at the new rate. The ROM's delay is 16 bits wide. */
#define CHANGE_DELAY_US 40000
/* What counts as sent may still be in the buffer of a USB serial chip or a pseudo-terminal, and
 * would leave at the new rate. */
#define SETTLE_US 8000
#define CHANGE_TIMEOUT_MS 100
#define REPLY_TIMEOUT_MS 300
#define DIVIDER_MASK 0xfffffu

/* The UART of a later ROM goes as far as USB serial chips do, except with the C2's slow crystal. */
#define LATER_ROM_MAX 2000000u

/* esptool targets/esp32.py, get_crystal_freq_rom_expect: the ROM measures its crystal against its
 * RC oscillator, and counts on what it found. */
#define ESP32_CALIBRATION 0x3ff5f06cu
#define ESP32_SLOW_CLOCK_UNIT 15625u
#define ESP32_BETWEEN_CRYSTALS 33000000u
#define EFUSE_RC_WORD 4

/* esptool targets/esp32c5.py, PCR_SYSCLK_CONF_REG */
#define C5_CLOCK 0x60096110u

static const guint rates[] = { 1500000, 921600, 460800, 230400, 115200, 57600 };

/** fg_baud_rom_max: Returns: bit/s that the chip's ROM can do */
guint
fg_baud_rom_max (const FgChip *chip)
{
  return chip->id == FG_CHIP_ESP8266 || chip->id == FG_CHIP_ESP32C2 ? FG_BAUD_ROM_MAX
                                                                    : LATER_ROM_MAX;
}

/**
 * fg_baud_below:
 * @baud: bit/s
 *
 * Returns: the next slower rate worth trying; 0: there is none
 */
guint
fg_baud_below (guint baud)
{
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    if (rates[i] < baud)
      return rates[i];
  return 0;
}

/**
 * fg_baud_divider:
 * @clkdiv: the divider that the ROM found by measuring our SYNC
 * @synced_baud: bit/s of that SYNC
 * @baud: bit/s wanted
 *
 * Returns: the divider for @baud, by proportion: the crystal need not be known
 */
guint32
fg_baud_divider (guint32 clkdiv, guint synced_baud, guint baud)
{
  return (guint32) (((guint64) (clkdiv & DIVIDER_MASK) * synced_baud + baud / 2) / baud);
}

/**
 * fg_baud_change:
 * @divider: from fg_baud_divider()
 * @baud: bit/s
 *
 * Changes both sides and proves it by a register read. After a failure the two sides may disagree.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT, %FG_ERROR_PROTOCOL or the transport's error set
 */
gboolean
fg_baud_change (FgLoader *loader, const FgChip *chip, guint32 divider, guint baud, GError **error)
{
  const FgRegWrite write = { chip->uart_clkdiv, divider, DIVIDER_MASK, CHANGE_DELAY_US };
  guint32 value;
  gulong wire_us;

  fg_loader_build_write_regs (loader, &write, 1);
  wire_us = loader->out->len * 10ul * G_USEC_PER_SEC / loader->baud;
  if (!fg_loader_send (loader, error))
    return FALSE;
  g_usleep (wire_us + SETTLE_US);
  if (!fg_transport_set_baud (loader->wire, baud, error))
    return FALSE;
  loader->baud = baud;
  /* The reply is nice to have; what counts is that the next command is understood. */
  fg_loader_await (loader, FG_OP_WRITE_REG, CHANGE_TIMEOUT_MS, NULL, NULL);
  if (g_cancellable_set_error_if_cancelled (loader->cancellable, error))
    return FALSE;
  fg_loader_build_read_reg (loader, chip->uart_clkdiv);
  if (!fg_loader_send (loader, error)
      || !fg_loader_await (loader, FG_OP_READ_REG, REPLY_TIMEOUT_MS, &value, error))
    return FALSE;
  return TRUE;
}

static gboolean
ask_esp32 (FgLoader *loader, const FgBoardInfo *board, guint baud, guint *asked, GError **error)
{
  guint64 believed, true_hz;
  guint32 value;

  if (!fg_loader_read_reg (loader, ESP32_CALIBRATION, &value, error))
    return FALSE;
  believed = (guint64) (value >> 7 & 0x1ffffff) * ESP32_SLOW_CLOCK_UNIT
             * (board->efuse[EFUSE_RC_WORD] & 0xff) / 40;
  true_hz = believed > ESP32_BETWEEN_CRYSTALS ? 40000000 : 26000000;
  if (believed != 0) /* the ROM has measured nothing when it is 0 */
    *asked = (guint) (baud * believed / true_hz);
  return TRUE;
}

static gboolean
ask_c5 (FgLoader *loader, const FgBoardInfo *board, guint baud, guint *asked, GError **error)
{
  guint32 value;
  guint believed;

  if (!fg_loader_read_reg (loader, C5_CLOCK, &value, error))
    return FALSE;
  believed = value >> 24 & 0x7f;
  if ((believed == 40 && board->crystal_mhz == 48) || (believed == 48 && board->crystal_mhz == 40))
    *asked = (guint) ((guint64) baud * believed / board->crystal_mhz);
  return TRUE;
}

/* What must be asked for, so that the ROM does @baud. */
static gboolean
correct (FgLoader *loader, const FgBoardInfo *board, guint baud, guint *asked, GError **error)
{
  *asked = baud;
  if (board->security.secure_download)
    return TRUE; /* no registers */
  if (board->chip->id == FG_CHIP_ESP32)
    return ask_esp32 (loader, board, baud, asked, error);
  if (board->chip->id == FG_CHIP_ESP32C5)
    return ask_c5 (loader, board, baud, asked, error);
  if (board->chip->id == FG_CHIP_ESP32C2 && board->crystal_mhz == 26)
    *asked = (guint) ((guint64) baud * 40 / 26);
  return TRUE;
}

static gboolean
prove (FgLoader *loader, const FgBoardInfo *board, GError **error)
{
  guint32 value;

  if (board->security.secure_download)
    return fg_loader_sync (loader, 0, NULL, error);
  fg_loader_build_read_reg (loader, board->chip->spi_base);
  return fg_loader_send (loader, error)
         && fg_loader_await (loader, FG_OP_READ_REG, REPLY_TIMEOUT_MS, &value, error);
}

/**
 * fg_baud_command:
 * @board: with a ROM later than the ESP8266's
 * @baud: bit/s
 *
 * Changes both sides by CHANGE_BAUDRATE and proves it. After a failure the two sides may disagree.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT, %FG_ERROR_PROTOCOL or the transport's error set
 */
gboolean
fg_baud_command (FgLoader *loader, const FgBoardInfo *board, guint baud, GError **error)
{
  guint8 data[8] = { 0 }; /* the second word is for stubs */
  guint asked;

  if (!correct (loader, board, baud, &asked, error))
    return FALSE;
  fg_put_u32 (data, asked);
  if (!fg_loader_command (loader, FG_OP_CHANGE_BAUDRATE, data, sizeof data, REPLY_TIMEOUT_MS, NULL,
                          error)
      || !fg_transport_set_baud (loader->wire, baud, error))
    return FALSE;
  loader->baud = baud;
  g_usleep (SETTLE_US);
  return fg_loader_drain (loader, 0, error) && prove (loader, board, error);
}
