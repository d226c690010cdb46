/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-board-info.h"

typedef struct {
  guint8 prefix[3];
  const char *vendor;
} MacVendor;

/* The three prefixes that the ESP8266's eFuses imply, and others of the same owner: IEEE MA-L list.
 * Only the first three octets are compared; a prefix that is not here is not an error. */
static const MacVendor mac_vendors[] = {
  { { 0x18, 0xfe, 0x34 }, "Espressif" }, { { 0xac, 0xd0, 0x74 }, "Espressif" },
  { { 0x24, 0x0a, 0xc4 }, "Espressif" }, { { 0x5c, 0xcf, 0x7f }, "Espressif" },
  { { 0x60, 0x01, 0x94 }, "Espressif" }, { { 0xa0, 0x20, 0xa6 }, "Espressif" },
  { { 0xec, 0xfa, 0xbc }, "Espressif" }, { { 0x2c, 0x3a, 0xe8 }, "Espressif" },
  { { 0x84, 0xf3, 0xeb }, "Espressif" }, { { 0x68, 0xc6, 0x3a }, "Espressif" },
  { { 0xb4, 0xe6, 0x2d }, "Espressif" }, { { 0xdc, 0x4f, 0x22 }, "Espressif" },
  { { 0xbc, 0xdd, 0xc2 }, "Espressif" }, { { 0xcc, 0x50, 0xe3 }, "Espressif" },
};

/**
 * fg_board_info_new:
 * @chip: (transfer none): static
 *
 * Returns: (transfer full): an empty description of a board with this chip
 */
FgBoardInfo *
fg_board_info_new (const FgChip *chip)
{
  FgBoardInfo *self = g_atomic_rc_box_new0 (FgBoardInfo);

  self->chip = chip;
  self->revision = -1;
  self->features = g_ptr_array_new_with_free_func (g_free);
  self->recommended_mode = FG_FLASH_MODE_KEEP;
  return self;
}

FgBoardInfo *
fg_board_info_ref (FgBoardInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
board_info_clear (gpointer data)
{
  FgBoardInfo *self = data;

  g_free (self->variant);
  g_free (self->flash_name);
  g_ptr_array_unref (self->features);
}

void
fg_board_info_unref (FgBoardInfo *self)
{
  g_atomic_rc_box_release_full (self, board_info_clear);
}

/**
 * fg_board_info_dup_mac:
 *
 * Returns: (transfer full) (nullable): "5C:CF:7F:3A:91:0E"; %NULL when it is not known
 */
char *
fg_board_info_dup_mac (const FgBoardInfo *self)
{
  const guint8 *m = self->mac;

  if (!self->has_mac)
    return NULL;
  return g_strdup_printf ("%02X:%02X:%02X:%02X:%02X:%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
}

/**
 * fg_board_info_mac_vendor:
 *
 * Returns: (nullable) (transfer none): "Espressif"; %NULL when the prefix is not in our short list
 */
const char *
fg_board_info_mac_vendor (const FgBoardInfo *self)
{
  if (!self->has_mac)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (mac_vendors); i++)
    if (memcmp (mac_vendors[i].prefix, self->mac, 3) == 0)
      return mac_vendors[i].vendor;
  return NULL;
}

static void
append_features (GString *text, const FgBoardInfo *self)
{
  for (guint i = 0; i < self->features->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : ", ", (char *) self->features->pdata[i]);
}

/**
 * fg_board_info_to_text:
 *
 * The facts as lines of plain English text, for the clipboard and a forum post.
 *
 * Returns: (transfer full): ends with a newline
 */
char *
fg_board_info_to_text (const FgBoardInfo *self)
{
  GString *text = g_string_new (NULL);
  g_autofree char *mac = fg_board_info_dup_mac (self);
  g_autofree char *size = fg_size_format (self->flash_size);

  g_string_append_printf (text, "Chip: %s",
                          self->variant != NULL ? self->variant : self->chip->name);
  if (self->revision >= 0)
    g_string_append_printf (text, " revision %d.%d", self->revision / 100, self->revision % 100);
  g_string_append (text, "\nFeatures: ");
  append_features (text, self);
  g_string_append_printf (text, "\nMAC address: %s\n", mac != NULL ? mac : "unknown");
  if (self->crystal_mhz != 0)
    g_string_append_printf (text, "Crystal: %u MHz (divider %u)\n", self->crystal_mhz,
                            self->clkdiv);
  g_string_append_printf (text, "Flash: %s %s, %s (manufacturer %02X, device %04X)\n",
                          self->flash_manufacturer != NULL ? self->flash_manufacturer
                                                           : "unknown maker",
                          self->flash_name != NULL ? self->flash_name : "unknown part",
                          self->flash_size != 0 ? size : "size unknown",
                          self->flash_manufacturer_id, self->flash_device_id);
  if (self->embedded_size != 0) {
    g_autofree char *embedded = fg_size_format (self->embedded_size);
    g_string_append_printf (text, "Embedded flash by eFuse: %s\n", embedded);
  }
  g_string_append_printf (text, "eFuse words: %08X %08X %08X %08X\n", self->efuse[0],
                          self->efuse[1], self->efuse[2], self->efuse[3]);
  return g_string_free (text, FALSE);
}
