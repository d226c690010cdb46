/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A flasher stub in a file: the JSON form of esptool's stub_flasher folder. */

#include "fg-stub-image.h"

G_BEGIN_DECLS

FgStubImage *fg_stub_file_load (const char *path, GError **error);

G_END_DECLS
