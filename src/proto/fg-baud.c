/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-baud.h"

/* Waited by the chip before it changes its divider, so that our side has changed first and hears
 * the reply at the new rate. The ROM's delay is 16 bits wide. */
#define CHANGE_DELAY_US 40000
/* What counts as sent may still be in the buffer of a USB serial chip or a pseudo-terminal, and
 * would leave at the new rate. */
#define SETTLE_US 8000
#define CHANGE_TIMEOUT_MS 100
#define REPLY_TIMEOUT_MS 300
#define DIVIDER_MASK 0xfffffu

static const guint rates[] = { 921600, 460800, 230400, 115200, 57600 };

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
