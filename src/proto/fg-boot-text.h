/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What came from a board instead of a loader's answer, in words. No I/O. */

#include <glib.h>

G_BEGIN_DECLS

gboolean fg_boot_text_explain (const char *text, gsize len, GError **error);

G_END_DECLS
