/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What one piece of data is, as a whole. fg-inspect.h also takes merged images apart. */

#include "fg-content.h"

G_BEGIN_DECLS

FgContent *fg_recognise (const guint8 *data, gsize len);

G_END_DECLS
