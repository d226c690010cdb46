/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-usb-names.h"

#include <string.h>

#define ANY_PRODUCT 0

typedef struct {
  guint16 vendor_id;
  guint16 product_id; /* ANY_PRODUCT: all others of this vendor */
  const char *name;
  FgUsbKind kind;
} UsbName;

/* The ids are registered with usb.org and listed in the Linux drivers cp210x, ch341, cdc-acm,
 * ftdi_sio and pl2303; Espressif's in its usb-pids repository. */
static const UsbName usb_names[] = {
  { 0x10c4, 0xea60, "CP210x", FG_USB_BRIDGE },
  { 0x10c4, 0xea61, "CP210x", FG_USB_BRIDGE },
  { 0x10c4, 0xea63, "CP210x", FG_USB_BRIDGE },
  { 0x10c4, 0xea64, "CP2102C", FG_USB_BRIDGE },
  { 0x10c4, 0xea70, "CP2105", FG_USB_BRIDGE },
  { 0x10c4, 0xea71, "CP2108", FG_USB_BRIDGE },
  { 0x1a86, 0x7522, "CH340K", FG_USB_BRIDGE },
  { 0x1a86, 0x7523, "CH340", FG_USB_BRIDGE },
  { 0x1a86, 0x5523, "CH341", FG_USB_BRIDGE },
  { 0x1a86, 0x55d2, "CH342", FG_USB_BRIDGE },
  { 0x1a86, 0x55d3, "CH343", FG_USB_BRIDGE },
  { 0x1a86, 0x55d4, "CH9102", FG_USB_BRIDGE },
  { 0x1a86, 0x55d8, "CH9101", FG_USB_BRIDGE },
  { 0x0403, 0x6001, "FT232R", FG_USB_BRIDGE },
  { 0x0403, 0x6010, "FT2232H", FG_USB_BRIDGE },
  { 0x0403, 0x6011, "FT4232H", FG_USB_BRIDGE },
  { 0x0403, 0x6014, "FT232H", FG_USB_BRIDGE },
  { 0x0403, 0x6015, "FT231X", FG_USB_BRIDGE },
  { 0x067b, 0x2303, "PL2303", FG_USB_BRIDGE },
  { 0x067b, 0x23a3, "PL2303GC", FG_USB_BRIDGE },
  { 0x067b, 0x23c3, "PL2303GT", FG_USB_BRIDGE },
  { 0x303a, 0x1001, "USB JTAG/serial", FG_USB_ESPRESSIF },
  { 0x303a, 0x0002, "ESP32-S2 USB", FG_USB_ESPRESSIF },
  { 0x303a, 0x0009, "ESP32-S3 USB", FG_USB_ESPRESSIF },
  { 0x303a, 0x0012, "ESP32-P4 USB", FG_USB_ESPRESSIF },
  { 0x303a, 0x0020, "ESP32-S31 USB", FG_USB_ESPRESSIF },
  { 0x303a, ANY_PRODUCT, "Espressif USB", FG_USB_ESPRESSIF },
};

/* Words of which the bridge makers' own product texts are made. */
static const char *const bridge_words[] = {
  "USB", "UART", "Serial", "RS232", "RS-232", "CP21", "CH34", "CH91", "FT23", "JTAG",
};

static const UsbName *
find_name (guint16 vendor_id, guint16 product_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (usb_names); i++) {
    const UsbName *row = &usb_names[i];

    if (row->vendor_id == vendor_id
        && (row->product_id == product_id || row->product_id == ANY_PRODUCT))
      return row;
  }
  return NULL;
}

FgUsbKind
fg_usb_kind (guint16 vendor_id, guint16 product_id)
{
  const UsbName *row = find_name (vendor_id, product_id);

  return row != NULL ? row->kind : FG_USB_UNKNOWN;
}

/* CP2102, CP2102N and CP2104 share one id; their text begins with the exact type. */
static char *
exact_type (const char *product)
{
  gsize length;

  if (product == NULL || !g_str_has_prefix (product, "CP21"))
    return NULL;
  length = strcspn (product, " ");
  return length <= strlen ("CP2102N") ? g_strndup (product, length) : NULL;
}

char *
fg_usb_chip_name (guint16 vendor_id, guint16 product_id, const char *product)
{
  const UsbName *row = find_name (vendor_id, product_id);
  char *exact;

  if (row == NULL)
    return NULL;
  exact = row->kind == FG_USB_BRIDGE ? exact_type (product) : NULL;
  return exact != NULL ? exact : g_strdup (row->name);
}

gboolean
fg_usb_product_is_board (const char *product)
{
  if (product == NULL || product[0] == '\0')
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (bridge_words); i++) {
    if (strcasestr (product, bridge_words[i]) != NULL)
      return FALSE;
  }
  return TRUE;
}
