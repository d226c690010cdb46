/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Writing through a ROM of the ESP32 family. Its FLASH_BEGIN erases what will be written, and its
 * inflater saves the line what can be saved. A stub of the standard kind erases as data come, and
 * tells errors late.
 */

#include "fg-family.h"

#include "fg-baud.h"
#include "fg-erase.h"
#include "fg-error.h"
#include "fg-rom.h"

#include <zlib.h>

/* One BEGIN: what has to be sent again after a fault, and how long a BEGIN lets nobody speak. */
#define PIECE_MAX (256u * 1024)
#define PIECE_MAX_STUB (64u * 1024) /* it erases as it goes, so small ones cost nothing */
/* These ROMs take up to 0x1800 (PROTOCOL-FACTS 17); a whole sector leaves room. */
#define BLOCK 0x1000u
#define BLOCK_USB_OTG 0x800u /* esptool targets/esp32s2.py, USB_RAM_BLOCK */
#define TRIES_PER_PIECE 4
#define STUB_LEAST_MS 2000u
#define STUB_ERASED_BYTES_PER_MS 25u /* esptool loader.py, ERASE_WRITE_TIMEOUT_PER_MB */
#define LEAST_MS 1000u
/* A page of 256 bytes takes 3 ms at most: Winbond W25Q32 data sheet. */
#define PROGRAMMED_BYTES_PER_MS 85u
/* Typical of programs: what deflate leaves. */
#define TYPICAL_SHARE 0.6
#define PROGRAM_SECONDS_PER_BYTE (0.0004 / 256)

/* Sectors that lie side by side, with one BEGIN. */
typedef struct {
  FgSession *session; /* (unowned) */
  FgSectors *sectors; /* (unowned) */
  guint first, n;     /* sectors */
  guint32 length;     /* bytes */
  const guint8 *data; /* (unowned) */
  gsize data_len;     /* bytes on the wire */
  gboolean packed;
  guint64 done; /* bytes of the phase before this piece */
} Piece;

/** fg_family_line_rate: Returns: bytes/s that the line carries */
double
fg_family_line_rate (const FgSession *session)
{
  guint baud =
      fg_transport_has_baud (session->loader.wire) ? session->loader.baud : FG_BAUD_CONNECT;

  return baud / 10.0;
}

/** fg_family_write_seconds: Returns: how long @bytes are expected to take, erasing included */
double
fg_family_write_seconds (const FgSession *session, double bytes)
{
  return fg_erase_seconds (bytes)
         + bytes * (TYPICAL_SHARE / fg_family_line_rate (session) + PROGRAM_SECONDS_PER_BYTE);
}

static guint
block_size (const Piece *self)
{
  return fg_transport_kind (self->session->loader.wire) == FG_WIRE_USB_OTG ? BLOCK_USB_OTG : BLOCK;
}

static void
advance (Piece *self, gsize sent)
{
  guint64 share = (guint64) self->length * sent / self->data_len;
  guint32 start = fg_sectors_at (self->sectors, self->first)->address;

  fg_meter_update (&self->session->meter, self->done + share, start + (guint32) share);
}

/* On the line, and programming twice as much as the block's share: some of it shrinks better. */
static guint
block_timeout_ms (const Piece *self)
{
  guint64 share = (guint64) self->length * block_size (self) / self->data_len;
  guint64 programmed = MIN (2 * share, self->length);
  double line_seconds = block_size (self) / fg_family_line_rate (self->session);

  return LEAST_MS + (guint) (programmed / PROGRAMMED_BYTES_PER_MS) + (guint) (line_seconds * 1000);
}

/* A stub answers before it erases and writes, and what one block unpacks to may be many. */
static guint
stub_timeout_ms (const Piece *self)
{
  return block_timeout_ms (self) + STUB_LEAST_MS + self->length / STUB_ERASED_BYTES_PER_MS;
}

static gboolean
send_once (Piece *self, GError **error)
{
  FgLoader *loader = &self->session->loader;
  guint32 start = fg_sectors_at (self->sectors, self->first)->address;
  guint block = block_size (self);
  guint timeout_ms = loader->foreign_stub ? stub_timeout_ms (self) : block_timeout_ms (self);
  guint32 seq = 0;

  if (!fg_rom_begin (loader, self->session->board->chip, self->packed, self->length,
                     (guint32) ((self->data_len + block - 1) / block), block, start, error))
    return FALSE;
  fg_sectors_mark (self->sectors, self->first, self->n, FG_SECTOR_ERASED);
  for (gsize at = 0; at < self->data_len; at += block) {
    gsize len = MIN (block, self->data_len - at);

    if (g_cancellable_set_error_if_cancelled (loader->cancellable, error)
        || !fg_rom_data (loader, self->packed, seq++, self->data + at, len, timeout_ms, error))
      return FALSE;
    advance (self, at + len);
  }
  if (loader->foreign_stub && !fg_rom_end (loader, self->packed, timeout_ms, error))
    return FALSE;
  fg_sectors_mark (self->sectors, self->first, self->n, FG_SECTOR_WRITTEN);
  return TRUE;
}

/* A ROM counts a bad block, so it cannot be sent again: the piece is begun anew. */
static gboolean
send_piece (Piece *self, GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (send_once (self, &failure))
      return TRUE;
    fg_sectors_mark (self->sectors, self->first, self->n, FG_SECTOR_PLANNED);
    if (failure->domain == FG_ERROR)
      g_prefix_error (&failure,
                      "writing at 0x%X: ", fg_sectors_at (self->sectors, self->first)->address);
    if (i == TRIES_PER_PIECE) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (self->session, failure, error))
      return FALSE;
  }
}

/* Deflated only where that is shorter. Secure download mode knows plain data alone. */
static gboolean
write_piece (FgSession *session, FgSectors *sectors, guint first, guint n, GError **error)
{
  const FgSector *sector = fg_sectors_at (sectors, first);
  Piece self = { .session = session, .sectors = sectors, .first = first, .n = n };
  g_autofree guint8 *packed = NULL;
  uLongf packed_len;

  self.length = n * FG_SECTOR_SIZE;
  self.done = session->meter.now.done;
  self.data = sector->data;
  self.data_len = self.length;
  packed_len = compressBound (self.length);
  packed = g_malloc (packed_len);
  if (!session->board->security.secure_download
      && compress2 (packed, &packed_len, sector->data, self.length, Z_BEST_COMPRESSION) == Z_OK
      && packed_len < self.length) {
    self.packed = TRUE;
    self.data = packed;
    self.data_len = packed_len;
  }
  return send_piece (&self, error);
}

/* How many sectors from @first on go into one piece: side by side, to the next border. */
static guint
piece_at (const FgSectors *sectors, guint first, guint piece_max)
{
  guint32 address = fg_sectors_at (sectors, first)->address;
  guint to_border = (piece_max - address % piece_max) / FG_SECTOR_SIZE;
  guint planned = fg_sectors_run (sectors, first, FG_SECTOR_PLANNED, to_border);

  return planned > 0 ? planned : fg_sectors_run (sectors, first, FG_SECTOR_ERASED, to_border);
}

/**
 * fg_family_write:
 *
 * Planned and erased sectors are written then. Those that were erased before and shall be blank are
 * left alone.
 */
gboolean
fg_family_write (FgSession *session, FgSectors *sectors, GError **error)
{
  guint n =
      fg_sectors_count (sectors, FG_SECTOR_PLANNED) + fg_sectors_count (sectors, FG_SECTOR_ERASED);

  fg_meter_enter (&session->meter, FG_PHASE_WRITE, (guint64) n * FG_SECTOR_SIZE);
  for (guint i = 0; i < sectors->list->len;) {
    const FgSector *sector = fg_sectors_at (sectors, i);
    guint piece = 1;

    if (sector->state == FG_SECTOR_ERASED && fg_sector_is_blank (sector)) {
      fg_sectors_mark (sectors, i, 1, FG_SECTOR_WRITTEN);
      fg_meter_advance (&session->meter, FG_SECTOR_SIZE, sector->address);
    } else if (sector->state == FG_SECTOR_PLANNED || sector->state == FG_SECTOR_ERASED) {
      piece = piece_at (sectors, i, session->loader.foreign_stub ? PIECE_MAX_STUB : PIECE_MAX);
      if (!write_piece (session, sectors, i, piece, error))
        return FALSE;
    }
    i += piece;
  }
  return TRUE;
}
