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

/** fg_board_info_add_feature: a short name in English: "Wi-Fi 6", "Embedded flash 4 MB" */
void
fg_board_info_add_feature (FgBoardInfo *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->features, g_strdup_vprintf (format, args));
  va_end (args);
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
 * fg_board_info_dup_eui64:
 *
 * Returns: (transfer full) (nullable): "60:55:F9:FF:FE:F7:2C:A2"; %NULL when the chip has none
 */
char *
fg_board_info_dup_eui64 (const FgBoardInfo *self)
{
  GString *text;

  if (!self->has_eui64)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < sizeof self->eui64; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", self->eui64[i]);
  return g_string_free (text, FALSE);
}

/**
 * fg_board_info_dup_size_conflict:
 *
 * Flash in the package whose eFuse and whose id do not agree: the id is believed, and both are
 * told.
 *
 * Returns: (transfer full) (nullable): a sentence in English; %NULL: there is no conflict
 */
char *
fg_board_info_dup_size_conflict (const FgBoardInfo *self)
{
  g_autofree char *by_id = fg_size_format (self->flash_size);
  g_autofree char *by_efuse = fg_size_format (self->embedded_size);

  if (self->flash_size == 0 || self->embedded_size == 0 || self->flash_size == self->embedded_size)
    return NULL;
  return g_strdup_printf ("The flash says %s by its id (%06X) and the eFuses say %s", by_id,
                          self->flash_id, by_efuse);
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

static void
append_flash (GString *text, const FgBoardInfo *self)
{
  g_autofree char *size = fg_size_format (self->flash_size);
  g_autofree char *conflict = fg_board_info_dup_size_conflict (self);

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
  if (conflict != NULL)
    g_string_append_printf (text, "%s\n", conflict);
}

static void
append_efuses (GString *text, const FgBoardInfo *self)
{
  if (self->n_efuse == 0)
    return;
  g_string_append (text, "eFuse words:");
  for (guint i = 0; i < self->n_efuse; i++)
    g_string_append_printf (text, " %08X", self->efuse[i]);
  g_string_append_c (text, '\n');
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
  g_autofree char *eui64 = fg_board_info_dup_eui64 (self);
  g_autofree char *security = fg_security_to_text (&self->security);

  g_string_append_printf (text, "Chip: %s",
                          self->variant != NULL ? self->variant : self->chip->name);
  if (self->revision >= 0)
    g_string_append_printf (text, " revision %d.%d", self->revision / 100, self->revision % 100);
  g_string_append (text, "\nFeatures: ");
  append_features (text, self);
  g_string_append_printf (text, "\nMAC address: %s\n", mac != NULL ? mac : "unknown");
  if (eui64 != NULL)
    g_string_append_printf (text, "EUI-64: %s\n", eui64);
  if (self->crystal_mhz != 0 && self->clkdiv != 0)
    g_string_append_printf (text, "Crystal: %u MHz (divider %u)\n", self->crystal_mhz,
                            self->clkdiv);
  else if (self->crystal_mhz != 0)
    g_string_append_printf (text, "Crystal: %u MHz\n", self->crystal_mhz);
  append_flash (text, self);
  if (self->chip->id != FG_CHIP_ESP8266)
    g_string_append_printf (text, "Security: %s\n", security);
  append_efuses (text, self);
  return g_string_free (text, FALSE);
}
