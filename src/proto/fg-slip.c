/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-slip.h"

/* RFC 1055 */
#define END 0xc0
#define ESC 0xdb
#define ESC_END 0xdc
#define ESC_ESC 0xdd

/**
 * fg_slip_encode:
 * @out: the frame is appended, with both delimiters
 */
void
fg_slip_encode (const guint8 *data, gsize len, GByteArray *out)
{
  const guint8 end = END;
  gsize from = 0;

  g_byte_array_append (out, &end, 1);
  for (gsize i = 0; i < len; i++)
    if (data[i] == END || data[i] == ESC) {
      const guint8 escape[2] = { ESC, data[i] == END ? ESC_END : ESC_ESC };

      g_byte_array_append (out, data + from, (guint) (i - from));
      g_byte_array_append (out, escape, 2);
      from = i + 1;
    }
  g_byte_array_append (out, data + from, (guint) (len - from));
  g_byte_array_append (out, &end, 1);
}

void
fg_slip_decoder_init (FgSlipDecoder *self)
{
  *self = (FgSlipDecoder){ .frame = g_byte_array_sized_new (256) };
}

void
fg_slip_decoder_clear (FgSlipDecoder *self)
{
  g_clear_pointer (&self->frame, g_byte_array_unref);
}

/** fg_slip_decoder_reset: forgets a half-received frame. */
void
fg_slip_decoder_reset (FgSlipDecoder *self)
{
  g_byte_array_set_size (self->frame, 0);
  self->in_frame = FALSE;
  self->escaped = FALSE;
}

static FgSlipResult
drop (FgSlipDecoder *self)
{
  fg_slip_decoder_reset (self);
  return FG_SLIP_BAD;
}

static FgSlipResult
push_end (FgSlipDecoder *self)
{
  if (self->escaped)
    return drop (self);
  if (!self->in_frame) {
    g_byte_array_set_size (self->frame, 0);
    self->in_frame = TRUE;
    return FG_SLIP_MORE;
  }
  if (self->frame->len == 0) /* two frames may share one delimiter */
    return FG_SLIP_MORE;
  self->in_frame = FALSE;
  return FG_SLIP_FRAME;
}

/**
 * fg_slip_decoder_push:
 *
 * Takes one byte from the wire. After %FG_SLIP_FRAME the payload is in `frame` until the next push.
 */
FgSlipResult
fg_slip_decoder_push (FgSlipDecoder *self, guint8 byte)
{
  if (byte == END)
    return push_end (self);
  if (!self->in_frame)
    return FG_SLIP_NOISE;
  if (self->escaped) {
    if (byte != ESC_END && byte != ESC_ESC)
      return drop (self);
    byte = byte == ESC_END ? END : ESC;
    self->escaped = FALSE;
  } else if (byte == ESC) {
    self->escaped = TRUE;
    return FG_SLIP_MORE;
  }
  if (self->frame->len >= FG_SLIP_MAX_FRAME)
    return drop (self);
  g_byte_array_append (self->frame, &byte, 1);
  return FG_SLIP_MORE;
}
