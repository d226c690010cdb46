/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a chip's fuses forbid, as GET_SECURITY_INFO or the eFuse words tell it. No I/O. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gboolean known; /* FALSE: nobody has told, and nothing below means anything */
  gboolean secure_boot;
  gboolean secure_boot_v1;   /* ESP32: the loader and the key's digest below 0x8000 are fixed */
  gboolean flash_encryption; /* what is written plainly is read as garbage */
  gboolean secure_download;  /* the loader only writes: no registers, reads, digests, programs */
  gboolean jtag_disabled;
  gboolean usb_disabled;
  guint32 flags; /* as read; 0 where there is no GET_SECURITY_INFO */
} FgSecurity;

#define FG_SECURITY_LEN 20       /* bytes that GET_SECURITY_INFO answers */
#define FG_SECURITY_SHORT_LEN 12 /* on the ESP32-S2 */

void fg_security_read (const guint8 *data, gsize len, FgSecurity *security, int *chip_id);
gboolean fg_security_is_odd (guint32 bits);
gboolean fg_security_is_open (const FgSecurity *security);
char *fg_security_to_text (const FgSecurity *security);

G_END_DECLS
