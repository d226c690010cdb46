/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simtty.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * An open port: the descriptor is the pseudo-terminal's, and a connection to the test's socket
 * stands for it as long as it is open. What a pseudo-terminal cannot do goes over that connection.
 */

#define MAX_DESCRIPTORS 1024
#define MAX_MESSAGE 512

static struct {
  int channel; /* 0: not one of ours */
  pid_t owner; /* a forked child's close() is not the port's */
} ports[MAX_DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int
channel_new (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int channel = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

  snprintf (address.sun_path, sizeof address.sun_path, "%s/control", simtty_root ());
  if (channel >= 0 && connect (channel, (struct sockaddr *) &address, sizeof address) != 0) {
    SIMTTY_NEXT (close) (channel);
    return -1;
  }
  return channel;
}

/* Sends a message and waits for "ERRNO REST"; the rest goes to @reply. 0, or -1 and errno. */
static int __attribute__ ((format (printf, 3, 4)))
ask (int channel, char reply[MAX_MESSAGE], const char *format, ...)
{
  char message[MAX_MESSAGE];
  char *rest;
  va_list arguments;
  ssize_t length;
  int code;

  va_start (arguments, format);
  length = vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  if (send (channel, message, (size_t) length, MSG_NOSIGNAL) != length
      || (length = recv (channel, message, sizeof message - 1, 0)) <= 0) {
    errno = EIO; /* the test is gone, and its ports with it */
    return -1;
  }
  message[length] = '\0';
  code = (int) strtol (message, &rest, 10);
  if (reply != NULL)
    snprintf (reply, MAX_MESSAGE, "%s", *rest == ' ' ? rest + 1 : rest);
  errno = code;
  return code == 0 ? 0 : -1;
}

/* A USB serial driver starts every port at 9600 bit/s, lowering its lines at the last close. */
static void
set_driver_defaults (int fd)
{
  struct termios2 settings;

  if (SIMTTY_NEXT (ioctl) (fd, TCGETS2, &settings) != 0)
    return;
  settings.c_cflag = (settings.c_cflag & ~(tcflag_t) (CBAUD | CBAUDEX)) | B9600 | HUPCL;
  settings.c_ispeed = settings.c_ospeed = 9600;
  SIMTTY_NEXT (ioctl) (fd, TCSETS2, &settings);
}

int
simtty_port_open (const char *name, int flags)
{
  char reply[MAX_MESSAGE];
  int channel = channel_new ();
  int fd = -1;

  if (channel < 0) {
    errno = ENXIO;
    return -1;
  }
  if (ask (channel, reply, "open %s", name) == 0)
    fd = SIMTTY_NEXT (open) (reply + 2, flags);
  if (fd < 0 || fd >= MAX_DESCRIPTORS) {
    int saved = fd < 0 ? errno : EMFILE;

    SIMTTY_NEXT (close) (channel);
    errno = saved;
    return -1;
  }
  if (reply[0] == '1') /* the first to open it */
    set_driver_defaults (fd);
  pthread_mutex_lock (&lock);
  ports[fd].channel = channel;
  ports[fd].owner = getpid ();
  pthread_mutex_unlock (&lock);
  return fd;
}

int
simtty_port_access (const char *name)
{
  int channel = channel_new ();
  int result, saved;

  if (channel < 0) {
    errno = ENOENT;
    return -1;
  }
  result = ask (channel, NULL, "access %s", name);
  saved = errno;
  SIMTTY_NEXT (close) (channel);
  errno = saved;
  return result;
}

static int
channel_of (int fd)
{
  int channel = 0;

  if (fd < 0 || fd >= MAX_DESCRIPTORS)
    return 0;
  pthread_mutex_lock (&lock);
  if (ports[fd].channel != 0 && ports[fd].owner == getpid ())
    channel = ports[fd].channel;
  pthread_mutex_unlock (&lock);
  return channel;
}

/* "OPERATION VALUE BAUD HANGUP": what is done, the rate in force, and HUPCL. */
static int
ask_lines (int fd, int channel, const char *operation, int value, int *answer)
{
  char reply[MAX_MESSAGE];
  struct termios2 settings = { 0 };

  SIMTTY_NEXT (ioctl) (fd, TCGETS2, &settings);
  if (ask (channel, reply, "%s %d %u %d", operation, value, settings.c_ospeed,
           (settings.c_cflag & HUPCL) != 0)
      != 0)
    return -1;
  if (answer != NULL)
    *answer = atoi (reply);
  return 0;
}

int
ioctl (int fd, unsigned long request, ...)
{
  int channel = channel_of (fd);
  va_list arguments;
  void *argument;

  va_start (arguments, request);
  argument = va_arg (arguments, void *);
  va_end (arguments);
  if (channel != 0) {
    switch (request) {
    case TIOCMGET:
      return ask_lines (fd, channel, "get", 0, argument);
    case TIOCMSET:
      return ask_lines (fd, channel, "set", *(int *) argument, NULL);
    case TIOCMBIS:
      return ask_lines (fd, channel, "raise", *(int *) argument, NULL);
    case TIOCMBIC:
      return ask_lines (fd, channel, "lower", *(int *) argument, NULL);
    case TIOCEXCL:
      return ask_lines (fd, channel, "exclusive", 1, NULL);
    case TIOCNXCL:
      return ask_lines (fd, channel, "exclusive", 0, NULL);
    case TIOCGSERIAL:
      memset (argument, 0, sizeof (struct serial_struct));
      return 0;
    case TIOCSSERIAL:
      return 0;
    default:
      break;
    }
  }
  return SIMTTY_NEXT (ioctl) (fd, request, argument);
}

int
close (int fd)
{
  int channel = channel_of (fd);

  if (channel != 0) {
    ask_lines (fd, channel, "close", 0, NULL);
    pthread_mutex_lock (&lock);
    ports[fd].channel = 0;
    pthread_mutex_unlock (&lock);
    SIMTTY_NEXT (close) (channel);
  }
  return SIMTTY_NEXT (close) (fd);
}
