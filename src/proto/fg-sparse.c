/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sparse.h"

#include "fg-error.h"

#define SECTOR 4096u
#define MAX_PIECES 256u /* a real file has a handful */

static void
piece_free (gpointer data)
{
  FgPiece *piece = data;

  g_byte_array_unref (piece->bytes);
  g_free (piece);
}

/** fg_sparse_new: Returns: (transfer full) (element-type FgPiece): nothing anywhere */
GPtrArray *
fg_sparse_new (void)
{
  return g_ptr_array_new_with_free_func (piece_free);
}

/** fg_sparse_add: bytes that follow the last ones make one piece with them */
void
fg_sparse_add (GPtrArray *self, guint32 address, const guint8 *data, guint len)
{
  FgPiece *piece = self->len > 0 ? self->pdata[self->len - 1] : NULL;

  if (len == 0)
    return;
  if (piece == NULL || (guint64) piece->address + piece->bytes->len != address) {
    piece = g_new0 (FgPiece, 1);
    piece->address = address;
    piece->bytes = g_byte_array_new ();
    g_ptr_array_add (self, piece);
  }
  g_byte_array_append (piece->bytes, data, len);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const FgPiece *const *x = a;
  const FgPiece *const *y = b;

  return (*x)->address < (*y)->address ? -1 : (*x)->address > (*y)->address;
}

/* Flash is written by sectors: what is in one sector is one piece, with FF between. */
static void
fill_to (GPtrArray *joined, guint32 address)
{
  static const guint8 blank[SECTOR] = { [0 ... SECTOR - 1] = 0xff };
  const FgPiece *last = joined->len > 0 ? joined->pdata[joined->len - 1] : NULL;
  guint32 from = address / SECTOR * SECTOR;

  if (last != NULL && last->address + last->bytes->len > from)
    from = last->address + last->bytes->len;
  fg_sparse_add (joined, from, blank, address - from);
}

/**
 * fg_sparse_finish:
 *
 * Sorts the pieces by address, lets them begin at a sector and joins those that share one.
 *
 * Returns: %FALSE with %FG_ERROR_FILE_KIND set when there is nothing, something twice, or more
 *   pieces than a firmware can have
 */
gboolean
fg_sparse_finish (GPtrArray *self, GError **error)
{
  g_autoptr (GPtrArray) joined = fg_sparse_new ();

  g_ptr_array_sort (self, compare);
  for (guint i = 0; i < self->len; i++) {
    const FgPiece *piece = self->pdata[i];
    const FgPiece *last = joined->len > 0 ? joined->pdata[joined->len - 1] : NULL;

    if (last != NULL && (guint64) last->address + last->bytes->len > piece->address) {
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the file has data for 0x%X twice",
                   piece->address);
      return FALSE;
    }
    fill_to (joined, piece->address);
    fg_sparse_add (joined, piece->address, piece->bytes->data, piece->bytes->len);
  }
  if (joined->len == 0 || joined->len > MAX_PIECES) {
    if (joined->len == 0)
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the file holds no data");
    else
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                   "the file is scattered over %u places, at most %u: it is no firmware",
                   joined->len, MAX_PIECES);
    return FALSE;
  }
  g_ptr_array_set_size (self, 0);
  g_ptr_array_extend_and_steal (self, g_steal_pointer (&joined));
  return TRUE;
}
