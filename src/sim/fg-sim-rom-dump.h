/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A dump of the mask ROM, which then runs instead of the stand-in. */

#include <gio/gio.h>

G_BEGIN_DECLS

#define FG_SIM_ROM_DUMP_LEN 0x10000u

guint8 *fg_sim_rom_dump_load (const char *path, GError **error);

G_END_DECLS
