/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-transport.h"

#include "fg-port-error.h"
#include "fg-sim-board.h"

#include <time.h>

#define DRAIN_DEADLINE_US (10 * G_TIME_SPAN_SECOND)
/* What a port holds before a writer has to wait, and how long he waits. A board whose clock slips
 * sends more slowly than its rate says, and a writer who goes by that has to notice. */
#define AHEAD_US (100 * G_TIME_SPAN_MILLISECOND)

/* A board on the shelf. Whoever has it open owns @board; @is_open belongs to the shelf's lock. */
typedef struct {
  FgSimBoard *board; /* (owned) */
  gboolean is_open;
} Place;

typedef struct {
  FgTransport base;
  Place *place; /* (unowned) lives as long as the process */
} FgSimTransport;

static GMutex shelf_lock;
static GHashTable *shelf; /* (owned) (element-type utf8 Place) */

static FgSimBoard *
get_board (FgTransport *base)
{
  return ((FgSimTransport *) base)->place->board;
}

static void
sleep_until (gint64 time_us)
{
  struct timespec at = {
    .tv_sec = time_us / G_TIME_SPAN_SECOND,
    .tv_nsec = (time_us % G_TIME_SPAN_SECOND) * 1000,
  };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static gssize
sim_read (FgTransport *base, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  FgSimBoard *board = get_board (base);
  gint64 deadline_us = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;

  while (TRUE) {
    gint64 board_us = fg_sim_board_now (board), next_us;
    gsize n = fg_sim_board_get (board, buf, len, board_us);

    if (n > 0)
      return (gssize) n;
    if (fg_sim_board_is_unplugged (board)) {
      fg_port_error_set_disconnected (error, base->name);
      return -1;
    }
    if (g_get_monotonic_time () >= deadline_us)
      return 0;
    next_us = fg_sim_board_to_real (board, fg_sim_board_next_event (board, board_us));
    sleep_until (MIN (next_us, deadline_us));
  }
}

/* Waits until what was written before will have left in @ahead_us of the board's time. */
static gboolean
wait_for_line (FgSimBoard *board, gint64 ahead_us, gint64 limit_us)
{
  gint64 deadline_us = g_get_monotonic_time () + limit_us;

  while (TRUE) {
    gint64 board_us = fg_sim_board_now (board);
    gint64 free_us = fg_sim_board_drained (board, board_us) - ahead_us;

    if (free_us <= board_us)
      return TRUE;
    if (g_get_monotonic_time () >= deadline_us)
      return FALSE;
    sleep_until (MIN (fg_sim_board_to_real (board, free_us), deadline_us));
  }
}

static gboolean
sim_write (FgTransport *base, const guint8 *buf, gsize len, GError **error)
{
  FgSimBoard *board = get_board (base);

  wait_for_line (board, AHEAD_US, AHEAD_US); /* the rest of it finds room, too */
  if (!fg_sim_board_is_unplugged (board))
    fg_sim_board_put (board, buf, len, fg_sim_board_now (board));
  if (!fg_sim_board_is_unplugged (board))
    return TRUE;
  fg_port_error_set_disconnected (error, base->name);
  return FALSE;
}

static gboolean
sim_set_baud (FgTransport *base, guint baud, GError **error)
{
  FgSimBoard *board = get_board (base);

  if (!wait_for_line (board, 0, DRAIN_DEADLINE_US)) {
    g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "%s takes too long to send", base->name);
    return FALSE;
  }
  fg_sim_board_set_host_baud (board, baud, fg_sim_board_now (board));
  return TRUE;
}

static gboolean
sim_set_lines (FgTransport *base, gboolean dtr, gboolean rts, GError **error)
{
  FgSimBoard *board = get_board (base);

  if (fg_sim_board_is_unplugged (board)) {
    fg_port_error_set_disconnected (error, base->name);
    return FALSE;
  }
  fg_sim_board_set_lines (board, dtr, rts, fg_sim_board_now (board));
  return TRUE;
}

/* A port that is gone for a reset comes back by itself; one that was unplugged does not. */
static gboolean
sim_reopen (FgTransport *base, GError **error)
{
  FgSimBoard *board = get_board (base);
  gint64 now_us = g_get_monotonic_time ();

  fg_sim_board_next_event (board, now_us); /* time has passed for the board, too */
  if (fg_sim_board_is_unplugged (board)) {
    fg_port_error_set_disconnected (error, base->name);
    return FALSE;
  }
  fg_sim_board_set_host_baud (board, 115200, now_us);
  return TRUE;
}

static void
sim_free (FgTransport *base)
{
  FgSimTransport *self = (FgSimTransport *) base;

  g_mutex_lock (&shelf_lock);
  self->place->is_open = FALSE;
  g_mutex_unlock (&shelf_lock);
  g_free (self);
}

static const FgTransportOps sim_ops = {
  .read = sim_read,
  .write = sim_write,
  .set_baud = sim_set_baud,
  .set_lines = sim_set_lines,
  .reopen = sim_reopen,
  .free = sim_free,
};

static const FgTransportOps sim_ops_without_lines = {
  .read = sim_read,
  .write = sim_write,
  .set_baud = sim_set_baud,
  .reopen = sim_reopen,
  .free = sim_free,
};

/* A specification that is not understood, or an image file that cannot be used. */
static void
set_board_error (GError **error, const GError *cause)
{
  gboolean usage = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  g_set_error_literal (error, FG_ERROR, usage ? FG_ERROR_USAGE : FG_ERROR_FILE, cause->message);
}

/* With the shelf locked: the place of @spec, made when there is none. */
static Place *
find_place (const char *spec, GError **error)
{
  g_autoptr (GError) cause = NULL;
  Place *place;
  FgSimBoard *board;

  if (shelf == NULL)
    shelf = g_hash_table_new (g_str_hash, g_str_equal);
  place = g_hash_table_lookup (shelf, spec);
  if (place != NULL)
    return place;
  board = fg_sim_board_new (spec, &cause);
  if (board == NULL) {
    set_board_error (error, cause);
    return NULL;
  }
  place = g_new0 (Place, 1);
  place->board = board;
  g_hash_table_insert (shelf, g_strdup (spec), place);
  return place;
}

/* The place of @spec, marked as open, so that its board is ours until sim_free(). */
static Place *
take_place (const char *spec, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&shelf_lock);
  Place *place = find_place (spec, error);

  if (place == NULL)
    return NULL;
  if (place->is_open) {
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_BUSY, "%s is in use by another job", name);
    return NULL;
  }
  place->is_open = TRUE;
  return place;
}

FgTransport *
fg_sim_transport_open (const char *spec, const char *name, GError **error)
{
  Place *place = take_place (spec, name, error);
  FgSimTransport *self;
  FgSimBoard *board;
  guint8 stale[256];

  if (place == NULL)
    return NULL;
  board = place->board;
  if (fg_sim_board_is_unplugged (board))
    fg_sim_board_replug (board, fg_sim_board_now (board));
  /* What the board said while nobody had the port open was heard by nobody. */
  while (fg_sim_board_get (board, stale, sizeof stale, fg_sim_board_now (board)) > 0)
    continue;
  self = g_new0 (FgSimTransport, 1);
  self->place = place;
  fg_transport_init (&self->base,
                     fg_sim_board_has_lines (board) ? &sim_ops : &sim_ops_without_lines, name);
  fg_sim_board_get_usb_ids (board, &self->base.usb_vendor, &self->base.usb_product);
  return &self->base;
}
