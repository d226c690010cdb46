/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-inflate.h"

#define CHUNK 4096
/* More than any flash: a bomb must not fill the memory. */
#define OUT_MAX (32u * 1024 * 1024)

/** fg_sim_inflate_begin: a new stream; an earlier one is forgotten. */
void
fg_sim_inflate_begin (FgSimInflate *self)
{
  fg_sim_inflate_clear (self);
  self->begun = inflateInit (&self->stream) == Z_OK;
}

void
fg_sim_inflate_clear (FgSimInflate *self)
{
  if (self->begun)
    inflateEnd (&self->stream);
  *self = (FgSimInflate){ 0 };
}

/**
 * fg_sim_inflate_add:
 * @out: what comes out is appended
 *
 * Returns: %FALSE when this is no continuation of the stream, or its check sum is wrong
 */
gboolean
fg_sim_inflate_add (FgSimInflate *self, const guint8 *data, gsize len, GByteArray *out)
{
  guint8 chunk[CHUNK];
  int result;

  if (!self->begun || self->ended)
    return self->begun && len == 0;
  self->stream.next_in = (guint8 *) data;
  self->stream.avail_in = (uInt) len;
  do {
    if (out->len > OUT_MAX)
      return FALSE;
    self->stream.next_out = chunk;
    self->stream.avail_out = sizeof chunk;
    result = inflate (&self->stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return FALSE;
    g_byte_array_append (out, chunk, sizeof chunk - self->stream.avail_out);
    self->ended = result == Z_STREAM_END;
  } while (!self->ended && (self->stream.avail_in > 0 || self->stream.avail_out == 0));
  return TRUE;
}
