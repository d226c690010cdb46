/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-mailbox.h"

typedef enum { EVENT_PROGRESS, EVENT_LOG, EVENT_SECTORS, EVENT_BOARD } EventKind;

typedef struct {
  EventKind kind;
  FgProgress progress;
  FgLogLevel level;
  char *line; /* (owned) (nullable) */
  gint64 time_us;
  guint32 offset;
  guint32 length;
  FgSectorState state;
  FgBoardInfo *board; /* (owned) (nullable) */
} Event;

struct _FgMailbox {
  GMainContext *context;         /* (owned) */
  const FgMailboxReader *reader; /* (unowned) */
  gpointer data;                 /* (unowned) the reader's context only */
  gboolean closed;               /* the reader's context only */

  GMutex lock; /* of all below */
  gboolean drain_queued;
  GPtrArray *events; /* (owned) (element-type Event) oldest first */
  FgProgress progress;
  gboolean has_progress; /* @progress is newer than all @events */
};

static void
event_free (Event *event)
{
  g_free (event->line);
  g_clear_pointer (&event->board, fg_board_info_unref);
  g_free (event);
}

static GPtrArray *
events_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);
}

FgMailbox *
fg_mailbox_new (GMainContext *context, const FgMailboxReader *reader, gpointer data)
{
  FgMailbox *self = g_atomic_rc_box_new0 (FgMailbox);

  self->context = g_main_context_ref (context != NULL ? context : g_main_context_default ());
  self->reader = reader;
  self->data = data;
  g_mutex_init (&self->lock);
  self->events = events_new ();
  return self;
}

FgMailbox *
fg_mailbox_ref (FgMailbox *self)
{
  return g_atomic_rc_box_acquire (self);
}

/* May run in any thread: what it owns does not care. */
static void
mailbox_clear (gpointer data)
{
  FgMailbox *self = data;

  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_ptr_array_unref (self->events);
}

void
fg_mailbox_unref (FgMailbox *self)
{
  g_atomic_rc_box_release_full (self, mailbox_clear);
}

static void
deliver (FgMailbox *self, const Event *event)
{
  switch (event->kind) {
  case EVENT_PROGRESS:
    self->reader->progress (&event->progress, self->data);
    break;
  case EVENT_LOG:
    self->reader->log (event->level, event->line, event->time_us, self->data);
    break;
  case EVENT_SECTORS:
    self->reader->sectors (event->offset, event->length, event->state, self->data);
    break;
  case EVENT_BOARD:
    self->reader->board (event->board, self->data);
    break;
  default:
    g_assert_not_reached ();
  }
}

static gboolean
drain (gpointer data)
{
  FgMailbox *self = data;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (FgMailbox) alive G_GNUC_UNUSED = fg_mailbox_ref (self);
  FgProgress progress;
  gboolean has_progress;

  g_mutex_lock (&self->lock);
  events = g_steal_pointer (&self->events);
  self->events = events_new ();
  progress = self->progress;
  has_progress = self->has_progress;
  self->has_progress = FALSE;
  self->drain_queued = FALSE;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < events->len && !self->closed; i++)
    deliver (self, g_ptr_array_index (events, i));
  if (has_progress && !self->closed)
    self->reader->progress (&progress, self->data);
  return G_SOURCE_REMOVE;
}

void
fg_mailbox_close (FgMailbox *self)
{
  drain (self);
  self->closed = TRUE;
  self->data = NULL;
}

/* With the lock held. A source of our own, because g_main_context_invoke() may run the function in
 * the calling thread. */
static void
queue_drain (FgMailbox *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->drain_queued)
    return;
  self->drain_queued = TRUE;
  source = g_idle_source_new ();
  g_source_set_callback (source, drain, fg_mailbox_ref (self), (GDestroyNotify) fg_mailbox_unref);
  g_source_attach (source, self->context);
}

/* With the lock held. Progress that is waiting happened before @event. */
static void
push_progress (FgMailbox *self)
{
  Event *event;

  if (!self->has_progress)
    return;
  event = g_new0 (Event, 1);
  event->kind = EVENT_PROGRESS;
  event->progress = self->progress;
  self->has_progress = FALSE;
  g_ptr_array_add (self->events, event);
}

static void
post (FgMailbox *self, Event *event)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->events, event);
  queue_drain (self);
  g_mutex_unlock (&self->lock);
}

/* The last progress of each phase is kept, so that no phase is missed; a fraction never goes back.
 */
static void
post_progress (const FgProgress *progress, gpointer data)
{
  FgMailbox *self = data;
  double fraction;

  g_mutex_lock (&self->lock);
  fraction = MAX (self->progress.fraction, progress->fraction);
  if (self->has_progress && self->progress.phase != progress->phase)
    push_progress (self);
  self->progress = *progress;
  self->progress.fraction = fraction;
  self->has_progress = TRUE;
  queue_drain (self);
  g_mutex_unlock (&self->lock);
}

static void
post_log (FgLogLevel level, const char *line, gpointer data)
{
  Event *event = g_new0 (Event, 1);

  event->kind = EVENT_LOG;
  event->level = level;
  event->line = g_strdup (line);
  event->time_us = g_get_real_time ();
  post (data, event);
}

/* Neighbours that change one after the other to the same state are one change. */
static gboolean
extend_last (FgMailbox *self, guint32 offset, guint32 length, FgSectorState state)
{
  Event *last;

  if (self->events->len == 0)
    return FALSE;
  last = g_ptr_array_index (self->events, self->events->len - 1);
  if (last->kind != EVENT_SECTORS || last->state != state || last->offset + last->length != offset)
    return FALSE;
  last->length += length;
  return TRUE;
}

static void
post_sectors (guint32 offset, guint32 length, FgSectorState state, gpointer data)
{
  FgMailbox *self = data;

  g_mutex_lock (&self->lock);
  if (!extend_last (self, offset, length, state)) {
    Event *event = g_new0 (Event, 1);

    event->kind = EVENT_SECTORS;
    event->offset = offset;
    event->length = length;
    event->state = state;
    g_ptr_array_add (self->events, event);
  }
  queue_drain (self);
  g_mutex_unlock (&self->lock);
}

static void
post_board (FgBoardInfo *board, gpointer data)
{
  Event *event = g_new0 (Event, 1);

  event->kind = EVENT_BOARD;
  event->board = fg_board_info_ref (board);
  post (data, event);
}

FgReporter
fg_mailbox_reporter (FgMailbox *self)
{
  return (FgReporter){
    .progress = post_progress,
    .log = post_log,
    .sectors = post_sectors,
    .board = post_board,
    .data = self,
  };
}
