/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-slip.h"

#define DELIMITER 0xc0
#define ESCAPE 0xdb
#define ESCAPED_DELIMITER 0xdc
#define ESCAPED_ESCAPE 0xdd

void
fg_sim_slip_reset (FgSimSlip *self)
{
  self->len = 0;
  self->escaped = FALSE;
  self->too_long = FALSE;
}

/**
 * fg_sim_slip_push:
 *
 * Every C0 ends what came before it, so that spare ones and truncated frames do no harm. What is
 * longer than the loader's buffer is dropped whole.
 *
 * Returns: whether a frame is complete: use @bytes and @len, then call fg_sim_slip_reset()
 */
gboolean
fg_sim_slip_push (FgSimSlip *self, guint8 byte)
{
  if (byte == DELIMITER) {
    if (self->len > 0 && !self->too_long)
      return TRUE;
    fg_sim_slip_reset (self);
    return FALSE;
  }
  if (self->escaped) {
    /* a wrong byte stands for itself: the escape is dropped */
    self->escaped = FALSE;
    if (byte == ESCAPED_DELIMITER)
      byte = DELIMITER;
    else if (byte == ESCAPED_ESCAPE)
      byte = ESCAPE;
  } else if (byte == ESCAPE) {
    self->escaped = TRUE;
    return FALSE;
  }
  if (self->len < sizeof self->bytes)
    self->bytes[self->len++] = byte;
  else
    self->too_long = TRUE;
  return FALSE;
}

/** fg_sim_slip_append: appends @payload as one frame to @out. */
void
fg_sim_slip_append (GByteArray *out, const guint8 *payload, gsize len)
{
  const guint8 delimiter = DELIMITER;

  g_byte_array_append (out, &delimiter, 1);
  for (gsize i = 0; i < len; i++) {
    if (payload[i] == DELIMITER)
      g_byte_array_append (out, (const guint8[]){ ESCAPE, ESCAPED_DELIMITER }, 2);
    else if (payload[i] == ESCAPE)
      g_byte_array_append (out, (const guint8[]){ ESCAPE, ESCAPED_ESCAPE }, 2);
    else
      g_byte_array_append (out, &payload[i], 1);
  }
  g_byte_array_append (out, &delimiter, 1);
}
