/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-flash-store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static guint8 *
fail (int fd, const char *path, const char *what, int saved, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved),
               "simulated board: cannot %s the flash image %s: %s", what, path, g_strerror (saved));
  if (fd >= 0)
    close (fd);
  return NULL;
}

/**
 * fg_sim_flash_store_map:
 * @path: (nullable): a file, made or extended with FF to @size; %NULL keeps nothing
 * @size: bytes
 *
 * Returns: (transfer full): for fg_sim_flash_store_unmap(); %NULL with an error of %G_IO_ERROR that
 *   names the file
 */
guint8 *
fg_sim_flash_store_map (const char *path, gsize size, GError **error)
{
  struct stat info;
  gsize old = 0;
  guint8 *data;
  int flags = path != NULL ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  int fd = -1;

  if (path != NULL) {
    fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || fstat (fd, &info) != 0)
      return fail (fd, path, "open", errno, error);
    if (!S_ISREG (info.st_mode))
      return fail (fd, path, "use", S_ISDIR (info.st_mode) ? EISDIR : EINVAL, error);
    if ((gsize) info.st_size > size)
      return fail (fd, path, "fit into this flash", EFBIG, error);
    old = (gsize) info.st_size;
    if (old < size && ftruncate (fd, (off_t) size) != 0)
      return fail (fd, path, "extend", errno, error);
  }
  data = mmap (NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (data == MAP_FAILED)
    return fail (fd, path != NULL ? path : "in memory", "map", errno, error);
  if (fd >= 0)
    close (fd);
  memset (data + old, 0xff, size - old);
  return data;
}

/** fg_sim_flash_store_unmap: @data: (nullable) (transfer full) */
void
fg_sim_flash_store_unmap (guint8 *data, gsize size)
{
  if (data != NULL)
    munmap (data, size);
}
