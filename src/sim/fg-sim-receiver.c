/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-receiver.h"

#define DATA_BITS 8
/* Two ends that differ by less understand each other: half a bit over the ten of a byte. */
#define TOLERANCE 0.04

gboolean
fg_sim_rates_match (double one, double other)
{
  return one <= other * (1 + TOLERANCE) && other <= one * (1 + TOLERANCE);
}

void
fg_sim_receiver_reset (FgSimReceiver *self)
{
  *self = (FgSimReceiver){ .level = TRUE };
}

static void
sample (FgSimReceiver *self, gboolean level, GByteArray *out)
{
  guint8 byte;

  if (self->sampled < DATA_BITS) {
    self->bits |= (guint) level << self->sampled;
    self->sampled++;
    return;
  }
  /* the stop bit: a byte is delivered even when it is wrong, as tty drivers do by default */
  byte = (guint8) self->bits;
  g_byte_array_append (out, &byte, 1);
  self->receiving = FALSE;
}

/* The line has @level from @from_ns to @to_ns. */
static void
hear_level (FgSimReceiver *self,
            gboolean level,
            double from_ns,
            double to_ns,
            double own_bit_ns,
            GByteArray *out)
{
  gboolean falling = self->level && !level;

  self->level = level;
  if (!self->receiving && falling) {
    self->receiving = TRUE;
    self->edge_ns = from_ns;
    self->sampled = 0;
    self->bits = 0;
  }
  while (self->receiving && self->edge_ns + (self->sampled + 1.5) * own_bit_ns < to_ns)
    sample (self, level, out);
}

/**
 * fg_sim_receiver_hear:
 * @byte: what the sender drives, from @start_ns on
 * @out: what the receiver makes of it is appended, if anything yet
 */
void
fg_sim_receiver_hear (FgSimReceiver *self,
                      guint8 byte,
                      double start_ns,
                      double sender_bit_ns,
                      double own_bit_ns,
                      GByteArray *out)
{
  hear_level (self, TRUE, start_ns, start_ns, own_bit_ns, out);
  for (guint i = 0; i < DATA_BITS + 2; i++) {
    gboolean level = i == 0 ? FALSE : i > DATA_BITS ? TRUE : (byte >> (i - 1)) & 1;

    hear_level (self, level, start_ns + i * sender_bit_ns, start_ns + (i + 1) * sender_bit_ns,
                own_bit_ns, out);
  }
}

/** fg_sim_receiver_idle: the line stays idle for long: a byte under way is completed. */
void
fg_sim_receiver_idle (FgSimReceiver *self, double own_bit_ns, GByteArray *out)
{
  hear_level (self, TRUE, 0, self->edge_ns + (DATA_BITS + 2) * own_bit_ns, own_bit_ns, out);
}
