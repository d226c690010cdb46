/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the USB ids of a serial port tell about the board behind it. Pure.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_USB_UNKNOWN,   /* nothing known: a board of ours is not likely */
  FG_USB_BRIDGE,    /* a USB serial chip that boards are built with */
  FG_USB_ESPRESSIF, /* the chip's own USB port */
} FgUsbKind;

FgUsbKind fg_usb_kind (guint16 vendor_id, guint16 product_id);
/* (transfer full) the USB serial chip: "CP2102N", "CH340"; NULL: not in the table.
 * @product: (nullable): what the device calls itself, which may tell the exact type */
char *fg_usb_chip_name (guint16 vendor_id, guint16 product_id, const char *product);
/* Whether @product is the name of a board, not the bridge maker's default text. */
gboolean fg_usb_product_is_board (const char *product);

G_END_DECLS
