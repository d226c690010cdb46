/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-lane.h"

#define BITS_PER_BYTE 10 /* start bit, eight data bits, stop bit */
#define NS_PER_S 1e9

void
fg_sim_lane_init (FgSimLane *self, FgSimFaults *faults, FgSimDirection direction, gboolean timed)
{
  *self = (FgSimLane){ .faults = faults, .direction = direction, .timed = timed };
  fg_sim_queue_init (&self->waiting);
  fg_sim_receiver_reset (&self->receiver);
}

/** fg_sim_lane_clear: forgets everything under way: the sender lost its power, or its program. */
void
fg_sim_lane_clear (FgSimLane *self)
{
  fg_sim_queue_clear (&self->waiting);
  self->travelling = FALSE;
  fg_sim_receiver_reset (&self->receiver);
}

void
fg_sim_lane_free_contents (FgSimLane *self)
{
  fg_sim_queue_free_contents (&self->waiting);
}

/** fg_sim_lane_put: the bytes wait for the line; without timing fg_sim_lane_step() must follow. */
void
fg_sim_lane_put (FgSimLane *self, const guint8 *data, gsize len)
{
  fg_sim_queue_push (&self->waiting, data, len);
}

/** fg_sim_lane_pending: Returns: bytes that have not left the sender */
gsize
fg_sim_lane_pending (const FgSimLane *self)
{
  return fg_sim_queue_len (&self->waiting);
}

/** fg_sim_lane_next_event: Returns: when fg_sim_lane_step() is due; %G_MAXINT64: when idle */
gint64
fg_sim_lane_next_event (const FgSimLane *self, gint64 now_ns)
{
  if (self->travelling)
    return self->arrival_ns;
  return fg_sim_lane_pending (self) > 0 ? now_ns : G_MAXINT64;
}

/**
 * fg_sim_lane_drained:
 * @len: how many of the waiting bytes
 *
 * Returns: when these and the one that travels will have arrived at this rate
 */
gint64
fg_sim_lane_drained (const FgSimLane *self, gsize len, double sender_baud, gint64 now_ns)
{
  gint64 start = self->travelling ? self->arrival_ns : now_ns;

  if (!self->timed)
    return now_ns;
  return start + (gint64) ((double) len * BITS_PER_BYTE * NS_PER_S / sender_baud);
}

static void
arrive (FgSimLane *self, double receiver_baud, GByteArray *out)
{
  guint8 byte = self->byte;
  double own_bit_ns = NS_PER_S / receiver_baud;

  self->travelling = FALSE;
  switch (fg_sim_faults_strike (self->faults, self->direction, self->sender_baud, &byte)) {
  case FG_SIM_BYTE_LOST:
    return;
  case FG_SIM_BYTE_UNPLUGS:
    self->cut = TRUE;
    return;
  case FG_SIM_BYTE_PASSES:
  default:
    break;
  }
  if (fg_sim_rates_match (self->sender_baud, receiver_baud)) {
    fg_sim_receiver_reset (&self->receiver);
    g_byte_array_append (out, &byte, 1);
    return;
  }
  fg_sim_receiver_hear (&self->receiver, byte, (double) self->departure_ns,
                        NS_PER_S / self->sender_baud, own_bit_ns, out);
  if (fg_sim_lane_pending (self) == 0)
    fg_sim_receiver_idle (&self->receiver, own_bit_ns, out);
}

/**
 * fg_sim_lane_step:
 * @sender_baud: bit/s, for a byte that leaves now
 * @receiver_baud: bit/s, for a byte that arrives now
 * @out: what the receiver hears is appended
 *
 * Does what is due at @now_ns: one arrival or one departure; without timing both, for everything.
 */
void
fg_sim_lane_step (
    FgSimLane *self, double sender_baud, double receiver_baud, GByteArray *out, gint64 now_ns)
{
  gint64 byte_ns = (gint64) (BITS_PER_BYTE * NS_PER_S / sender_baud);

  if (self->travelling && now_ns >= self->arrival_ns)
    arrive (self, receiver_baud, out);
  while (!self->travelling && !self->cut && fg_sim_lane_pending (self) > 0) {
    self->byte = fg_sim_queue_pop (&self->waiting);
    self->travelling = TRUE;
    self->sender_baud = sender_baud;
    if (self->timed) {
      self->departure_ns = now_ns;
      self->arrival_ns = now_ns + byte_ns;
    } else {
      /* only the distance from byte to byte matters, and only to a receiver at another rate */
      self->departure_ns += byte_ns;
      self->arrival_ns = now_ns;
      arrive (self, receiver_baud, out);
    }
  }
}
