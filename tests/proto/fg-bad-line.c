/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-bad-line.h"

#define END 0xc0
#define SHORT_FRAME 20 /* damage lies within the length of most replies */

/* One direction. */
typedef struct {
  gboolean in_frame;
  guint left; /* bytes until the damage; 0: none in this frame */
} Lane;

typedef struct {
  FgTransport base;
  FgTransport *inner; /* (owned) */
  GRand *rand;
  double share;
  guint damaged;
  Lane to_board, from_board;
} BadLine;

/* Appends what becomes of @byte to @out. */
static void
pass (BadLine *self, Lane *lane, guint8 byte, GByteArray *out)
{
  if (byte == END) {
    lane->in_frame = !lane->in_frame;
    lane->left = 0;
    if (lane->in_frame && g_rand_double (self->rand) < self->share)
      lane->left = (guint) g_rand_int_range (self->rand, 1, SHORT_FRAME);
  } else if (lane->left > 0 && --lane->left == 0) {
    self->damaged++;
    if (g_rand_boolean (self->rand))
      return;
    byte ^= (guint8) (1u << g_rand_int_range (self->rand, 0, 8));
  }
  g_byte_array_append (out, &byte, 1);
}

static gssize
bad_read (FgTransport *base, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  BadLine *self = (BadLine *) base;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gssize n = self->inner->ops->read (self->inner, buf, len, timeout_ms, error);

  if (n <= 0 || self->share <= 0)
    return n;
  for (gssize i = 0; i < n; i++)
    pass (self, &self->from_board, buf[i], out);
  for (guint i = 0; i < out->len; i++)
    buf[i] = out->data[i];
  return (gssize) out->len;
}

static gboolean
bad_write (FgTransport *base, const guint8 *buf, gsize len, GError **error)
{
  BadLine *self = (BadLine *) base;
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (self->share <= 0)
    return self->inner->ops->write (self->inner, buf, len, error);
  for (gsize i = 0; i < len; i++)
    pass (self, &self->to_board, buf[i], out);
  return self->inner->ops->write (self->inner, out->data, out->len, error);
}

static gboolean
bad_set_baud (FgTransport *base, guint baud, GError **error)
{
  return fg_transport_set_baud (((BadLine *) base)->inner, baud, error);
}

static gboolean
bad_set_lines (FgTransport *base, gboolean dtr, gboolean rts, GError **error)
{
  return fg_transport_set_lines (((BadLine *) base)->inner, dtr, rts, error);
}

static void
bad_free (FgTransport *base)
{
  BadLine *self = (BadLine *) base;

  fg_transport_free (self->inner);
  g_rand_free (self->rand);
  g_free (self);
}

static const FgTransportOps bad_ops = {
  .read = bad_read,
  .write = bad_write,
  .set_baud = bad_set_baud,
  .set_lines = bad_set_lines,
  .free = bad_free,
};

FgTransport *
fg_bad_line_new (FgTransport *inner)
{
  BadLine *self = g_new0 (BadLine, 1);

  fg_transport_init (&self->base, &bad_ops, inner->name);
  self->inner = inner;
  self->rand = g_rand_new ();
  return &self->base;
}

void
fg_bad_line_set_share (FgTransport *base, double share, guint32 seed)
{
  BadLine *self = (BadLine *) base;

  self->share = share;
  self->damaged = 0;
  g_rand_set_seed (self->rand, seed);
  self->to_board = self->from_board = (Lane){ 0 };
}

guint
fg_bad_line_get_damaged (FgTransport *base)
{
  return ((BadLine *) base)->damaged;
}
