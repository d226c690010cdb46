/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Out of the loader, in the way that works with this chip on this port. */

#include "fg-loader.h"

G_BEGIN_DECLS

gboolean fg_leave_loader (FgLoader *loader, const FgBoardInfo *board, GError **error);

G_END_DECLS
