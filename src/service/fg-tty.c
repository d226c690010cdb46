/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-tty.h"

#include "fg-port-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* termios2 and BOTHER: any rate, 74880 among them. Clashes with <termios.h>, see ioctl_tty(2). */
#include <asm/termbits.h>

#define INITIAL_BAUD 115200
#define DRAIN_DEADLINE_MS 10000
#define DRAIN_LOOK_US 1000
#define BAUD_TOLERANCE_PERCENT 3

gboolean
fg_tty_lock (int fd, const char *path, GError **error)
{
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  fg_port_error_set_open (error, path, errno);
  return FALSE;
}

int
fg_tty_claim (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0) {
    /* A folder cannot be opened for writing: say what it is, not that. */
    if (errno == EISDIR)
      errno = ENOTTY;
    fg_port_error_set_open (error, path, errno);
    return -1;
  }
  if (!fg_tty_lock (fd, path, error)) {
    close (fd);
    return -1;
  }
  return fd;
}

gboolean
fg_tty_has_lines (int fd)
{
  int lines;

  return ioctl (fd, TIOCMGET, &lines) == 0;
}

gboolean
fg_tty_set_lines (int fd, const char *name, gboolean dtr, gboolean rts, GError **error)
{
  int lines;

  if (ioctl (fd, TIOCMGET, &lines) == 0) {
    lines &= ~(TIOCM_DTR | TIOCM_RTS);
    lines |= (dtr ? TIOCM_DTR : 0) | (rts ? TIOCM_RTS : 0);
    if (ioctl (fd, TIOCMSET, &lines) == 0)
      return TRUE;
  }
  if (errno == ENOTTY || errno == EINVAL) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s has no modem lines", name);
    return FALSE;
  }
  fg_port_error_set_io (error, name, "Switching the modem lines of", errno);
  return FALSE;
}

/* Looks instead of calling tcdrain(), which waits forever for an adapter that is stuck. */
gboolean
fg_tty_drain (int fd, const char *name, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + DRAIN_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;

  while (TRUE) {
    int waiting = 0;

    if (ioctl (fd, TIOCOUTQ, &waiting) < 0) {
      fg_port_error_set_io (error, name, "Emptying", errno);
      return FALSE;
    }
    if (waiting == 0)
      return TRUE;
    if (g_get_monotonic_time () >= deadline_us) {
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "%s still holds %d unsent bytes after %d s",
                   name, waiting, DRAIN_DEADLINE_MS / 1000);
      return FALSE;
    }
    g_usleep (DRAIN_LOOK_US);
  }
}

static gboolean
get_settings (int fd, const char *name, struct termios2 *settings, GError **error)
{
  if (ioctl (fd, TCGETS2, settings) == 0)
    return TRUE;
  if (errno == ENOTTY || errno == EINVAL)
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED, "%s is not a serial port", name);
  else
    fg_port_error_set_io (error, name, "Configuring", errno);
  return FALSE;
}

static gboolean
set_settings (int fd, const char *name, const struct termios2 *settings, GError **error)
{
  if (ioctl (fd, TCSETS2, settings) == 0)
    return TRUE;
  fg_port_error_set_io (error, name, "Configuring", errno);
  return FALSE;
}

gboolean
fg_tty_tune (int fd, const char *name, GError **error)
{
  struct termios2 settings;

  if (!get_settings (fd, name, &settings, error))
    return FALSE;
  settings.c_cflag &= ~(tcflag_t) HUPCL;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  return set_settings (fd, name, &settings, error);
}

static gboolean
make_raw (int fd, const char *name, GError **error)
{
  struct termios2 settings;

  if (!get_settings (fd, name, &settings, error))
    return FALSE;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | (settings.c_cflag & (CBAUD | CIBAUD));
  return set_settings (fd, name, &settings, error) && fg_tty_tune (fd, name, error);
}

gboolean
fg_tty_check_baud (int fd, const char *name, guint baud, GError **error)
{
  struct termios2 settings;
  guint difference;

  if (!get_settings (fd, name, &settings, error))
    return FALSE;
  difference = MAX (settings.c_ospeed, baud) - MIN (settings.c_ospeed, baud);
  if ((guint64) difference * 100 <= (guint64) baud * BAUD_TOLERANCE_PERCENT)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s cannot do %u baud, it chose %u", name,
               baud, settings.c_ospeed);
  return FALSE;
}

static gboolean
tty_set_baud (FgTransport *base, guint baud, GError **error)
{
  FgFdTransport *self = (FgFdTransport *) base;
  struct termios2 settings;

  if (!fg_tty_drain (self->fd, base->name, error)
      || !get_settings (self->fd, base->name, &settings, error))
    return FALSE;
  settings.c_cflag &= ~(tcflag_t) (CBAUD | CIBAUD);
  settings.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = baud;
  settings.c_ospeed = baud;
  return set_settings (self->fd, base->name, &settings, error)
         && fg_tty_check_baud (self->fd, base->name, baud, error);
}

static gboolean
tty_set_lines (FgTransport *base, gboolean dtr, gboolean rts, GError **error)
{
  return fg_tty_set_lines (((FgFdTransport *) base)->fd, base->name, dtr, rts, error);
}

static const FgTransportOps tty_ops = {
  .read = fg_fd_transport_read,
  .write = fg_fd_transport_write,
  .set_baud = tty_set_baud,
  .set_lines = tty_set_lines,
  .free = fg_fd_transport_free,
};

static const FgTransportOps tty_ops_without_lines = {
  .read = fg_fd_transport_read,
  .write = fg_fd_transport_write,
  .set_baud = tty_set_baud,
  .free = fg_fd_transport_free,
};

FgTransport *
fg_tty_open (const char *path, GError **error)
{
  g_autoptr (FgTransport) transport = NULL;
  FgFdTransport *self;
  int fd = fg_tty_claim (path, error);

  if (fd < 0)
    return NULL;
  self = g_new0 (FgFdTransport, 1);
  fg_fd_transport_init (self, fg_tty_has_lines (fd) ? &tty_ops : &tty_ops_without_lines, fd, path);
  transport = &self->base;
  if (!make_raw (fd, path, error))
    return NULL;
  /* No TIOCEXCL: whoever simulates the board holds the terminal open, so that the mark would stay
   * and shut out the next job, too. */
  ioctl (fd, TCFLSH, TCIOFLUSH);
  if (!tty_set_baud (transport, INITIAL_BAUD, error))
    return NULL;
  return g_steal_pointer (&transport);
}
