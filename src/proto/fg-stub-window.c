/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-window.h"

void
fg_stub_window_init (FgStubWindow *self, guint n_packets, guint slots)
{
  *self = (FgStubWindow){ .n_packets = n_packets, .slots = slots };
  self->flights = g_array_new (FALSE, FALSE, sizeof (guint));
  self->lost = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
fg_stub_window_clear (FgStubWindow *self)
{
  g_clear_pointer (&self->flights, g_array_unref);
  g_clear_pointer (&self->lost, g_array_unref);
}

/** fg_stub_window_is_done: Returns: whether every packet has arrived */
gboolean
fg_stub_window_is_done (const FgStubWindow *self)
{
  return self->next == self->n_packets;
}

static gboolean
has_arrived (const FgStubWindow *self, guint packet)
{
  guint ahead = packet - self->next;

  if (packet < self->next)
    return TRUE;
  return ahead > 0 && ahead <= 32 && (self->later >> (ahead - 1) & 1) != 0;
}

static guint
item (const GArray *list, guint i)
{
  return g_array_index (list, guint, i);
}

/* Where @packet is in @list for the last time; -1: nowhere. */
static gint
find_last (const GArray *list, guint packet)
{
  for (guint i = list->len; i > 0; i--)
    if (item (list, i - 1) == packet)
      return (gint) i - 1;
  return -1;
}

static void
add_lost (FgStubWindow *self, guint packet)
{
  if (!has_arrived (self, packet) && find_last (self->flights, packet) < 0
      && find_last (self->lost, packet) < 0)
    g_array_append_val (self->lost, packet);
}

/** fg_stub_window_has_work: Returns: whether fg_stub_window_take() would find a packet */
gboolean
fg_stub_window_has_work (const FgStubWindow *self)
{
  return self->lost->len > 0 || self->fresh < MIN (self->next + self->slots, self->n_packets);
}

/**
 * fg_stub_window_take:
 * @packet: (out): leaves now
 *
 * What got lost goes first, then what was never sent, as far as the stub has room.
 *
 * Returns: %FALSE when answers must come first
 */
gboolean
fg_stub_window_take (FgStubWindow *self, guint *packet)
{
  if (!fg_stub_window_has_work (self))
    return FALSE;
  if (self->lost->len > 0) {
    *packet = item (self->lost, 0);
    g_array_remove_index (self->lost, 0);
    self->resent++;
  } else {
    *packet = self->fresh++;
  }
  g_array_append_val (self->flights, *packet);
  return TRUE;
}

static gboolean
update (FgStubWindow *self, guint next, guint32 later)
{
  if (next < self->next || next > self->fresh)
    return FALSE;
  self->next = next;
  self->later = later;
  for (guint i = self->lost->len; i > 0; i--)
    if (has_arrived (self, item (self->lost, i - 1)))
      g_array_remove_index (self->lost, i - 1);
  return TRUE;
}

/* The first @n that are under way have landed, here or nowhere. */
static void
land (FgStubWindow *self, guint n)
{
  g_autofree guint *landed = g_memdup2 (self->flights->data, n * sizeof (guint));

  g_array_remove_range (self->flights, 0, n);
  for (guint i = 0; i < n; i++)
    add_lost (self, landed[i]);
}

/**
 * fg_stub_window_answer:
 * @next: word 0 of the reply
 * @later: word 1
 * @answered: word 2, the packet that it answers
 *
 * What left before that packet and has not arrived got lost.
 */
void
fg_stub_window_answer (FgStubWindow *self, guint next, guint32 later, guint answered)
{
  gint at;

  if (!update (self, next, later))
    return;
  at = find_last (self->flights, answered);
  if (at >= 0)
    land (self, (guint) at + 1);
}

/**
 * fg_stub_window_damaged:
 *
 * A packet arrived damaged, so that the stub cannot tell its number: it is the first under way that
 * has not arrived.
 */
void
fg_stub_window_damaged (FgStubWindow *self, guint next, guint32 later)
{
  guint n = 0;

  if (!update (self, next, later))
    return;
  while (n < self->flights->len && has_arrived (self, item (self->flights, n)))
    n++;
  land (self, MIN (n + 1, self->flights->len));
}

/**
 * fg_stub_window_expire:
 *
 * Nothing came for longer than it should: the next packet is sent again, and its answer will tell
 * about the others.
 */
void
fg_stub_window_expire (FgStubWindow *self)
{
  if (!fg_stub_window_is_done (self) && self->next < self->fresh
      && find_last (self->lost, self->next) < 0)
    g_array_prepend_val (self->lost, self->next);
}
