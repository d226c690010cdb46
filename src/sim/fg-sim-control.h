/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A back door to a running board, for what a pseudo-terminal cannot carry: the modem lines, the
 * plug. A unix SOCK_SEQPACKET socket; each packet is one request in words, and gets one answer that
 * begins with "ok" or "error".
 */

#include "fg-sim-board.h"

#include <poll.h>

G_BEGIN_DECLS

#define FG_SIM_CONTROL_FDS 9 /* the listening socket and eight callers */

typedef struct _FgSimControl FgSimControl;

FgSimControl *fg_sim_control_new (const char *path, GError **error);
void fg_sim_control_free (FgSimControl *self);
guint fg_sim_control_prepare (FgSimControl *self, struct pollfd *fds);
void fg_sim_control_dispatch (
    FgSimControl *self, const struct pollfd *fds, guint n_fds, FgSimBoard *board, gint64 now_us);
void fg_sim_control_flush (FgSimControl *self);

char *fg_sim_control_answer (FgSimBoard *board, const char *request, gint64 now_us);
const char *fg_sim_control_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimControl, fg_sim_control_free)

G_END_DECLS
