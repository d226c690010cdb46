/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-monitor-link.h"

/* Bytes that come within this are one piece, so that a fast line is not thousands of pieces. */
#define PIECE_US (5 * G_TIME_SPAN_MILLISECOND)
#define PIECE_MAX 16384u
/* So little that writing it never keeps a cancel waiting. */
#define SEND_PIECE 512u

typedef struct {
  GByteArray *bytes; /* (owned) (nullable) NULL: a change of state */
  gint64 time_us;
  FgMonitorState state;
  char *message; /* (owned) (nullable) */
} Event;

struct _FgMonitorLink {
  GMainContext *context;         /* (owned) */
  const FgMonitorReader *reader; /* (unowned) static */
  gpointer data;                 /* (unowned) the reader's context only */
  gboolean closed;               /* the reader's context only */

  GMutex lock; /* of all below */
  GQueue events;
  gsize heard; /* bytes in @events */
  guint64 dropped;
  gboolean drain_queued;
  GByteArray *send; /* (owned) */
  guint wishes;
  guint baud;
};

static void
event_free (gpointer data)
{
  Event *event = data;

  g_clear_pointer (&event->bytes, g_byte_array_unref);
  g_free (event->message);
  g_free (event);
}

FgMonitorLink *
fg_monitor_link_new (guint baud, const FgMonitorReader *reader, gpointer data)
{
  FgMonitorLink *self = g_atomic_rc_box_new0 (FgMonitorLink);

  self->context = g_main_context_ref_thread_default ();
  self->reader = reader;
  self->data = data;
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->send = g_byte_array_new ();
  self->baud = baud;
  return self;
}

FgMonitorLink *
fg_monitor_link_ref (FgMonitorLink *self)
{
  return g_atomic_rc_box_acquire (self);
}

/* May run in any thread: what it owns does not care. */
static void
link_clear (gpointer data)
{
  FgMonitorLink *self = data;

  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_queue_clear_full (&self->events, event_free);
  g_byte_array_unref (self->send);
}

void
fg_monitor_link_unref (FgMonitorLink *self)
{
  g_atomic_rc_box_release_full (self, link_clear);
}

static void
deliver (FgMonitorLink *self, Event *event)
{
  if (event->bytes != NULL) {
    g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&event->bytes));

    self->reader->text (bytes, event->time_us, self->data);
  } else {
    self->reader->status (event->state, event->message, self->data);
  }
}

static gboolean
drain (gpointer data)
{
  FgMonitorLink *self = data;
  g_autoptr (FgMonitorLink) alive G_GNUC_UNUSED = fg_monitor_link_ref (self);
  GQueue events;

  g_mutex_lock (&self->lock);
  events = self->events;
  g_queue_init (&self->events);
  self->heard = 0;
  self->drain_queued = FALSE;
  g_mutex_unlock (&self->lock);

  while (!g_queue_is_empty (&events)) {
    Event *event = g_queue_pop_head (&events);

    if (!self->closed)
      deliver (self, event);
    event_free (event);
  }
  return G_SOURCE_REMOVE;
}

void
fg_monitor_link_close (FgMonitorLink *self)
{
  drain (self);
  self->closed = TRUE;
  self->data = NULL;
}

/* With the lock held. */
static void
queue_drain (FgMonitorLink *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->drain_queued)
    return;
  self->drain_queued = TRUE;
  source = g_idle_source_new ();
  g_source_set_callback (source, drain, fg_monitor_link_ref (self),
                         (GDestroyNotify) fg_monitor_link_unref);
  g_source_attach (source, self->context);
}

/* With the lock held: the oldest text goes, changes of state stay. */
static void
make_room (FgMonitorLink *self)
{
  GList *at = self->events.head;

  while (self->heard > FG_MONITOR_HEARD_MAX && at != NULL) {
    GList *next = at->next;
    Event *event = at->data;

    if (event->bytes != NULL) {
      self->heard -= event->bytes->len;
      self->dropped += event->bytes->len;
      event_free (event);
      g_queue_delete_link (&self->events, at);
    }
    at = next;
  }
}

void
fg_monitor_link_hear (FgMonitorLink *self, const guint8 *bytes, gsize len)
{
  gint64 now_us = g_get_real_time ();
  Event *last;

  g_mutex_lock (&self->lock);
  last = g_queue_peek_tail (&self->events);
  if (last == NULL || last->bytes == NULL || now_us - last->time_us > PIECE_US
      || last->bytes->len + len > PIECE_MAX) {
    last = g_new0 (Event, 1);
    last->bytes = g_byte_array_new ();
    last->time_us = now_us;
    g_queue_push_tail (&self->events, last);
  }
  g_byte_array_append (last->bytes, bytes, (guint) len);
  self->heard += len;
  make_room (self);
  queue_drain (self);
  g_mutex_unlock (&self->lock);
}

void
fg_monitor_link_tell (FgMonitorLink *self, FgMonitorState state, const char *message)
{
  Event *event = g_new0 (Event, 1);

  event->state = state;
  event->message = g_strdup (message);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->events, event);
  queue_drain (self);
  g_mutex_unlock (&self->lock);
}

GBytes *
fg_monitor_link_take_send (FgMonitorLink *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GBytes *bytes;

  if (self->send->len == 0)
    return NULL;
  bytes = g_bytes_new (self->send->data, MIN (self->send->len, SEND_PIECE));
  g_byte_array_remove_range (self->send, 0, (guint) g_bytes_get_size (bytes));
  return bytes;
}

guint
fg_monitor_link_take_wishes (FgMonitorLink *self, guint *baud)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  guint wishes = self->wishes;

  self->wishes = 0;
  *baud = self->baud;
  return wishes;
}

gboolean
fg_monitor_link_send (FgMonitorLink *self, const guint8 *bytes, gsize len)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  if (len > FG_MONITOR_SEND_MAX - self->send->len)
    return FALSE;
  g_byte_array_append (self->send, bytes, (guint) len);
  return TRUE;
}

void
fg_monitor_link_wish (FgMonitorLink *self, FgMonitorWish wish, guint baud)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->wishes |= wish;
  if (wish == FG_MONITOR_WISH_BAUD)
    self->baud = baud;
}

guint64
fg_monitor_link_get_dropped (FgMonitorLink *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->dropped;
}
