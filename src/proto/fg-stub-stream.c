/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-stream.h"

#include "fg-progress.h"

#include <zlib.h>

#define LEVEL 6
#define SCRATCH 32768

/* Takes the digests of what is written at once and of what is held back. */
static void
take_digests (FgStubStream *self, const FgStubRun *runs, guint n_runs)
{
  guint32 held = self->flags & FG_STUB_HOLD ? MIN (FG_SECTOR_SIZE, runs[0].length) : 0;
  uLong rest = crc32 (0, runs[0].data + held, runs[0].length - held);

  for (guint i = 1; i < n_runs; i++)
    rest = crc32 (rest, runs[i].data, runs[i].length);
  self->digest_rest = (guint32) rest;
  self->digest_held = held > 0 ? (guint32) crc32 (0, runs[0].data, held) : 0;
}

/* All runs as one zlib stream. */
static GByteArray *
pack (const FgStubRun *runs, guint n_runs, guint32 total)
{
  z_stream zip = { 0 };
  GByteArray *out;

  g_return_val_if_fail (deflateInit (&zip, LEVEL) == Z_OK, NULL);
  out = g_byte_array_new ();
  g_byte_array_set_size (out, (guint) deflateBound (&zip, total));
  zip.next_out = out->data;
  zip.avail_out = out->len;
  for (guint i = 0; i < n_runs; i++) {
    zip.next_in = (Bytef *) runs[i].data;
    zip.avail_in = runs[i].length;
    deflate (&zip, i + 1 < n_runs ? Z_NO_FLUSH : Z_FINISH);
  }
  g_byte_array_set_size (out, (guint) zip.total_out);
  deflateEnd (&zip);
  return out;
}

static GByteArray *
join (const FgStubRun *runs, guint n_runs, guint32 total)
{
  GByteArray *out = g_byte_array_sized_new (total);

  for (guint i = 0; i < n_runs; i++)
    g_byte_array_append (out, runs[i].data, runs[i].length);
  return out;
}

/* Unpacks the packets one by one, to learn how far each of them gets. */
static void
find_packed_positions (FgStubStream *self)
{
  g_autofree guint8 *scratch = g_malloc (SCRATCH);
  z_stream zip = { 0 };

  inflateInit (&zip);
  for (guint i = 0; i < self->n_packets; i++) {
    guint32 position;
    gsize len;

    zip.next_in = (Bytef *) fg_stub_stream_get_packet (self, i, &len);
    zip.avail_in = (uInt) len;
    do {
      zip.next_out = scratch;
      zip.avail_out = SCRATCH;
      inflate (&zip, Z_NO_FLUSH);
    } while (zip.avail_out == 0);
    position = (guint32) zip.total_out;
    g_array_append_val (self->positions, position);
  }
  inflateEnd (&zip);
}

static void
find_positions (FgStubStream *self)
{
  if (self->flags & FG_STUB_PACKED) {
    find_packed_positions (self);
    return;
  }
  for (guint i = 0; i < self->n_packets; i++) {
    guint32 position = MIN ((i + 1) * self->packet_size, self->total);

    g_array_append_val (self->positions, position);
  }
}

/**
 * fg_stub_stream_new:
 * @runs: in ascending order; no two share a sector
 * @n_runs: at least 1, at most what the stub takes in a stream
 * @flags: %FG_STUB_PACKED is dropped when the data do not get shorter
 * @packet_size: bytes, 64 to 2048 and a multiple of 4
 *
 * Returns: (transfer full)
 */
FgStubStream *
fg_stub_stream_new (const FgStubRun *runs, guint n_runs, FgStubFlags flags, guint packet_size)
{
  FgStubStream *self;

  g_return_val_if_fail (n_runs > 0 && packet_size >= 64 && packet_size % 4 == 0, NULL);
  self = g_new0 (FgStubStream, 1);
  self->flags = flags;
  self->packet_size = packet_size;
  self->runs = g_array_new (FALSE, FALSE, sizeof (FgStubRun));
  self->positions = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < n_runs; i++) {
    FgStubRun run = { runs[i].offset, runs[i].length, NULL };

    g_array_append_val (self->runs, run);
    self->total += run.length;
  }
  take_digests (self, runs, n_runs);
  if (flags & FG_STUB_PACKED) {
    self->bytes = pack (runs, n_runs, self->total);
    if (self->bytes->len >= self->total) {
      g_clear_pointer (&self->bytes, g_byte_array_unref);
      self->flags &= ~FG_STUB_PACKED;
    }
  }
  if (self->bytes == NULL)
    self->bytes = join (runs, n_runs, self->total);
  self->n_packets = (self->bytes->len + packet_size - 1) / packet_size;
  find_positions (self);
  return self;
}

/** fg_stub_stream_free: @self: (nullable) (transfer full) */
void
fg_stub_stream_free (FgStubStream *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->runs);
  g_array_unref (self->positions);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

/** fg_stub_stream_get_packet: Returns: (transfer none): the payload of packet @packet */
const guint8 *
fg_stub_stream_get_packet (const FgStubStream *self, guint packet, gsize *len)
{
  guint at = packet * self->packet_size;

  *len = MIN (self->packet_size, self->bytes->len - at);
  return self->bytes->data + at;
}

/** fg_stub_stream_get_address: Returns: where on the flash byte @position of the runs goes */
guint32
fg_stub_stream_get_address (const FgStubStream *self, guint32 position)
{
  const FgStubRun *runs = (const FgStubRun *) (gpointer) self->runs->data;
  guint i = 0;

  while (i + 1 < self->runs->len && position >= runs[i].length)
    position -= runs[i++].length;
  return runs[i].offset + position;
}
