/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What to ask an ESP8266 ROM's FLASH_BEGIN for, so that it erases what is meant. No I/O. */

#include <glib.h>

G_BEGIN_DECLS

guint32 fg_rom_erase_size (guint32 offset, guint32 size);
guint32 fg_rom_erased_sectors (guint32 offset, guint32 erase_size);

G_END_DECLS
