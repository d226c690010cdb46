/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The pieces of fg-engine-family.c: writing, and digests that recover from faults of the line. Also
 * what it shares with fg-engine-file.c.
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
gboolean fg_family_compare (FgSession *session, FgSectors *sectors, GError **error);
gboolean fg_family_verify (FgSession *session, FgSectors *sectors, gboolean all, GError **error);
gboolean fg_family_check_blank (
    FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error);
double fg_family_seconds (const FgSession *session, FgPhase phase, double bytes);
double fg_family_line_rate (const FgSession *session);

G_END_DECLS
