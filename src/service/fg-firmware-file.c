/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-file.h"

#include "fg-error.h"
#include "fg-flash-format.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/**
 * fg_firmware_offset_from_name:
 * @offset: (out): only when there is one
 *
 * The offset in a name like "0x10000.bin" or "app-0x10000.bin", as the SDK's own builds have.
 *
 * Returns: %FALSE when the name has none
 */
gboolean
fg_firmware_offset_from_name (const char *path, guint32 *offset)
{
  g_autofree char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');
  const char *digits;
  guint64 value;

  if (dot != NULL)
    *dot = '\0';
  digits = g_strrstr (name, "0x");
  if (digits == NULL || (digits > name && g_ascii_isalnum (digits[-1])))
    return FALSE;
  if (!g_ascii_string_to_unsigned (digits + 2, 16, 0, G_MAXUINT32, &value, NULL))
    return FALSE;
  *offset = (guint32) value;
  return TRUE;
}

/* Splits "OFFSET=FILE". @path points into @what. A file whose own name holds "=" is just a file. */
static gboolean
split (const char *what, guint32 *offset, const char **path, FgPlaced *placed, GError **error)
{
  const char *equals = strchr (what, '=');
  g_autofree char *number = NULL;

  *path = what;
  *offset = 0;
  if (equals == NULL || !g_ascii_isdigit (what[0]) || g_file_test (what, G_FILE_TEST_EXISTS)) {
    *placed = fg_firmware_offset_from_name (what, offset) ? FG_PLACED_BY_NAME : FG_PLACED_NOWHERE;
    return TRUE;
  }
  *placed = FG_PLACED_BY_USER;
  number = g_strndup (what, (gsize) (equals - what));
  *path = equals + 1;
  return fg_size_parse (number, offset, error);
}

static gboolean
check_file (const char *path, const char *shown, GError **error)
{
  struct stat st;

  if (stat (path, &st) < 0)
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, "Cannot read %s: %s", shown, g_strerror (errno));
  else if (S_ISDIR (st.st_mode))
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, "%s is a folder, not a file", shown);
  else if (!S_ISREG (st.st_mode))
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, "%s is a device or a pipe, not a file", shown);
  else if (st.st_size == 0)
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_EMPTY, "%s is empty", shown);
  else if (st.st_size > FG_FIRMWARE_MAX_SIZE)
    g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
                 "%s has %" G_GINT64_FORMAT
                 " MB; no flash chip of these boards has more than %u MB",
                 shown, (gint64) st.st_size / (1024 * 1024), FG_FIRMWARE_MAX_SIZE / (1024 * 1024));
  else
    return TRUE;
  return FALSE;
}

GBytes *
fg_firmware_read (const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  char *data = NULL;
  gsize length;

  if (!check_file (path, shown, error))
    return NULL;
  if (!g_file_get_contents (path, &data, &length, &cause)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE, "Cannot read %s: %s", shown, cause->message);
    return NULL;
  }
  if (length == 0) { /* emptied since we looked */
    g_free (data);
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_EMPTY, "%s is empty", shown);
    return NULL;
  }
  return g_bytes_new_take (data, length);
}

FgFirmware *
fg_firmware_load_placed (const char *what, FgPlaced *placed, char **path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  const char *file;
  guint32 offset;

  if (!split (what, &offset, &file, placed, error))
    return NULL;
  bytes = fg_firmware_read (file, error);
  if (bytes == NULL)
    return NULL;
  name = g_filename_display_basename (file);
  *path = g_strdup (file);
  return fg_firmware_new (name, offset, bytes);
}

FgFirmware *
fg_firmware_load (const char *what, GError **error)
{
  g_autofree char *path = NULL;
  FgPlaced placed;

  return fg_firmware_load_placed (what, &placed, &path, error);
}

gboolean
fg_firmware_save (const char *path, GBytes *bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (g_file_set_contents_full (path, data != NULL ? data : "", (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                &cause))
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_FILE, "%s", cause->message);
  return FALSE;
}
