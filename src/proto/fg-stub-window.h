/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which packets of a stream are under way, which have arrived and which got lost: the host's side
 * of E3 in src/stub/README.md. Does no I/O. Packets and their answers stay in order on the line.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n_packets, slots;
  guint next;      /* all packets before this one are there */
  guint32 later;   /* bit n: packet next + 1 + n is there */
  guint fresh;     /* the first packet that was never sent */
  guint resent;    /* how many were sent again */
  GArray *flights; /* (owned) (element-type guint) packets under way, in the order they left */
  GArray *lost;    /* (owned) (element-type guint) packets to be sent again */
} FgStubWindow;

void fg_stub_window_init (FgStubWindow *self, guint n_packets, guint slots);
void fg_stub_window_clear (FgStubWindow *self);
gboolean fg_stub_window_is_done (const FgStubWindow *self);
gboolean fg_stub_window_has_work (const FgStubWindow *self);
gboolean fg_stub_window_take (FgStubWindow *self, guint *packet);
void fg_stub_window_answer (FgStubWindow *self, guint next, guint32 later, guint answered);
void fg_stub_window_damaged (FgStubWindow *self, guint next, guint32 later);
void fg_stub_window_expire (FgStubWindow *self);

G_END_DECLS
