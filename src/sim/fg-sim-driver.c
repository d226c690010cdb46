/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-driver.h"

#include "fg-sim-queue.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define CHUNK 4096
#define UNSENT_MAX 65536
#define FULL_US 10000 /* while a client does not fetch: how often to let the board go on */

enum { POLL_QUIT, POLL_EVENT, POLL_DATA, POLL_CONTROL };

/* For the next client. */
static void
start_fresh (FgSimDriver *self, FgSimQueue *unsent)
{
  fg_sim_queue_clear (unsent);
  if (self->fresh_start && !fg_sim_board_is_unplugged (self->board))
    fg_sim_board_replug (self->board, fg_sim_board_now (self->board));
}

static void
follow_baud (FgSimDriver *self)
{
  if (self->port->data_fd >= 0)
    fg_sim_board_set_host_baud (self->board, self->port->ops->get_baud (self->port),
                                fg_sim_board_now (self->board));
}

/* The client is gone, or has to go. */
static void
say_goodbye (FgSimDriver *self)
{
  self->port->ops->hang_up (self->port);
  if (self->port->talk != NULL)
    self->port->talk->leave (self->port, self->board);
}

static void
read_client (FgSimDriver *self, FgSimQueue *unsent)
{
  guint8 buffer[CHUNK];
  gssize n;

  while (self->port->data_fd >= 0) {
    n = read (self->port->data_fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN)
      return;
    if (n <= 0) {
      say_goodbye (self);
      start_fresh (self, unsent);
      return;
    }
    follow_baud (self);
    if (self->port->talk != NULL)
      self->port->talk->hear (self->port, buffer, (gsize) n, self->board);
    else
      fg_sim_board_put (self->board, buffer, (gsize) n, fg_sim_board_now (self->board));
  }
}

/* What a client does not fetch piles up in the board, which loses it as a real port does. */
static gboolean
is_full (const FgSimQueue *unsent)
{
  return fg_sim_queue_len (unsent) >= UNSENT_MAX;
}

static void
pass_on (FgSimDriver *self, const guint8 *data, gsize len, FgSimQueue *unsent)
{
  if (self->port->talk != NULL)
    self->port->talk->say (self->port, data, len, unsent);
  else
    fg_sim_queue_push (unsent, data, len);
}

static void
write_client (FgSimDriver *self, FgSimQueue *unsent)
{
  guint8 buffer[CHUNK];
  gsize n;

  while (
      !is_full (unsent)
      && (n = fg_sim_board_get (self->board, buffer, sizeof buffer, fg_sim_board_now (self->board)))
             > 0)
    if (self->port->client)
      pass_on (self, buffer, n, unsent);
  while (self->port->data_fd >= 0 && fg_sim_queue_len (unsent) > 0) {
    n = MIN (fg_sim_queue_len (unsent), sizeof buffer);
    /* a socket that was reset gives EPIPE; SIGPIPE is ignored */
    gssize done = write (self->port->data_fd, fg_sim_queue_peek (unsent), n);

    if (done <= 0)
      return;
    fg_sim_queue_take (unsent, buffer, (gsize) done);
  }
}

/* The plug of the board is the plug of the port. */
static gboolean
follow_plug (FgSimDriver *self, gboolean *plugged, FgSimQueue *unsent, GError **error)
{
  gboolean wanted = !fg_sim_board_is_unplugged (self->board);

  if (wanted == *plugged)
    return TRUE;
  *plugged = wanted;
  write_client (self, unsent); /* what was heard before */
  fg_sim_queue_clear (unsent);
  if (wanted)
    return self->port->ops->plug (self->port, error);
  self->port->ops->unplug (self->port);
  return TRUE;
}

static struct timespec *
time_left (FgSimDriver *self, const FgSimQueue *unsent, struct timespec *left)
{
  gint64 next_us = fg_sim_board_next_event (self->board, fg_sim_board_now (self->board));

  if (next_us == G_MAXINT64)
    return NULL;
  next_us = fg_sim_board_to_real (self->board, next_us) - g_get_monotonic_time ();
  next_us = MAX (next_us, is_full (unsent) ? FULL_US : 0);
  left->tv_sec = next_us / G_USEC_PER_SEC;
  left->tv_nsec = next_us % G_USEC_PER_SEC * 1000;
  return left;
}

static void
handle_event (FgSimDriver *self, FgSimQueue *unsent)
{
  gboolean had_client = self->port->client;
  gboolean left = self->port->ops->handle_event (self->port);

  if (!had_client && self->port->client && self->port->talk != NULL)
    self->port->talk->greet (self->port, self->board, unsent);
  if (!left)
    return;
  if (!self->port->client) {
    read_client (self, unsent); /* its last words */
    say_goodbye (self);
  }
  start_fresh (self, unsent);
}

/**
 * fg_sim_driver_run:
 *
 * Returns: %TRUE when @quit_fd became readable; %FALSE with @error when the port could not be
 *   plugged in again
 */
gboolean
fg_sim_driver_run (FgSimDriver *self, GError **error)
{
  FgSimQueue unsent;
  gboolean plugged = TRUE, good = TRUE;

  fg_sim_queue_init (&unsent);
  while (good) {
    struct pollfd fds[POLL_CONTROL + FG_SIM_CONTROL_FDS];
    struct timespec left;
    gboolean blocked;
    guint n_control;

    follow_baud (self);
    write_client (self, &unsent);
    blocked = fg_sim_queue_len (&unsent) > 0;
    fds[POLL_QUIT] = (struct pollfd){ self->quit_fd, POLLIN, 0 };
    fds[POLL_EVENT] = (struct pollfd){ self->port->event_fd, POLLIN, 0 };
    fds[POLL_DATA] = (struct pollfd){ self->port->data_fd, POLLIN, 0 };
    if (blocked)
      fds[POLL_DATA].events |= POLLOUT;
    n_control = fg_sim_control_prepare (self->control, fds + POLL_CONTROL);
    if (ppoll (fds, POLL_CONTROL + n_control, time_left (self, &unsent, &left), NULL) < 0)
      continue; /* EINTR: signals come through @quit_fd */
    if (fds[POLL_QUIT].revents != 0)
      break;
    if (fds[POLL_EVENT].revents != 0)
      handle_event (self, &unsent);
    /* before a request is served the board has to see what the client sent before it */
    read_client (self, &unsent);
    fg_sim_control_dispatch (self->control, fds + POLL_CONTROL, n_control, self->board,
                             fg_sim_board_now (self->board));
    good = follow_plug (self, &plugged, &unsent, error);
    fg_sim_control_flush (self->control);
  }
  fg_sim_queue_free_contents (&unsent);
  return good;
}
