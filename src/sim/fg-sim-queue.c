/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-queue.h"

#include <string.h>

#define COMPACT_AT 4096

void
fg_sim_queue_init (FgSimQueue *self)
{
  /* reserved, so that an empty queue has a place in memory, too */
  *self = (FgSimQueue){ .bytes = g_byte_array_sized_new (COMPACT_AT) };
}

void
fg_sim_queue_free_contents (FgSimQueue *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

void
fg_sim_queue_clear (FgSimQueue *self)
{
  g_byte_array_set_size (self->bytes, 0);
  self->head = 0;
}

gsize
fg_sim_queue_len (const FgSimQueue *self)
{
  return self->bytes->len - self->head;
}

/** fg_sim_queue_peek: Returns: fg_sim_queue_len() bytes, until the queue is changed */
const guint8 *
fg_sim_queue_peek (const FgSimQueue *self)
{
  return self->bytes->data + self->head;
}

void
fg_sim_queue_push (FgSimQueue *self, const guint8 *data, gsize len)
{
  g_byte_array_append (self->bytes, data, (guint) len);
}

static void
drop (FgSimQueue *self, gsize len)
{
  self->head += len;
  if (self->head == self->bytes->len) {
    fg_sim_queue_clear (self);
  } else if (self->head >= COMPACT_AT && self->head * 2 >= self->bytes->len) {
    g_byte_array_remove_range (self->bytes, 0, (guint) self->head);
    self->head = 0;
  }
}

/** fg_sim_queue_pop: takes the oldest byte; there must be one. */
guint8
fg_sim_queue_pop (FgSimQueue *self)
{
  guint8 byte = *fg_sim_queue_peek (self);

  drop (self, 1);
  return byte;
}

/** fg_sim_queue_take: takes up to @len bytes. Returns: how many */
gsize
fg_sim_queue_take (FgSimQueue *self, guint8 *data, gsize len)
{
  gsize n = MIN (len, fg_sim_queue_len (self));

  if (n > 0) {
    memcpy (data, fg_sim_queue_peek (self), n);
    drop (self, n);
  }
  return n;
}
