/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys that say what kind of chip it is: eFuses, crystal, security, USB. */

#include "fg-sim-spec-key.h"

#include <string.h>

#define MIB (1024u * 1024u)
#define EUI64_EXTENSION 0xFFFE /* what the standard puts between the halves of a MAC address */
#define DEFAULT_DRIFT 10
#define DEFAULT_USB_GONE_US 300000

#define FIELD FG_SIM_SPEC_FIELD

static gboolean
parse_unsigned (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint64 number;

  if (!fg_sim_key_parse_number (value, 10, 999, &number))
    return fg_sim_key_refuse (key, value, error);
  G_STRUCT_MEMBER (guint, spec, key->arg) = (guint) number;
  return TRUE;
}

static gboolean
parse_drift (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  gint64 number;

  if (!g_ascii_string_to_signed (value, 10, -200, 200, &number, NULL))
    return fg_sim_key_refuse (key, value, error);
  spec->drift = (gint) number;
  return TRUE;
}

/* Six bytes, or eight: then the two in the middle make a longer address of it. */
static gboolean
parse_mac (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 9);
  guint n = g_strv_length (parts);
  guint8 bytes[8];

  if (n != 6 && n != 8)
    return fg_sim_key_refuse (key, value, error);
  for (guint i = 0; i < n; i++) {
    guint64 byte;

    if (strlen (parts[i]) != 2 || !fg_sim_key_parse_number (parts[i], 16, 0xff, &byte))
      return fg_sim_key_refuse (key, value, error);
    bytes[i] = (guint8) byte;
  }
  if (n == 8 && !spec->model->has_eui64)
    return fg_sim_key_refuse (key, value, error);
  if (n == 8)
    spec->identity.mac_extension = (guint16) (bytes[3] << 8 | bytes[4]);
  memcpy (spec->identity.mac, bytes, 3);
  memcpy (spec->identity.mac + 3, bytes + n - 3, 3);
  return TRUE;
}

static gboolean
parse_revision (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ".", 3);
  guint64 major, minor;

  if (g_strv_length (parts) != 2 || !fg_sim_key_parse_number (parts[0], 10, 9, &major)
      || !fg_sim_key_parse_number (parts[1], 10, 99, &minor))
    return fg_sim_key_refuse (key, value, error);
  spec->identity.revision = (guint) (major * 100 + minor);
  return TRUE;
}

/* The words of an ESP8266 in their order; for other chips what to burn beside the rest. */
static gboolean
parse_efuse (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", FG_SIM_FUSE_WORDS);
  gboolean in_order = spec->variant != NULL;

  if (*value == '\0' || (in_order && g_strv_length (parts) != FG_SIM_EFUSE_WORDS))
    return fg_sim_key_refuse (key, value, error);
  for (guint i = 0; parts[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (parts[i], "@", 2);
    guint64 offset = 4 * i, word;

    if (g_strv_length (pair) != (in_order ? 1 : 2)
        || !fg_sim_key_parse_number (pair[in_order ? 0 : 1], 16, G_MAXUINT32, &word))
      return fg_sim_key_refuse (key, value, error);
    if (!in_order
        && (!fg_sim_key_parse_number (pair[0], 16, spec->model->efuse_len - 4, &offset)
            || offset % 4 != 0))
      return fg_sim_key_refuse (key, value, error);
    spec->efuse[offset / 4] |= (guint32) word;
  }
  spec->has_efuse = TRUE;
  return TRUE;
}

static gboolean
parse_usb (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint index;

  if (!fg_sim_key_parse_choice ((const char *const[]){ "no", "jtag", "otg", NULL }, value, &index)
      || ((FgSimUsb) index == FG_SIM_USB_JTAG && !spec->model->has_usb_jtag)
      || ((FgSimUsb) index == FG_SIM_USB_OTG && !spec->model->has_usb_otg))
    return fg_sim_key_refuse (key, value, error);
  spec->usb = (FgSimUsb) index;
  return TRUE;
}

const FgSimKey fg_sim_chip_keys[] = {
  { "crystal", "MHZ", "26, 32, 40 or 48, whichever the chip may have (the usual one)",
    parse_unsigned, FIELD (crystal_mhz) },
  { "mac", "5C:CF:7F:3A:91:0E", "MAC address; eight bytes where there is an EUI-64", parse_mac, 0 },
  { "efuse", "WORDS", "esp8266: W0:W1:W2:W3; else OFFSET@WORD:… to be burnt as well; hexadecimal",
    parse_efuse, 0 },
  /* none of those that follow is known to an ESP8266 */
  { "revision", "MAJOR.MINOR", "of the chip (a recent one)", parse_revision, 0 },
  { "package", "N", "as the eFuses number it (0)", parse_unsigned, FIELD (identity.package) },
  { "flash-inside", "MB", "what the eFuses say (0, none)", parse_unsigned,
    FIELD (identity.flash_mb) },
  { "flash-vendor", "N", "as the eFuses number it (0)", parse_unsigned,
    FIELD (identity.flash_vendor) },
  { "psram", "MB", "what the eFuses say (0, none)", parse_unsigned, FIELD (identity.psram_mb) },
  { "secure-boot", "yes|no", "whether it is on (no)", fg_sim_key_parse_boolean,
    FIELD (identity.secure_boot) },
  { "encryption", "yes|no", "whether flash encryption is on (no)", fg_sim_key_parse_boolean,
    FIELD (identity.encryption) },
  { "sdm", "yes|no", "secure download mode: the loader refuses most commands (no)",
    fg_sim_key_parse_boolean, FIELD (secure_download) },
  { "rom-crystal", "MHZ", "ESP32-C5: what the ROM takes the crystal for (what it is)",
    parse_unsigned, FIELD (rom_crystal_mhz) },
  { "drift", "N", "ESP32: how much too high the ROM measures its crystal, per mille (10)",
    parse_drift, 0 },
  { "usb", "no|jtag|otg",
    "no adapter but the chip's own USB serial port, or one that its ROM makes (no)", parse_usb, 0 },
  { "usb-gone", "SECONDS", "how long a USB port of the chip is gone after a reset (0.3)",
    fg_sim_key_parse_time, FIELD (usb_gone_us) },
};
const gsize fg_sim_n_chip_keys = G_N_ELEMENTS (fg_sim_chip_keys);

/** fg_sim_spec_choose_chip: @name: an ESP8266 in one of its variants, or another chip */
gboolean
fg_sim_spec_choose_chip (FgSimSpec *spec, const char *name, GError **error)
{
  static const guint8 mac_esp8266[6] = { 0x5C, 0xCF, 0x7F, 0x3A, 0x91, 0x0E };
  static const guint8 mac_others[6] = { 0x24, 0x0A, 0xC4, 0x3A, 0x91, 0x0E };
  g_autofree char *variants = NULL;
  g_autofree char *models = NULL;

  spec->variant = fg_sim_variant_find (name);
  spec->model = spec->variant != NULL ? fg_sim_model_get_esp8266 () : fg_sim_model_find (name);
  if (spec->model == NULL) {
    variants = fg_sim_variant_list ();
    models = fg_sim_model_list ();
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "simulated board: there is no chip “%s”; the chips are %s, %s", name, variants,
                 models);
    return FALSE;
  }
  spec->flash_size =
      spec->variant != NULL ? spec->variant->default_flash : spec->model->default_flash * MIB;
  spec->title = g_strdup_printf ("Simulated %s",
                                 spec->variant != NULL ? spec->variant->title : spec->model->title);
  spec->crystal_mhz = spec->model->crystals[0];
  spec->drift = DEFAULT_DRIFT;
  spec->usb_gone_us = DEFAULT_USB_GONE_US;
  memcpy (spec->identity.mac, spec->variant != NULL ? mac_esp8266 : mac_others,
          sizeof spec->identity.mac);
  spec->identity.mac_extension = EUI64_EXTENSION;
  spec->identity.revision = spec->model->default_revision;
  return TRUE;
}

static gboolean
finish_crystal (FgSimSpec *spec, GError **error)
{
  const FgSimModel *model = spec->model;
  gboolean known = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (model->crystals); i++)
    known |= model->crystals[i] != 0 && model->crystals[i] == spec->crystal_mhz;
  if (!known) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 /* a precision of 0: no other crystal prints nothing */
                 "simulated board: crystal=%u is not understood, an %s has %u%s%.0u MHz",
                 spec->crystal_mhz, model->title, model->crystals[0],
                 model->crystals[1] != 0 ? " or " : "", model->crystals[1]);
    return FALSE;
  }
  if (model->rom_crystal != 0)
    spec->rom_crystal_mhz = model->rom_crystal;
  else if (spec->rom_crystal_mhz == 0 || model->crystal_known == 0)
    spec->rom_crystal_mhz = spec->crystal_mhz;
  return TRUE;
}

static gboolean
finish_security (const FgSimSpec *spec, GError **error)
{
  const char *missing = NULL;

  if (spec->secure_download && !spec->model->has_secure_download)
    missing = "secure download mode";
  if ((spec->identity.secure_boot || spec->identity.encryption) && spec->variant != NULL)
    missing = "secure boot and no flash encryption";
  if (missing == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "simulated board: an %s has no %s",
               spec->model->title, missing);
  return FALSE;
}

/** fg_sim_spec_finish_chip: burns the eFuses; fails when this chip cannot be so. */
gboolean
fg_sim_spec_finish_chip (FgSimSpec *spec, GError **error)
{
  guint32 nowhere[FG_SIM_FUSE_WORDS] = { 0 };
  gboolean is_esp8266 = spec->variant != NULL;

  if (!finish_crystal (spec, error) || !finish_security (spec, error))
    return FALSE;
  /* an ESP8266 has none of these eFuses: this finds out whether it is asked to */
  if (!fg_sim_fuses_burn (spec->model, &spec->identity, is_esp8266 ? nowhere : spec->efuse, error))
    return FALSE;
  if (!is_esp8266 && spec->rom != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "simulated board: rom=FILE is for an ESP8266, an %s runs no programs",
                 spec->model->title);
    return FALSE;
  }
  if (is_esp8266 && !spec->has_efuse)
    fg_sim_efuse_burn (spec->variant, spec->identity.mac, spec->efuse);
  return TRUE;
}
