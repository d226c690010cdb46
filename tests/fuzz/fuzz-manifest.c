/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-bundle-manifest.h"

static void
read_for (GBytes *bytes, const FgChip *chip)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgManifest) manifest = fg_manifest_read (bytes, chip, &error);

  g_assert_true ((manifest == NULL) == (error != NULL));
  for (guint i = 0; manifest != NULL && i < manifest->parts->len; i++) {
    const FgManifestPart *part = manifest->parts->pdata[i];
    g_auto (GStrv) names = g_strsplit (part->path, "/", -1);

    g_assert_true (part->path[0] != '/' && part->path[0] != '\0');
    g_assert_false (g_strv_contains ((const char *const *) names, ".."));
  }
}

/* Whatever the text is, no path that comes out of it leaves the folder. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  fg_manifest_is (bytes);
  read_for (bytes, NULL);
  read_for (bytes, fg_chip_get (FG_CHIP_ESP32));
  return 0;
}
