/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-intel-hex.h"

/* Either a reason, or pieces in order that begin at sectors and do not touch. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pieces = NULL;
  guint64 end = 0;

  fg_intel_hex_is (data, size);
  pieces = fg_intel_hex_read (data, size, &error);
  g_assert_true ((pieces == NULL) == (error != NULL));
  for (guint i = 0; pieces != NULL && i < pieces->len; i++) {
    const FgPiece *piece = pieces->pdata[i];

    g_assert_cmpuint (piece->address % 4096, ==, 0);
    g_assert_true (i == 0 || piece->address >= end);
    end = (guint64) piece->address + piece->bytes->len;
    g_assert_cmpuint (end, <=, FG_SPARSE_LIMIT);
  }
  return 0;
}
