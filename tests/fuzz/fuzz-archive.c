/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-bundle-archive.h"

/* Either a reason, or no more than was promised. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) zip_error = NULL;
  g_autoptr (GError) gzip_error = NULL;
  g_autoptr (GPtrArray) entries = fg_archive_read_zip (bytes, &zip_error);
  g_autoptr (GBytes) unpacked = fg_archive_read_gzip (bytes, &gzip_error);
  gsize total = 0;

  g_assert_true ((entries == NULL) == (zip_error != NULL));
  g_assert_true ((unpacked == NULL) == (gzip_error != NULL));
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const FgArchiveEntry *entry = entries->pdata[i];

    g_assert_true (g_utf8_validate (entry->name, -1, NULL));
    total += g_bytes_get_size (entry->bytes);
  }
  g_assert_cmpuint (total, <=, FG_ARCHIVE_LIMIT);
  g_assert_true (unpacked == NULL || g_bytes_get_size (unpacked) <= FG_ARCHIVE_LIMIT);
  return 0;
}
