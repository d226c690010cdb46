/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One direction of the serial line: bytes wait, travel for ten bits of the sender's rate, meet
 * their faults and are heard at the receiver's rate. Times in nanoseconds.
 */

#include "fg-sim-faults.h"
#include "fg-sim-queue.h"
#include "fg-sim-receiver.h"

G_BEGIN_DECLS

typedef struct {
  FgSimFaults *faults; /* (unowned) */
  FgSimDirection direction;
  gboolean timed; /* FALSE: bytes arrive at once */
  gboolean cut;   /* a fault pulled the plug */
  FgSimQueue waiting;
  gboolean travelling; /* @byte has left the sender and arrives at @arrival_ns */
  guint8 byte;
  double sender_baud; /* when it left */
  gint64 departure_ns, arrival_ns;
  FgSimReceiver receiver;
} FgSimLane;

void
fg_sim_lane_init (FgSimLane *self, FgSimFaults *faults, FgSimDirection direction, gboolean timed);
void fg_sim_lane_clear (FgSimLane *self);
void fg_sim_lane_free_contents (FgSimLane *self);

void fg_sim_lane_put (FgSimLane *self, const guint8 *data, gsize len);
gint64 fg_sim_lane_next_event (const FgSimLane *self, gint64 now_ns);
void fg_sim_lane_step (
    FgSimLane *self, double sender_baud, double receiver_baud, GByteArray *out, gint64 now_ns);
gsize fg_sim_lane_pending (const FgSimLane *self);
gint64 fg_sim_lane_drained (const FgSimLane *self, gsize len, double sender_baud, gint64 now_ns);

G_END_DECLS
