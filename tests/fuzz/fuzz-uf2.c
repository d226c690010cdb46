/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-uf2.h"

static void
read_for (const uint8_t *data, size_t size, const FgChip *chip)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pieces = fg_uf2_read (data, size, &chip, &error);

  g_assert_true ((pieces == NULL) == (error != NULL));
  g_assert_true (pieces == NULL || chip != NULL);
  for (guint i = 0; pieces != NULL && i < pieces->len; i++) {
    const FgPiece *piece = pieces->pdata[i];

    g_assert_cmpuint ((guint64) piece->address + piece->bytes->len, <=, FG_SPARSE_LIMIT);
  }
}

/* Either a reason, or pieces; for the file's own chip, and for one that a board has. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (!fg_uf2_is (data, size))
    return 0;
  read_for (data, size, NULL);
  read_for (data, size, fg_chip_get (FG_CHIP_ESP32));
  return 0;
}
