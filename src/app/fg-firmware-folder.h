/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What to open of a folder that somebody drops: its list of files, else its firmware. Blocking. */

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) paths, sorted; FG_ERROR_FILE where there is no firmware in it. */
char **fg_firmware_folder_list (const char *path, GError **error);

G_END_DECLS
