/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simtty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * Every function by which libserialport, GLib and Python name a file. glibc has several entry
 * points for one call; the *_2 and *_chk ones come from fortified callers, and on a 64-bit platform
 * the *64 ones are the same as those without.
 */

int __open_2 (const char *path, int flags);
int __open64_2 (const char *path, int flags);
ssize_t __readlink_chk (const char *path, char *target, size_t size, size_t target_size);
char *__realpath_chk (const char *path, char *resolved, size_t resolved_size);
int __lxstat (int version, const char *path, struct stat *status);

static int
open_any (int directory, const char *path, int flags, mode_t mode)
{
  char mapped[PATH_MAX];
  char name[NAME_MAX + 1];

  if ((flags & O_PATH) == 0 && simtty_is_node (path, name))
    return simtty_port_open (name, flags);
  return SIMTTY_NEXT (openat) (directory, simtty_map (path, mapped), flags, mode);
}

static mode_t
mode_argument (int flags, va_list arguments)
{
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg (arguments, mode_t) : 0;
}

int
open (const char *path, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = mode_argument (flags, arguments);
  va_end (arguments);
  return open_any (AT_FDCWD, path, flags, mode);
}

int open64 (const char *path, int flags, ...) __attribute__ ((alias ("open")));

int
openat64 (int directory, const char *path, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = mode_argument (flags, arguments);
  va_end (arguments);
  return open_any (directory, path, flags, mode);
}

int
__open_2 (const char *path, int flags)
{
  return open_any (AT_FDCWD, path, flags, 0);
}

int __open64_2 (const char *path, int flags) __attribute__ ((alias ("__open_2")));

FILE *
fopen (const char *path, const char *mode)
{
  char mapped[PATH_MAX];

  return SIMTTY_NEXT (fopen) (simtty_map (path, mapped), mode);
}

FILE *fopen64 (const char *path, const char *mode) __attribute__ ((alias ("fopen")));

DIR *
opendir (const char *path)
{
  char mapped[PATH_MAX];

  return SIMTTY_NEXT (opendir) (simtty_map (path, mapped));
}

int
access (const char *path, int mode)
{
  char mapped[PATH_MAX];
  char name[NAME_MAX + 1];

  if ((mode & (R_OK | W_OK)) != 0 && simtty_is_node (path, name))
    return simtty_port_access (name);
  return SIMTTY_NEXT (access) (simtty_map (path, mapped), mode);
}

int
inotify_add_watch (int inotify, const char *path, uint32_t mask)
{
  char mapped[PATH_MAX];

  return SIMTTY_NEXT (inotify_add_watch) (inotify, simtty_map (path, mapped), mask);
}

ssize_t
readlink (const char *path, char *target, size_t size)
{
  char mapped[PATH_MAX];

  return SIMTTY_NEXT (readlink) (simtty_map (path, mapped), target, size);
}

ssize_t
__readlink_chk (const char *path, char *target, size_t size, size_t target_size)
{
  return readlink (path, target, size < target_size ? size : target_size);
}

/* The result is a path of the program's world again. */
char *
realpath (const char *path, char *resolved)
{
  char mapped[PATH_MAX];
  char root[PATH_MAX];
  char *result = SIMTTY_NEXT (realpath) (simtty_map (path, mapped), resolved);
  size_t length;

  if (result == NULL || simtty_root () == NULL
      || SIMTTY_NEXT (realpath) (simtty_root (), root) == NULL)
    return result;
  length = strlen (root);
  if (strncmp (result, root, length) == 0 && result[length] == '/')
    memmove (result, result + length, strlen (result + length) + 1);
  return result;
}

char *
__realpath_chk (const char *path, char *resolved, size_t resolved_size)
{
  return realpath (path, resolved);
}

/* A node is a plain file in the overlay; to the program it is the character device that it gets
 * when it opens the node, so that it can find out who else has it open. */
static bool
find_device (const char *path, struct stat *device)
{
  char name[NAME_MAX + 1];
  char link[PATH_MAX];

  if (!simtty_is_node (path, name))
    return false;
  return snprintf (link, sizeof link, "%s/ptys/%s", simtty_root (), name) < PATH_MAX
         && SIMTTY_NEXT (stat) (link, device) == 0;
}

static int
show_node (int result, const char *path, struct stat *status)
{
  struct stat device;

  if (result == 0 && S_ISREG (status->st_mode) && find_device (path, &device)) {
    status->st_mode = device.st_mode;
    status->st_rdev = device.st_rdev;
    status->st_gid = 0; /* not that of whoever runs the tests */
  }
  return result;
}

int
stat (const char *path, struct stat *status)
{
  char mapped[PATH_MAX];

  return show_node (SIMTTY_NEXT (stat) (simtty_map (path, mapped), status), path, status);
}

int
lstat (const char *path, struct stat *status)
{
  char mapped[PATH_MAX];

  return show_node (SIMTTY_NEXT (lstat) (simtty_map (path, mapped), status), path, status);
}

/* struct stat64 is struct stat wherever the simulator is built: see the assertion. */
_Static_assert(sizeof (struct stat) == sizeof (struct stat64), "a platform with two kinds of stat");

int
stat64 (const char *path, struct stat64 *status)
{
  return stat (path, (struct stat *) status);
}

int
lstat64 (const char *path, struct stat64 *status)
{
  return lstat (path, (struct stat *) status);
}

int
__lxstat (int version, const char *path, struct stat *status)
{
  return lstat (path, status);
}

int
statx (int directory, const char *path, int flags, unsigned int mask, struct statx *status)
{
  char mapped[PATH_MAX];
  int result = SIMTTY_NEXT (statx) (directory, simtty_map (path, mapped), flags, mask, status);
  struct stat device;

  if (result == 0 && S_ISREG (status->stx_mode) && find_device (path, &device)) {
    status->stx_mode = (unsigned short) device.st_mode;
    status->stx_gid = 0;
    status->stx_rdev_major = major (device.st_rdev);
    status->stx_rdev_minor = minor (device.st_rdev);
  }
  return result;
}
