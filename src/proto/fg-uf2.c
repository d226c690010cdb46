/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-uf2.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>

/* github.com/microsoft/uf2, README.md. */
#define BLOCK_LEN 512u
#define MAGIC_1 0x0a324655u
#define MAGIC_2 0x9e5d5157u
#define MAGIC_END 0x0ab16f30u
#define DATA_AT 32
#define DATA_MAX 476u
#define MAGIC_END_AT 508
#define FLAG_NOT_FLASH 0x00000001u
#define FLAG_FILES 0x00001000u
#define FLAG_FAMILY 0x00002000u
#define PAYLOAD 256u /* in the blocks we write, as everybody does */

/** fg_uf2_is: whether it begins like one */
gboolean
fg_uf2_is (const guint8 *data, gsize len)
{
  return len >= 8 && fg_get_u32 (data) == MAGIC_1 && fg_get_u32 (data + 4) == MAGIC_2;
}

static const FgChip *
chip_of_family (guint32 family)
{
  for (int id = 0; id < FG_N_CHIPS; id++)
    if (fg_chip_get (id)->uf2_family == family && family != 0)
      return fg_chip_get (id);
  return NULL;
}

static gboolean
refuse (GError **error, gsize block, const char *what)
{
  g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
               "block %" G_GSIZE_FORMAT " of the UF2 file (at 0x%" G_GSIZE_MODIFIER "X) %s", block,
               block * BLOCK_LEN, what);
  return FALSE;
}

static gboolean
check_block (const guint8 *p, gsize block, GError **error)
{
  if (!fg_uf2_is (p, BLOCK_LEN) || fg_get_u32 (p + MAGIC_END_AT) != MAGIC_END)
    return refuse (error, block, "has wrong magic numbers: the file is damaged");
  if (fg_get_u32 (p + 16) > DATA_MAX)
    return refuse (error, block, "says that it holds more than it can: the file is damaged");
  if ((guint64) fg_get_u32 (p + 12) + fg_get_u32 (p + 16) > FG_SPARSE_LIMIT)
    return refuse (error, block, "is for an address where no flash is");
  if (fg_get_u32 (p + 20) >= fg_get_u32 (p + 24))
    return refuse (error, block, "has a number beyond the count of blocks: the file is damaged");
  return TRUE;
}

/* The only chip of the file; NULL with an error: several, or none that is known. */
static const FgChip *
find_chip (const guint8 *data, gsize len, GError **error)
{
  const FgChip *found = NULL;

  for (gsize pos = 0; pos + BLOCK_LEN <= len; pos += BLOCK_LEN) {
    guint32 flags = fg_get_u32 (data + pos + 8);
    const FgChip *chip = chip_of_family (fg_get_u32 (data + pos + 28));

    if ((flags & FLAG_FAMILY) == 0 || chip == NULL) {
      g_set_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP,
                   "the UF2 file is for a chip of another family (0x%08X), not for an ESP chip",
                   (flags & FLAG_FAMILY) != 0 ? fg_get_u32 (data + pos + 28) : 0);
      return NULL;
    }
    if (found != NULL && found != chip) {
      g_set_error (error, FG_ERROR, FG_ERROR_UNKNOWN_CHIP,
                   "the UF2 file is for the %s and for the %s: the board's chip must be known to "
                   "choose",
                   found->name, chip->name);
      return NULL;
    }
    found = chip;
  }
  return found;
}

/**
 * fg_uf2_read:
 * @chip: (inout): see the header
 *
 * Returns: (transfer full) (element-type FgPiece): what is where; %NULL with an error set:
 *   %FG_ERROR_FILE_KIND names the block, %FG_ERROR_WRONG_CHIP the family, %FG_ERROR_UNKNOWN_CHIP
 *   says that there are several and @chip was %NULL
 */
GPtrArray *
fg_uf2_read (const guint8 *data, gsize len, const FgChip **chip, GError **error)
{
  g_autoptr (GPtrArray) pieces = fg_sparse_new ();

  for (gsize pos = 0; pos + BLOCK_LEN <= len; pos += BLOCK_LEN)
    if (!check_block (data + pos, pos / BLOCK_LEN, error))
      return NULL;
  if (len % BLOCK_LEN != 0) {
    refuse (error, len / BLOCK_LEN, "is cut off: the file is incomplete");
    return NULL;
  }
  if (*chip == NULL && (*chip = find_chip (data, len, error)) == NULL)
    return NULL;
  for (gsize pos = 0; pos < len; pos += BLOCK_LEN) {
    guint32 flags = fg_get_u32 (data + pos + 8);

    if ((flags & (FLAG_NOT_FLASH | FLAG_FILES)) != 0 || (flags & FLAG_FAMILY) == 0
        || fg_get_u32 (data + pos + 28) != (*chip)->uf2_family)
      continue;
    fg_sparse_add (pieces, fg_get_u32 (data + pos + 12), data + pos + DATA_AT,
                   fg_get_u32 (data + pos + 16));
  }
  if (pieces->len == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP, "the UF2 file holds nothing for the %s",
                 (*chip)->name);
    return NULL;
  }
  return fg_sparse_finish (pieces, error) ? g_steal_pointer (&pieces) : NULL;
}

/** fg_uf2_write: adds @len bytes for @address to @file, the last block filled with FF */
void
fg_uf2_write (GByteArray *file, const FgChip *chip, guint32 address, const guint8 *data, gsize len)
{
  guint32 count = (guint32) ((len + PAYLOAD - 1) / PAYLOAD);

  for (guint32 i = 0; i < count; i++) {
    guint8 block[BLOCK_LEN] = { 0 };
    gsize done = (gsize) i * PAYLOAD;

    fg_put_u32 (block, MAGIC_1);
    fg_put_u32 (block + 4, MAGIC_2);
    fg_put_u32 (block + 8, FLAG_FAMILY);
    fg_put_u32 (block + 12, address + (guint32) done);
    fg_put_u32 (block + 16, PAYLOAD);
    fg_put_u32 (block + 20, i);
    fg_put_u32 (block + 24, count);
    fg_put_u32 (block + 28, chip->uf2_family);
    memset (block + DATA_AT, 0xff, PAYLOAD);
    memcpy (block + DATA_AT, data + done, MIN (PAYLOAD, len - done));
    fg_put_u32 (block + MAGIC_END_AT, MAGIC_END);
    g_byte_array_append (file, block, sizeof block);
  }
}
