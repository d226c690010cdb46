/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a UART makes of a line that somebody drives at another rate: it looks for the edge of a
 * start bit and samples in the middle of its own bits. Times in nanoseconds, fractions included.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gboolean level;     /* of the line, as last seen; idle is TRUE */
  gboolean receiving; /* between a start bit and its stop bit */
  double edge_ns;     /* where the start bit began */
  guint sampled;      /* bits */
  guint bits;
} FgSimReceiver;

void fg_sim_receiver_reset (FgSimReceiver *self);
void fg_sim_receiver_hear (FgSimReceiver *self,
                           guint8 byte,
                           double start_ns,
                           double sender_bit_ns,
                           double own_bit_ns,
                           GByteArray *out);
void fg_sim_receiver_idle (FgSimReceiver *self, double own_bit_ns, GByteArray *out);
gboolean fg_sim_rates_match (double one, double other);

G_END_DECLS
