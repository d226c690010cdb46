/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-transport.h"

#include "fg-error.h"

/* How often a waiting call looks at its cancellable: cancel must answer within 200 ms. */
#define SLICE_MS 50

/* USB ids: github.com/espressif/usb-pids; esptool targets/, USB_PID. The ROM's port has the number
 * of the chip. */
#define USB_ESPRESSIF 0x303a
#define USB_SERIAL_JTAG 0x1001
static const guint16 usb_otg[] = { 0x0002, 0x0009, 0x0012, 0x0020 }; /* S2, S3, P4, S31 */

/**
 * fg_transport_init:
 * @ops: (not nullable): a static table
 * @name: what messages call this transport; copied
 *
 * For backends: sets up the part that is common to all.
 */
void
fg_transport_init (FgTransport *self, const FgTransportOps *ops, const char *name)
{
  *self = (FgTransport){ .ops = ops, .name = g_strdup (name) };
}

/**
 * fg_transport_free:
 * @self: (nullable) (transfer full)
 *
 * Closes the port. Does not touch the modem lines.
 */
void
fg_transport_free (FgTransport *self)
{
  g_autofree char *name = NULL;

  if (self == NULL)
    return;
  name = self->name;
  self->ops->free (self);
}

/** fg_transport_has_lines: whether DTR and RTS reach the board. */
gboolean
fg_transport_has_lines (const FgTransport *self)
{
  return self->ops->set_lines != NULL;
}

/** fg_transport_has_baud: whether this side can choose the rate. */
gboolean
fg_transport_has_baud (const FgTransport *self)
{
  return self->ops->set_baud != NULL;
}

/** fg_transport_kind: see #FgWireKind. An ESP-Prog or a bridge of Espressif's is a plain wire. */
FgWireKind
fg_transport_kind (const FgTransport *self)
{
  if (self->usb_vendor != USB_ESPRESSIF)
    return FG_WIRE_PLAIN;
  if (self->usb_product == USB_SERIAL_JTAG)
    return FG_WIRE_USB_JTAG;
  for (guint i = 0; i < G_N_ELEMENTS (usb_otg); i++)
    if (self->usb_product == usb_otg[i])
      return FG_WIRE_USB_OTG;
  return FG_WIRE_PLAIN;
}

/**
 * fg_transport_reopen:
 * @timeout_ms: how long to look for the port
 *
 * After a hang-up: waits until the port is back, as one that belongs to the chip is after a reset.
 *
 * Returns: %FALSE with %FG_ERROR_DISCONNECTED or %G_IO_ERROR_CANCELLED set
 */
gboolean
fg_transport_reopen (FgTransport *self, guint timeout_ms, GCancellable *cancellable, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  while (self->ops->reopen != NULL && g_get_monotonic_time () < deadline_us) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (self->ops->reopen (self, NULL))
      return TRUE;
    g_usleep (SLICE_MS * 1000);
  }
  g_set_error (error, FG_ERROR, FG_ERROR_DISCONNECTED, "the board was disconnected from %s",
               self->name);
  return FALSE;
}

/**
 * fg_transport_read:
 * @deadline_us: monotonic time in microseconds; one look is taken even when it is past
 *
 * Waits for at least one byte, looking at @cancellable every 50 ms.
 *
 * Returns: bytes read; 0 when the deadline passed; -1 with %FG_ERROR_DISCONNECTED,
 *   %FG_ERROR_PORT_FAILED or %G_IO_ERROR_CANCELLED set
 */
gssize
fg_transport_read (FgTransport *self,
                   guint8 *buf,
                   gsize len,
                   gint64 deadline_us,
                   GCancellable *cancellable,
                   GError **error)
{
  while (TRUE) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();
    guint slice_ms = (guint) CLAMP ((left_us + 999) / 1000, 0, SLICE_MS);
    gssize n;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return -1;
    n = self->ops->read (self, buf, len, slice_ms, error);
    if (n > 0)
      self->bytes_read += (guint64) n;
    if (n != 0 || left_us <= 0)
      return n;
  }
}

/**
 * fg_transport_write:
 *
 * Writes the whole buffer.
 *
 * Returns: %FALSE with %FG_ERROR_DISCONNECTED, %FG_ERROR_TIMEOUT or %FG_ERROR_PORT_FAILED set
 */
gboolean
fg_transport_write (FgTransport *self, const guint8 *buf, gsize len, GError **error)
{
  if (!self->ops->write (self, buf, len, error))
    return FALSE;
  self->bytes_written += len;
  return TRUE;
}

/**
 * fg_transport_set_baud:
 * @baud: bit/s
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED when this transport has no rate or the adapter cannot
 *   do this one
 */
gboolean
fg_transport_set_baud (FgTransport *self, guint baud, GError **error)
{
  if (!fg_transport_has_baud (self)) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s has no baud rate to set", self->name);
    return FALSE;
  }
  return self->ops->set_baud (self, baud, error);
}

/**
 * fg_transport_set_lines:
 * @dtr: %TRUE asserts DTR, which pulls GPIO0 (BOOT) low
 * @rts: %TRUE asserts RTS, which pulls EN (reset) low
 *
 * Changes both lines in one step, because the reset circuit sees every state between.
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED when there are no modem lines
 */
gboolean
fg_transport_set_lines (FgTransport *self, gboolean dtr, gboolean rts, GError **error)
{
  if (!fg_transport_has_lines (self)) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s has no modem lines", self->name);
    return FALSE;
  }
  return self->ops->set_lines (self, dtr, rts, error);
}
