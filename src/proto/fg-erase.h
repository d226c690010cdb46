/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Phase erase: exactly what is meant, and nothing beside it. Blocking. */

#include "fg-sectors.h"
#include "fg-session.h"

G_BEGIN_DECLS

double fg_erase_seconds (double bytes);
gboolean fg_erase_range (FgSession *session, guint32 offset, guint32 length, GError **error);
gboolean fg_erase_planned (FgSession *session, FgSectors *sectors, GError **error);

G_END_DECLS
