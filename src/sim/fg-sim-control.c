/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-control.h"

#include "fg-sim-port.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CALLERS_MAX (FG_SIM_CONTROL_FDS - 1)
#define REQUEST_MAX 256

struct _FgSimControl {
  char *path; /* (owned) */
  int fd;
  int callers[CALLERS_MAX];
  char *answers[CALLERS_MAX]; /* (owned) (nullable) not sent yet */
  guint n_callers;
};

/** fg_sim_control_new: @path: made; a socket that an earlier run left behind is replaced */
FgSimControl *
fg_sim_control_new (const char *path, GError **error)
{
  g_autoptr (FgSimControl) self = g_new0 (FgSimControl, 1);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct stat info;

  self->fd = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (strlen (path) >= sizeof address.sun_path) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                 "the path of the control socket is too long (at most %zu bytes): %s",
                 sizeof address.sun_path - 1, path);
    return NULL;
  }
  memcpy (address.sun_path, path, strlen (path));
  if (self->fd >= 0 && lstat (path, &info) == 0 && S_ISSOCK (info.st_mode)
      && connect (self->fd, (struct sockaddr *) &address, sizeof address) != 0
      && errno == ECONNREFUSED)
    unlink (path);
  if (self->fd < 0 || bind (self->fd, (struct sockaddr *) &address, sizeof address) != 0
      || listen (self->fd, CALLERS_MAX) != 0) {
    fg_sim_port_fail (error, "make the control socket", path);
    return NULL;
  }
  self->path = g_strdup (path);
  return g_steal_pointer (&self);
}

static void
drop (FgSimControl *self, guint index)
{
  close (self->callers[index]);
  g_free (self->answers[index]);
  self->n_callers--;
  self->callers[index] = self->callers[self->n_callers];
  self->answers[index] = g_steal_pointer (&self->answers[self->n_callers]);
}

void
fg_sim_control_free (FgSimControl *self)
{
  if (self == NULL)
    return;
  while (self->n_callers > 0)
    drop (self, self->n_callers - 1);
  if (self->fd >= 0)
    close (self->fd);
  if (self->path != NULL)
    unlink (self->path);
  g_free (self->path);
  g_free (self);
}

/** fg_sim_control_prepare: @fds: room for %FG_SIM_CONTROL_FDS. Returns: how many were filled */
guint
fg_sim_control_prepare (FgSimControl *self, struct pollfd *fds)
{
  guint n = 0;

  if (self == NULL)
    return 0;
  fds[n++] = (struct pollfd){ self->n_callers < CALLERS_MAX ? self->fd : -1, POLLIN, 0 };
  for (guint i = 0; i < self->n_callers; i++)
    fds[n++] = (struct pollfd){ self->callers[i], POLLIN, 0 };
  return n;
}

typedef struct {
  const char *name;
  guint n_args;
  void (*run) (FgSimBoard *board, const gboolean *args, gint64 now_us);
} Request;

static void
run_lines (FgSimBoard *board, const gboolean *args, gint64 now_us)
{
  fg_sim_board_set_lines (board, args[0], args[1], now_us);
}

static void
run_unplug (FgSimBoard *board, const gboolean *args, gint64 now_us)
{
  fg_sim_board_unplug (board, now_us);
}

static void
run_replug (FgSimBoard *board, const gboolean *args, gint64 now_us)
{
  fg_sim_board_replug (board, now_us);
}

static void
run_query (FgSimBoard *board, const gboolean *args, gint64 now_us)
{
  fg_sim_board_next_event (board, now_us); /* let everything happen that is due */
}

static const Request requests[] = {
  { "lines", 2, run_lines },
  { "unplug", 0, run_unplug },
  { "replug", 0, run_replug },
  { "query", 0, run_query },
};

/** fg_sim_control_help: Returns: the requests, for --help */
const char *
fg_sim_control_help (void)
{
  return "  lines DTR RTS   set both modem lines at once, 0 released, 1 asserted\n"
         "  unplug          pull the plug: the port vanishes, the board loses its power\n"
         "  replug          plug it in again\n"
         "  query           nothing but the answer\n"
         "Every answer is “ok” and the state in words: what the chip does (off, booted, loader,\n"
         "silent), its baud rate, the lines, bytes to and from the board,\n"
         "what its flash erased and programmed and how long that took; or “error” and why.\n";
}

/** fg_sim_control_answer: Returns: (transfer full): the answer to @request */
char *
fg_sim_control_answer (FgSimBoard *board, const char *request, gint64 now_us)
{
  g_auto (GStrv) words = g_strsplit (request, " ", -1);
  guint n_args = words[0] != NULL ? g_strv_length (words) - 1 : 0;

  for (gsize i = 0; words[0] != NULL && i < G_N_ELEMENTS (requests); i++) {
    gboolean args[2] = { FALSE, FALSE };
    g_autofree char *state = NULL;

    if (strcmp (words[0], requests[i].name) != 0)
      continue;
    if (n_args != requests[i].n_args)
      return g_strdup_printf ("error %s takes %u numbers", words[0], requests[i].n_args);
    for (guint k = 0; k < n_args; k++) {
      if (strcmp (words[k + 1], "0") != 0 && strcmp (words[k + 1], "1") != 0)
        return g_strdup_printf ("error %s is neither 0 nor 1", words[k + 1]);
      args[k] = words[k + 1][0] == '1';
    }
    requests[i].run (board, args, now_us);
    state = fg_sim_board_describe (board);
    return g_strdup_printf ("ok %s", state);
  }
  return g_strdup ("error the requests are: lines DTR RTS, unplug, replug, query");
}

/* Returns FALSE when the caller is gone. */
static gboolean
serve (FgSimControl *self, guint index, FgSimBoard *board, gint64 now_us)
{
  char request[REQUEST_MAX + 1];
  gssize n = recv (self->callers[index], request, REQUEST_MAX, MSG_DONTWAIT);

  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return FALSE;
  request[n] = '\0';
  g_strchomp (request);
  g_free (self->answers[index]);
  self->answers[index] = fg_sim_control_answer (board, request, now_us);
  return TRUE;
}

/**
 * fg_sim_control_dispatch:
 * @fds: as prepared, after poll()
 *
 * Does what is requested. The answers are sent by fg_sim_control_flush(), when what follows from
 * the requests has happened as well.
 */
void
fg_sim_control_dispatch (
    FgSimControl *self, const struct pollfd *fds, guint n_fds, FgSimBoard *board, gint64 now_us)
{
  if (self == NULL)
    return;
  for (guint i = n_fds - 1; i > 0; i--) /* from the end: dropping one moves the last */
    if (fds[i].revents != 0 && !serve (self, i - 1, board, now_us))
      drop (self, i - 1);
  if (fds[0].revents & POLLIN) {
    int caller = accept4 (self->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (caller >= 0)
      self->callers[self->n_callers++] = caller;
  }
}

/** fg_sim_control_flush: sends the answers; a caller that does not take its own is dropped. */
void
fg_sim_control_flush (FgSimControl *self)
{
  for (guint i = self != NULL ? self->n_callers : 0; i > 0; i--) {
    g_autofree char *answer = g_steal_pointer (&self->answers[i - 1]);

    if (answer != NULL
        && send (self->callers[i - 1], answer, strlen (answer), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
      drop (self, i - 1);
  }
}
