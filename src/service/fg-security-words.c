/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-security-words.h"

#include <glib/gi18n-lib.h>

char **
fg_security_words (const FgSecurity *security)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if (security->secure_download)
    g_strv_builder_add (words,
                        _ ("Secure download mode: firmware can still be written, but not checked; "
                           "nothing can be read, and chip facts are hidden."));
  if (security->flash_encryption)
    g_strv_builder_add (words,
                        _ ("Flash encryption is on: plain firmware written here would not start. "
                           "Update this board over the air or with its own tools."));
  if (security->secure_boot_v1)
    g_strv_builder_add (words,
                        _ ("Secure boot (version 1) is on: the first 32 KB must stay as they are; "
                           "only firmware signed with this board's key starts."));
  else if (security->secure_boot)
    g_strv_builder_add (words,
                        _ ("Secure boot is on: any firmware can be written, but only one signed "
                           "with this board's key starts. Erasing and reading work."));
  if (security->jtag_disabled)
    g_strv_builder_add (words, _ ("JTAG is disabled: debugging is off, flashing works."));
  if (security->usb_disabled)
    g_strv_builder_add (words, _ ("The chip's own USB port is disabled: use its serial port."));
  return g_strv_builder_end (words);
}
