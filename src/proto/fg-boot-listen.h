/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The boot check of a job: after the board was restarted, listens until it is clear whether the
 * program runs. Blocking, at most about 3 s. */

#include "fg-boot-check.h"
#include "fg-session.h"

G_BEGIN_DECLS

gboolean fg_boot_listen_is_due (const FgSession *session);
void fg_boot_listen_prepare (FgSession *session);
FgBootReport *fg_boot_listen (FgSession *session, GCancellable *cancellable);

G_END_DECLS
