/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-read.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>
#include <zlib.h>

#define HEAD 8             /* offset and length before the contents */
#define PACKED 0x80000000u /* in the length */
#define FLAG_PACKED 1u     /* in the request */

/* In one request: blank sectors come without a word for so long. */
#define SECTORS_AT_ONCE 64u
#define SECTOR_MS 4 /* of the chip's time, generously: src/stub/README.md says 2 */
#define SILENCE_US 400000
#define TRIES 5

typedef struct {
  FgStub *stub;
  guint32 start, end; /* what is read: in whole words */
  guint32 offset, length;
  guint8 *buf;  /* (unowned) of @length bytes, from @offset */
  guint8 *have; /* (owned) a flag for each sector from that of @start */
  guint64 done; /* bytes that have arrived */
  z_stream zip; /* for one answer at a time */
  FgStubProgress progress;
  gpointer data;
} Reader;

static guint32
sector_of (const Reader *self, guint32 address)
{
  return address / FG_SECTOR_SIZE - self->start / FG_SECTOR_SIZE;
}

static guint32
n_sectors (const Reader *self)
{
  return sector_of (self, self->end - 1) + 1;
}

/* Where the part of a sector that is wanted begins; of the sector after the last: `end`. */
static guint32
address_of (const Reader *self, guint32 sector)
{
  guint32 address = (self->start / FG_SECTOR_SIZE + sector) * FG_SECTOR_SIZE;

  return CLAMP (address, self->start, self->end);
}

/* The part of a sector, or FF without @bytes, to where it belongs: the ends may be cut. */
static void
store (Reader *self, guint32 sector, const guint8 *bytes)
{
  guint32 address = address_of (self, sector);
  guint32 from = MAX (address, self->offset);
  guint32 to = MIN (address_of (self, sector + 1), self->offset + self->length);

  if (self->have[sector])
    return;
  self->have[sector] = TRUE;
  if (bytes != NULL)
    memcpy (self->buf + (from - self->offset), bytes + (from - address), to - from);
  else
    memset (self->buf + (from - self->offset), 0xff, to - from);
  self->done += to - from;
}

/* Exactly @len bytes from a raw deflate stream. */
static gboolean
unpack (Reader *self, const guint8 *packed, gsize packed_len, guint8 *bytes, guint32 len)
{
  z_stream *zip = &self->zip;

  inflateReset (zip);
  zip->next_in = (Bytef *) packed;
  zip->avail_in = (uInt) packed_len;
  zip->next_out = bytes;
  zip->avail_out = len;
  return inflate (zip, Z_FINISH) == Z_STREAM_END && zip->avail_out == 0;
}

/* Takes contents that are of whole sectors, or of what is wanted of them: nothing else comes. */
static gboolean
take_contents (Reader *self, const FgStubReply *reply)
{
  guint32 address = fg_get_u32 (reply->data), len = fg_get_u32 (reply->data + 4) & ~PACKED;
  gboolean packed = (fg_get_u32 (reply->data + 4) & PACKED) != 0;
  const guint8 *bytes = reply->data + HEAD;
  gsize n = reply->len - HEAD;
  guint8 unpacked[FG_SECTOR_SIZE];
  guint32 first, last;

  if (address < self->start || len == 0 || len > self->end - address)
    return FALSE;
  first = sector_of (self, address);
  last = sector_of (self, address + len - 1);
  if (address != address_of (self, first) || address + len != address_of (self, last + 1))
    return FALSE;
  if (n == 0 && !packed) {
    for (guint32 i = first; i <= last; i++)
      store (self, i, NULL);
  } else if (first == last) {
    if (packed && !unpack (self, bytes, n, unpacked, len))
      return FALSE;
    if (!packed && n != len)
      return FALSE;
    store (self, first, packed ? unpacked : bytes);
  } else {
    return FALSE;
  }
  if (self->progress != NULL)
    self->progress (address + len, self->done, self->data);
  return TRUE;
}

/* What is missing first: FALSE when nothing is. */
static gboolean
find_gap (const Reader *self, guint32 *first, guint32 *last)
{
  guint32 n = n_sectors (self), i = *first;

  while (i < n && self->have[i])
    i++;
  if (i == n)
    return FALSE;
  *first = *last = i;
  while (*last + 1 < n && !self->have[*last + 1] && *last + 1 < *first + SECTORS_AT_ONCE)
    (*last)++;
  return TRUE;
}

static gboolean
ask (Reader *self, guint32 address, guint32 end, GError **error)
{
  gboolean packed = (self->stub->features & FG_STUB_FEATURE_READ_PACKED) != 0;
  guint8 data[12];

  fg_put_u32 (data, address);
  fg_put_u32 (data + 4, end - address);
  fg_put_u32 (data + 8, FLAG_PACKED);
  fg_stub_build (self->stub, FG_STUB_OP_READ, data, packed ? 12 : 8);
  return fg_loader_send (self->stub->loader, error);
}

/* How long the stub may be silent with sectors @next to @last to come. */
static gint64
silence_us (const Reader *self, guint32 next, guint32 last)
{
  return SILENCE_US + (gint64) (last + 1 - MIN (next, last)) * SECTOR_MS * 1000
         + 2 * (gint64) fg_stub_line_us (self->stub, FG_SECTOR_SIZE);
}

/* Reads sectors @first to @last, as far as they come. */
static gboolean
read_gap (Reader *self, guint32 first, guint32 last, GError **error)
{
  guint32 address = address_of (self, first), end = address_of (self, last + 1);
  guint32 next = first;

  if (!ask (self, address, end, error))
    return FALSE;
  while (!self->have[last]) {
    gint64 deadline_us = g_get_monotonic_time () + silence_us (self, next, last);
    g_autoptr (GError) failure = NULL;
    FgStubReply reply;

    if (!fg_stub_receive (self->stub, FG_STUB_OP_READ, deadline_us, &reply, &failure)) {
      if (g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT))
        return TRUE; /* whoever asked sees what is missing */
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (reply.status == FG_STUB_STATUS_BAD_CHECKSUM || reply.status == FG_STUB_STATUS_BAD_LENGTH)
      return TRUE;
    if (reply.status != 0) {
      if (reply.len >= 4)
        address = fg_get_u32 (reply.data);
      fg_stub_set_failure (reply.status, address, "reading", FG_ERROR_RANGE, error);
      return FALSE;
    }
    if (reply.len < HEAD)
      continue;
    if (fg_get_u32 (reply.data + 4) == 0) {
      guint32 until = fg_get_u32 (reply.data);

      /* the end of an earlier reading may still come in, and lies at or before our start */
      if (until > address && until <= end)
        return TRUE;
    } else if (take_contents (self, &reply)) {
      next = sector_of (self, fg_get_u32 (reply.data)) + 1;
    }
  }
  return TRUE;
}

static gboolean
read_all (Reader *self, GError **error)
{
  guint32 first, last;
  guint tries = 0;

  do {
    for (first = last = 0; find_gap (self, &first, &last); first = last + 1) {
      guint64 before = self->done;

      if (!read_gap (self, first, last, error))
        return FALSE;
      tries = self->done > before ? 0 : tries + 1;
      if (tries == TRIES) {
        g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT,
                     "reading at 0x%06x: the stub stopped answering", address_of (self, first));
        return FALSE;
      }
    }
    first = 0;
  } while (find_gap (self, &first, &last));
  return TRUE;
}

/* Any byte ends a reading that goes on; a spare delimiter does no harm. */
static void
stop_reading (Reader *self)
{
  static const guint8 delimiter = 0xc0;

  fg_transport_write (self->stub->loader->wire, &delimiter, 1, NULL);
}

/**
 * fg_stub_read:
 * @self: asked, with %FG_STUB_FEATURE_READ
 * @length: bytes, at least 1
 * @buf: (out) (array length=length)
 * @progress: (nullable): called as sectors arrive, in no particular order when some got lost
 *
 * Reads flash; sectors that are blank take no time on the line, and packed answers less of it.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT, %FG_ERROR_RANGE, %FG_ERROR_REJECTED or the transport's
 *   error set
 */
gboolean
fg_stub_read (FgStub *self,
              guint32 offset,
              guint32 length,
              guint8 *buf,
              FgStubProgress progress,
              gpointer data,
              GError **error)
{
  Reader reader = {
    .stub = self,
    .start = offset & ~3u,
    .end = (offset + length + 3) & ~3u,
    .offset = offset,
    .length = length,
    .buf = buf,
    .progress = progress,
    .data = data,
  };
  gboolean ok;

  g_return_val_if_fail (length > 0, FALSE);
  g_return_val_if_fail (inflateInit2 (&reader.zip, -MAX_WBITS) == Z_OK, FALSE);
  reader.have = g_new0 (guint8, n_sectors (&reader));
  ok = read_all (&reader, error);
  if (!ok)
    stop_reading (&reader);
  inflateEnd (&reader.zip);
  g_free (reader.have);
  return ok;
}
