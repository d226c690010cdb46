/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-bundle-archive.h"

#include "fg-error.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define CHUNK 65536u

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

static void
entry_free (gpointer data)
{
  FgArchiveEntry *self = data;

  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static gboolean
starts_with (GBytes *bytes, const char *magic, gsize n)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  return len >= n && memcmp (data, magic, n) == 0;
}

/** fg_archive_is_zip: whether @bytes begin like a zip archive */
gboolean
fg_archive_is_zip (GBytes *bytes)
{
  return starts_with (bytes, "PK\003\004", 4) || starts_with (bytes, "PK\005\006", 4);
}

/** fg_archive_is_gzip: whether @bytes begin like a gzip file */
gboolean
fg_archive_is_gzip (GBytes *bytes)
{
  return starts_with (bytes, "\x1f\x8b\x08", 3);
}

static void
refuse_size (GError **error, const char *name)
{
  g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
               "%s unpacks to more than %u MB: no firmware is that large", name,
               FG_ARCHIVE_LIMIT / (1024 * 1024));
}

static void
refuse_zip (GError **error, Archive *archive, const char *where)
{
  const char *why = archive_error_string (archive);

  g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "%s is damaged or incomplete: %s", where,
               why != NULL ? why : "it cannot be read");
}

/* The data of the entry that was announced. @left: (inout): bytes that may still come. */
static GBytes *
read_entry (Archive *archive, const char *name, gsize *left, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  la_ssize_t n;

  while ((n = archive_read_data (archive, chunk, CHUNK)) > 0) {
    if ((gsize) n > *left) {
      refuse_size (error, name);
      return NULL;
    }
    *left -= (gsize) n;
    g_byte_array_append (data, chunk, (guint) n);
  }
  if (n < 0) { /* also a wrong CRC, which libarchive thinks of as a warning */
    refuse_zip (error, archive, name);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

static char *
dup_name (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  if (name == NULL)
    name = archive_entry_pathname (entry);
  return name != NULL ? g_utf8_make_valid (name, -1) : g_strdup ("?");
}

static gboolean
take_entry (
    Archive *archive, struct archive_entry *header, GPtrArray *entries, gsize *left, GError **error)
{
  g_autofree char *name = dup_name (header);
  g_autoptr (GBytes) bytes = NULL;
  FgArchiveEntry *entry;

  if (archive_entry_filetype (header) != AE_IFREG)
    return TRUE;
  if (archive_entry_is_encrypted (header) != 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "%s is protected by a password: unpack the archive first", name);
    return FALSE;
  }
  if (archive_entry_size_is_set (header) && archive_entry_size (header) > (la_int64_t) *left) {
    refuse_size (error, name);
    return FALSE;
  }
  bytes = read_entry (archive, name, left, error);
  if (bytes == NULL)
    return FALSE;
  entry = g_new0 (FgArchiveEntry, 1);
  entry->name = g_steal_pointer (&name);
  entry->bytes = g_steal_pointer (&bytes);
  g_ptr_array_add (entries, entry);
  return TRUE;
}

/**
 * fg_archive_read_zip:
 *
 * Returns: (transfer full) (element-type FgArchiveEntry): the files, without the folders; %NULL
 *   with %FG_ERROR_FILE_KIND or %FG_ERROR_TOO_LARGE set, which name the entry
 */
GPtrArray *
fg_archive_read_zip (GBytes *bytes, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  struct archive_entry *header;
  gsize left = FG_ARCHIVE_LIMIT;
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);
  int status;

  archive_read_support_format_zip (archive);
  if (archive_read_open_memory (archive, data, len) != ARCHIVE_OK) {
    refuse_zip (error, archive, "the zip archive");
    return NULL;
  }
  while ((status = archive_read_next_header (archive, &header)) == ARCHIVE_OK
         || status == ARCHIVE_WARN) {
    if (entries->len >= FG_ARCHIVE_MAX_ENTRIES) {
      g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
                   "the zip archive holds more than %u files: it is no firmware",
                   FG_ARCHIVE_MAX_ENTRIES);
      return NULL;
    }
    if (!take_entry (archive, header, entries, &left, error))
      return NULL;
  }
  if (status != ARCHIVE_EOF) {
    refuse_zip (error, archive, "the zip archive");
    return NULL;
  }
  return g_steal_pointer (&entries);
}

/**
 * fg_archive_read_gzip:
 *
 * Returns: (transfer full): the unpacked bytes; %NULL with %FG_ERROR_FILE_KIND or
 *   %FG_ERROR_TOO_LARGE set
 */
GBytes *
fg_archive_read_gzip (GBytes *bytes, GError **error)
{
  g_autoptr (GConverter) gzip =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GInputStream) packed = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (packed, gzip);
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  g_autoptr (GError) cause = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, CHUNK, NULL, &cause)) > 0) {
    if (data->len + (gsize) n > FG_ARCHIVE_LIMIT) {
      refuse_size (error, "the gzip file");
      return NULL;
    }
    g_byte_array_append (data, chunk, (guint) n);
  }
  if (n < 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "the gzip file is damaged or incomplete after %u bytes: %s", data->len,
                 cause->message);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}
