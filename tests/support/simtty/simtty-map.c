/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simtty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a program looks at to find serial ports; a directory also stands for all below it. */
static const char *const directories[] = { "/sys/class/tty", "/sys/devices/simtty", "/dev/serial" };
static const char *const node_prefixes[] = { "/dev/ttyUSB", "/dev/ttyACM" };

const char *
simtty_root (void)
{
  return getenv ("FG_SIMTTY_ROOT");
}

static bool
is_overlaid (const char *path)
{
  if (strcmp (path, "/dev") == 0 || strcmp (path, "/dev/") == 0)
    return true;
  for (size_t i = 0; i < sizeof node_prefixes / sizeof *node_prefixes; i++)
    if (strncmp (path, node_prefixes[i], strlen (node_prefixes[i])) == 0)
      return true;
  for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
    size_t length = strlen (directories[i]);

    if (strncmp (path, directories[i], length) == 0
        && (path[length] == '\0' || path[length] == '/'))
      return true;
  }
  return false;
}

const char *
simtty_map (const char *path, char mapped[PATH_MAX])
{
  const char *root = simtty_root ();

  if (root == NULL || path == NULL || !is_overlaid (path))
    return path;
  if (snprintf (mapped, PATH_MAX, "%s%s", root, path) >= PATH_MAX)
    return path;
  return mapped;
}

bool
simtty_is_node (const char *path, char name[NAME_MAX + 1])
{
  char mapped[PATH_MAX];
  char link[PATH_MAX];
  const char *end;
  ssize_t length;
  struct stat status;

  if (simtty_map (path, mapped) != mapped)
    return false;
  length = SIMTTY_NEXT (readlink) (mapped, link, sizeof link - 1);
  if (length > 0) {
    link[length] = '\0';
    end = strrchr (link, '/');
    end = end != NULL ? end + 1 : link;
  } else {
    if (SIMTTY_NEXT (stat) (mapped, &status) != 0 || !S_ISREG (status.st_mode))
      return false;
    end = strrchr (path, '/') + 1;
  }
  if (strncmp (end, "tty", 3) != 0 || strncmp (path, "/dev/", 5) != 0)
    return false;
  return snprintf (name, NAME_MAX + 1, "%s", end) <= NAME_MAX;
}
