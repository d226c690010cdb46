/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The pieces of fg-engine-family.c: writing, and digests that recover from faults of the line.
 * Blocking; one worker.
 */

#include "fg-sectors.h"
#include "fg-session.h"

G_BEGIN_DECLS

#define FG_FAMILY_BLOCK_64K 0x10000u

gboolean fg_family_equals (FgSession *session,
                           guint32 offset,
                           const guint8 *expected,
                           guint32 length,
                           gboolean *equal,
                           GError **error);
gboolean fg_family_write (FgSession *session, FgSectors *sectors, GError **error);
double fg_family_write_seconds (const FgSession *session, double bytes);
double fg_family_line_rate (const FgSession *session);

G_END_DECLS
