/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-port.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_BAUD 115200

typedef struct {
  FgSimPort port;
  char *link;   /* (owned) (nullable) */
  char *slave;  /* (owned) (nullable) while plugged */
  int slave_fd; /* kept open, so that the master outlives its clients */
  int opens;    /* by others */
} FgSimPty;

static gboolean
make_raw (int fd)
{
  struct termios2 settings;

  if (ioctl (fd, TCGETS2, &settings) != 0)
    return FALSE;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | B115200;
  settings.c_ispeed = settings.c_ospeed = DEFAULT_BAUD;
  return ioctl (fd, TCSETS2, &settings) == 0;
}

/* A link that an earlier run left behind is replaced; anything else is not ours. */
static gboolean
make_link (FgSimPty *self, GError **error)
{
  struct stat info;

  if (self->link == NULL)
    return TRUE;
  if (lstat (self->link, &info) == 0 && S_ISLNK (info.st_mode)) {
    g_autofree char *target = g_file_read_link (self->link, NULL);

    if (target != NULL && g_str_has_prefix (target, "/dev/pts/"))
      unlink (self->link);
  }
  if (symlink (self->slave, self->link) != 0)
    return fg_sim_port_fail (error, "make the link", self->link);
  return TRUE;
}

static void
remove_link (FgSimPty *self)
{
  g_autofree char *target = self->link != NULL ? g_file_read_link (self->link, NULL) : NULL;

  if (target != NULL && self->slave != NULL && strcmp (target, self->slave) == 0)
    unlink (self->link);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
pty_unplug (FgSimPort *port)
{
  FgSimPty *self = (FgSimPty *) port;

  remove_link (self);
  close_fd (&self->slave_fd);
  close_fd (&port->data_fd);
  close_fd (&port->event_fd);
  g_clear_pointer (&self->slave, g_free);
  self->opens = 0;
  port->client = FALSE;
}

static gboolean
open_pair (FgSimPty *self, GError **error)
{
  char name[64];

  self->port.data_fd = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->port.data_fd < 0 || grantpt (self->port.data_fd) != 0
      || unlockpt (self->port.data_fd) != 0
      || ptsname_r (self->port.data_fd, name, sizeof name) != 0)
    return fg_sim_port_fail (error, "make", "a pseudo-terminal");
  self->slave = g_strdup (name);
  self->slave_fd = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (self->slave_fd < 0 || !make_raw (self->slave_fd))
    return fg_sim_port_fail (error, "set up", name);
  self->port.event_fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->port.event_fd < 0
      || inotify_add_watch (self->port.event_fd, name, IN_OPEN | IN_CLOSE) < 0)
    return fg_sim_port_fail (error, "watch", name);
  return make_link (self, error);
}

static gboolean
pty_plug (FgSimPort *port, GError **error)
{
  FgSimPty *self = (FgSimPty *) port;

  if (!open_pair (self, error)) {
    pty_unplug (port);
    return FALSE;
  }
  g_free (port->name);
  port->name = self->link != NULL ? g_strdup_printf ("%s -> %s", self->link, self->slave)
                                  : g_strdup (self->slave);
  return TRUE;
}

/* As when a real port is closed: what nobody read is gone. The settings stay: by now they may be
 * those of the next client. */
static void
pty_hang_up (FgSimPort *port)
{
  FgSimPty *self = (FgSimPty *) port;

  ioctl (self->slave_fd, TCFLSH, TCIOFLUSH);
}

static gboolean
pty_handle_event (FgSimPort *port)
{
  FgSimPty *self = (FgSimPty *) port;
  gboolean left = FALSE;
  char buffer[4096] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  gssize n;

  while ((n = read (port->event_fd, buffer, sizeof buffer)) > 0) {
    for (gssize at = 0; at < n;) {
      const struct inotify_event *event = (const struct inotify_event *) (buffer + at);

      if (event->mask & IN_OPEN)
        self->opens++;
      else if (event->mask & IN_CLOSE)
        left |= --self->opens == 0;
      at += (gssize) (sizeof *event + event->len);
    }
  }
  port->client = self->opens > 0;
  return left;
}

static guint
pty_get_baud (FgSimPort *port)
{
  struct termios2 settings;

  /* the master tells the settings of the slave */
  if (ioctl (port->data_fd, TCGETS2, &settings) != 0 || settings.c_ospeed == 0)
    return DEFAULT_BAUD;
  return settings.c_ospeed;
}

static void
pty_free (FgSimPort *port)
{
  FgSimPty *self = (FgSimPty *) port;

  pty_unplug (port);
  g_free (self->link);
  g_free (port->name);
  g_free (self);
}

static const FgSimPortOps pty_ops = {
  .plug = pty_plug,
  .unplug = pty_unplug,
  .handle_event = pty_handle_event,
  .hang_up = pty_hang_up,
  .get_baud = pty_get_baud,
  .free = pty_free,
};

/** fg_sim_pty_new: @link: (nullable): a symbolic link to keep pointing at the pseudo-terminal */
FgSimPort *
fg_sim_pty_new (const char *link)
{
  FgSimPty *self = g_new0 (FgSimPty, 1);

  self->port = (FgSimPort){ .ops = &pty_ops, .data_fd = -1, .event_fd = -1 };
  self->slave_fd = -1;
  self->link = g_strdup (link);
  return &self->port;
}
