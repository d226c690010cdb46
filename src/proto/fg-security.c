/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-security.h"

#include "fg-wire.h"

/* esptool loader.py, get_security_info: flags, SPI_BOOT_CRYPT_CNT, key purposes, chip id. */
#define FLAG_SECURE_BOOT (1u << 0)
#define FLAG_SECURE_DOWNLOAD (1u << 2)
#define FLAG_JTAG_SOFT_DISABLED (1u << 6)
#define FLAG_JTAG_HARD_DISABLED (1u << 7)
#define FLAG_USB_DISABLED (1u << 8)
#define CRYPT_COUNT_AT 4
#define CHIP_ID_AT 12

/** fg_security_is_odd: whether an odd number of bits is set, which is what turns encryption on. */
gboolean
fg_security_is_odd (guint32 bits)
{
  gboolean odd = FALSE;

  for (; bits != 0; bits &= bits - 1)
    odd = !odd;
  return odd;
}

/**
 * fg_security_read:
 * @data: what GET_SECURITY_INFO answered
 * @len: %FG_SECURITY_LEN or %FG_SECURITY_SHORT_LEN
 * @chip_id: (out): -1: the short form has none
 */
void
fg_security_read (const guint8 *data, gsize len, FgSecurity *security, int *chip_id)
{
  guint32 flags;

  g_return_if_fail (len >= FG_SECURITY_SHORT_LEN);
  flags = fg_get_u32 (data);
  *security = (FgSecurity){
    .known = TRUE,
    .secure_boot = (flags & FLAG_SECURE_BOOT) != 0,
    .flash_encryption = fg_security_is_odd (data[CRYPT_COUNT_AT]),
    .secure_download = (flags & FLAG_SECURE_DOWNLOAD) != 0,
    .jtag_disabled = (flags & (FLAG_JTAG_SOFT_DISABLED | FLAG_JTAG_HARD_DISABLED)) != 0,
    .usb_disabled = (flags & FLAG_USB_DISABLED) != 0,
    .flags = flags,
  };
  *chip_id = len >= FG_SECURITY_LEN ? (int) fg_get_u32 (data + CHIP_ID_AT) : -1;
}

/** fg_security_is_open: whether nothing is known that forbids anything. */
gboolean
fg_security_is_open (const FgSecurity *security)
{
  return !security->secure_boot && !security->flash_encryption && !security->secure_download
         && !security->jtag_disabled && !security->usb_disabled;
}

static void
append (GString *text, gboolean set, const char *words)
{
  if (set)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", words);
}

/**
 * fg_security_to_text:
 *
 * Returns: (transfer full): "secure boot, flash encryption", "none", "unknown"
 */
char *
fg_security_to_text (const FgSecurity *security)
{
  GString *text;

  if (!security->known)
    return g_strdup ("unknown");
  text = g_string_new (NULL);
  append (text, security->secure_boot,
          security->secure_boot_v1 ? "secure boot (version 1)" : "secure boot");
  append (text, security->flash_encryption, "flash encryption");
  append (text, security->secure_download, "secure download mode");
  append (text, security->jtag_disabled, "JTAG disabled");
  append (text, security->usb_disabled, "USB disabled");
  append (text, text->len == 0, "none");
  return g_string_free (text, FALSE);
}
