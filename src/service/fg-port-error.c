/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-port-error.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_GROUP "dialout"

/* The same device node, or the same device under another name. */
static gboolean
is_same_device (const struct stat *a, const struct stat *b)
{
  if (a->st_dev == b->st_dev && a->st_ino == b->st_ino)
    return TRUE;
  return S_ISCHR (a->st_mode) && S_ISCHR (b->st_mode) && a->st_rdev == b->st_rdev;
}

static gboolean
process_has_open (const char *pid, const struct stat *device)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    struct stat st;

    if (stat (path, &st) == 0 && is_same_device (&st, device))
      return TRUE;
  }
  return FALSE;
}

/**
 * fg_port_holder:
 *
 * Looks through the processes whose descriptors we may read: our own user's, or all for root. This
 * process is not looked at.
 */
char *
fg_port_holder (const char *path)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  struct stat device;
  const char *name;

  if (proc == NULL || stat (path, &device) < 0)
    return NULL;
  while ((name = g_dir_read_name (proc)) != NULL) {
    g_autofree char *comm_path = NULL;
    g_autofree char *comm = NULL;

    if (!g_ascii_isdigit (name[0]) || atoi (name) == getpid () || !process_has_open (name, &device))
      continue;
    comm_path = g_build_filename ("/proc", name, "comm", NULL);
    if (!g_file_get_contents (comm_path, &comm, NULL, NULL))
      return g_strdup_printf ("process %s", name);
    return g_strdup_printf ("%s (process %s)", g_strchomp (comm), name);
  }
  return NULL;
}

char *
fg_port_group (const char *path)
{
  struct stat st;
  struct group entry;
  struct group *found = NULL;
  char buffer[4096];

  /* Root's group is no advice, and in a sandbox every group reads as the overflow id. */
  if (path == NULL || stat (path, &st) < 0 || st.st_gid == 0 || st.st_gid == 65534)
    return g_strdup (DEFAULT_GROUP);
  if (getgrgid_r (st.st_gid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
    return g_strdup (DEFAULT_GROUP);
  return g_strdup (found->gr_name);
}

void
fg_port_error_set_busy (GError **error, const char *path)
{
  g_autofree char *holder = fg_port_holder (path);

  g_set_error (error, FG_ERROR, FG_ERROR_PORT_BUSY, "%s is in use by %s", path,
               holder != NULL ? holder : "another program or another job");
}

void
fg_port_error_set_open (GError **error, const char *path, int errnum)
{
  switch (errnum) {
  case ENOENT:
  case ENXIO: /* the node is left over, the device is gone */
  case ENODEV:
  case ENOTDIR:
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING, "There is no port %s", path);
    return;
  case EBUSY:
  case EAGAIN:
    fg_port_error_set_busy (error, path);
    return;
  case EACCES:
  case EPERM: {
    g_autofree char *group = fg_port_group (path);

    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FORBIDDEN,
                 "%s may only be opened by the group “%s”", path, group);
    return;
  }
  default:
    fg_port_error_set_io (error, path, "Opening", errnum);
  }
}

void
fg_port_error_set_io (GError **error, const char *name, const char *action, int errnum)
{
  switch (errnum) {
  case EIO: /* what a hung-up tty answers */
  case ENXIO:
  case ENODEV:
  case EPIPE:
  case ECONNRESET:
  case ESHUTDOWN:
  case ETIMEDOUT: /* the network does not deliver any more */
  case EHOSTUNREACH:
    fg_port_error_set_disconnected (error, name);
    return;
  default:
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED, "%s %s failed: %s", action, name,
                 g_strerror (errnum));
  }
}

void
fg_port_error_set_disconnected (GError **error, const char *name)
{
  g_set_error (error, FG_ERROR, FG_ERROR_DISCONNECTED, "%s: the board was disconnected", name);
}
