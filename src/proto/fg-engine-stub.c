/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Our own stub: digests of sectors instead of reading them, one stream for all that changes, erased
 * and programmed while it arrives, and reading without acknowledgements.
 */

#include "fg-baud.h"
#include "fg-engine.h"
#include "fg-erase.h"
#include "fg-error.h"
#include "fg-stub-flash.h"
#include "fg-stub-read.h"
#include "fg-stub-write.h"
#include "fg-stub-upload.h"

#include <string.h>
#include <zlib.h>

/* Measured on the simulated board: digests of a sector, and how far firmware can be packed. */
#define DIGEST_SECONDS 0.002
#define PACKED_SHARE 0.7
#define SAMPLE_TRIES 3
#define DIGESTS_AT_ONCE 64u
#define STREAM_SECTORS 256u /* 1 MB: packed at once, during which nobody can cancel */
#define LEAVE_MS 60
#define CAREFUL_BAUD 230400u

/* W25Q32 data sheet, typical: 64 KB erased and programmed. */
#define WRITE_SECONDS_PER_BYTE ((0.150 + 256 * 0.0004) / 0x10000)

static FgStub *
stub_of (const FgSession *session)
{
  return session->engine_state;
}

/* The first bytes of the flash as the ROM reads them. */
static gboolean
read_sample (FgSession *session, guint8 sample[FG_SPI_CHUNK], GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (fg_spi_flash_read (&session->spi, 0, sample, FG_SPI_CHUNK, &failure))
      return fg_spi_flash_restore (&session->spi, error);
    if (i == SAMPLE_TRIES) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error))
      return FALSE;
  }
}

/* That it reads what the ROM reads. A wrong digest shows by itself: nothing is right by chance. */
static gboolean
test_itself (FgSession *session, const guint8 sample[FG_SPI_CHUNK], GError **error)
{
  guint8 buf[FG_SPI_CHUNK];

  if (!fg_stub_read (stub_of (session), 0, sizeof buf, buf, NULL, NULL, error))
    return FALSE;
  if (memcmp (buf, sample, sizeof buf) == 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY,
               "it does not read the start of the flash as the chip's own loader does");
  return FALSE;
}

/* A stub is loaded as fast as the ROM can take it, because nothing else can begin before; a board
 * that was in trouble, and a user who wants it slow, get what they want at once. */
static guint
loading_baud (const FgSession *session)
{
  gboolean careful = session->failed_engines > 0 || session->stepped_down || session->limited
                     || session->long_baud < CAREFUL_BAUD;

  return careful ? session->long_baud : MAX (session->long_baud, FG_BAUD_ROM_MAX);
}

/* @wanted may be a rate that only a stub can do, or less than it was loaded at. */
static gboolean
set_wanted_baud (FgSession *session, guint wanted, GError **error)
{
  guint now = session->loader.baud;

  if (!fg_transport_has_baud (session->loader.wire) || wanted == now
      || (wanted > now && now < FG_BAUD_ROM_MAX)) /* that much was found to be too fast */
    return TRUE;
  if (!fg_stub_set_baud (stub_of (session), now, wanted, error))
    return FALSE;
  session->meter.now.baud = wanted;
  session->long_baud = wanted;
  return TRUE;
}

static gboolean
start (FgSession *session, GError **error)
{
  g_autoptr (FgStubImage) image = fg_stub_image_new_esp8266 ();
  guint wanted = session->long_baud;
  guint8 sample[FG_SPI_CHUNK];

  session->long_baud = loading_baud (session);
  if (!fg_session_raise_baud (session, error) || !read_sample (session, sample, error)
      || !fg_stub_upload (&session->loader, image, error))
    return FALSE;
  session->engine_ran = TRUE;
  session->engine_state = g_new (FgStub, 1);
  session->engine_free = g_free;
  fg_stub_init (stub_of (session), &session->loader);
  if (!fg_stub_ask (stub_of (session), error) || !set_wanted_baud (session, wanted, error)
      || !test_itself (session, sample, error))
    return FALSE;
  fg_report_log (session->reporter, FG_LOG_INFO, "Fulgurite's stub runs, %u baud",
                 session->loader.baud);
  return TRUE;
}

static double
line_rate (const FgSession *session)
{
  guint baud =
      fg_transport_has_baud (session->loader.wire) ? session->loader.baud : FG_BAUD_CONNECT;

  return baud / 10.0;
}

static double
seconds (const FgSession *session, FgPhase phase, double bytes)
{
  switch (phase) {
  case FG_PHASE_COMPARE:
  case FG_PHASE_VERIFY:
    return bytes / FG_SECTOR_SIZE * DIGEST_SECONDS;
  case FG_PHASE_WRITE:
    return MAX (bytes * PACKED_SHARE / line_rate (session), bytes * WRITE_SECONDS_PER_BYTE);
  case FG_PHASE_READ:
    return bytes / line_rate (session);
  case FG_PHASE_ERASE: /* while it writes */
  case FG_PHASE_NONE:
  case FG_PHASE_CONNECT:
  case FG_PHASE_PREPARE:
  case FG_PHASE_RESTART:
  case FG_PHASE_BOOT:
  case FG_N_PHASES:
  default:
    return 0;
  }
}

/* Turns what is done so far in one call into progress of the phase. */
typedef struct {
  FgSession *session; /* (unowned) */
  guint64 done;       /* bytes of this call */
} Steps;

static void
on_progress (guint32 address, guint64 done, gpointer data)
{
  Steps *self = data;

  fg_meter_advance (&self->session->meter, done - self->done, address);
  self->done = done;
}

/* The first byte that is wrong in a sector whose digest is wrong; the sector when it reads right.
 */
static void
find_wrong_byte (FgSession *session, FgSectors *sectors, const FgSector *sector)
{
  guint8 buf[FG_SECTOR_SIZE];
  guint at = 0;

  sectors->wrong_at = sector->address;
  if (!fg_stub_read (stub_of (session), sector->address, sizeof buf, buf, NULL, NULL, NULL))
    return;
  while (at < sizeof buf && buf[at] == sector->data[at])
    at++;
  if (at < sizeof buf)
    sectors->wrong_at += at;
}

/* The digests of @n sectors from index @first on, which lie side by side. */
static gboolean
check_run (FgSession *session,
           FgSectors *sectors,
           guint first,
           guint n,
           FgSectorState right,
           FgSectorState wrong,
           GError **error)
{
  guint32 address = fg_sectors_at (sectors, first)->address;
  guint32 digests[DIGESTS_AT_ONCE];

  if (!fg_stub_digests (stub_of (session), address, n, digests, NULL, NULL, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    const FgSector *sector = fg_sectors_at (sectors, first + i);
    gboolean ok = (guint32) crc32 (0, sector->data, FG_SECTOR_SIZE) == digests[i];

    if (!ok && wrong == FG_SECTOR_FAILED && fg_sectors_count (sectors, wrong) == 0)
      find_wrong_byte (session, sectors, sector);
    if (sector->state != (ok ? right : wrong))
      fg_sectors_mark (sectors, first + i, 1, ok ? right : wrong);
  }
  fg_meter_advance (&session->meter, n * FG_SECTOR_SIZE, address);
  return TRUE;
}

static gboolean
compare (FgSession *session, FgSectors *sectors, GError **error)
{
  for (guint i = 0, n; i < sectors->list->len; i += MAX (n, 1)) {
    n = fg_sectors_run (sectors, i, FG_SECTOR_PLANNED, DIGESTS_AT_ONCE);
    if (n > 0 && !check_run (session, sectors, i, n, sectors->right, FG_SECTOR_PLANNED, error))
      return FALSE;
    session->meter.now.sectors_same = fg_sectors_count (sectors, FG_SECTOR_UNCHANGED);
  }
  return TRUE;
}

static gboolean
verify (FgSession *session, FgSectors *sectors, gboolean all, GError **error)
{
  for (guint i = 0, n; i < sectors->list->len; i += MAX (n, 1)) {
    n = fg_sectors_run (sectors, i, FG_SECTOR_WRITTEN, DIGESTS_AT_ONCE);
    if (n > 0 && !check_run (session, sectors, i, n, FG_SECTOR_VERIFIED, FG_SECTOR_FAILED, error))
      return FALSE;
    if (!all && fg_sectors_count (sectors, FG_SECTOR_FAILED) > 0)
      return TRUE;
  }
  return TRUE;
}

/* Runs of planned sectors from index *@first on, as many as fit into one stream; *@first is then
 * where the next stream begins. */
static GArray *
collect_runs (const FgSectors *sectors, guint *first, guint max)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (FgStubRun));
  guint room = STREAM_SECTORS;

  while (*first < sectors->list->len && runs->len < max && room > 0) {
    guint n = fg_sectors_run (sectors, *first, FG_SECTOR_PLANNED, room);
    const FgSector *sector = fg_sectors_at (sectors, *first);
    const FgStubRun run = { sector->address, n * FG_SECTOR_SIZE, sector->data };

    if (n > 0)
      g_array_append_val (runs, run);
    room -= n;
    *first += MAX (n, 1);
  }
  return runs;
}

static void
mark_all (FgSectors *sectors, guint first, guint end, FgSectorState from, FgSectorState to)
{
  for (guint i = first, n; i < end; i += MAX (n, 1)) {
    n = fg_sectors_run (sectors, i, from, end - i);
    if (n > 0)
      fg_sectors_mark (sectors, i, n, to);
  }
}

typedef struct {
  Steps steps;
  FgSectors *sectors; /* (unowned) */
  guint index;        /* of the first sector that is not known to be there */
  guint64 done;       /* bytes of the stream before that sector */
} Writing;

static void
on_written (guint32 address, guint64 done, gpointer data)
{
  Writing *self = data;

  for (; self->done + FG_SECTOR_SIZE <= done; self->index++)
    if (fg_sectors_at (self->sectors, self->index)->state == FG_SECTOR_PLANNED) {
      fg_sectors_mark (self->sectors, self->index, 1, FG_SECTOR_WRITTEN);
      self->done += FG_SECTOR_SIZE;
    }
  on_progress (address, done, &self->steps);
}

/* After a failure nobody knows which sectors of the stream have reached the flash. */
static gboolean
write_stream (FgSession *session, FgSectors *sectors, guint first, guint end, GError **error)
{
  Writing writing = { { session, 0 }, sectors, first, 0 };
  guint next = first;
  g_autoptr (GArray) runs = collect_runs (sectors, &next, stub_of (session)->runs_max);
  g_autoptr (FgStubStream) stream =
      fg_stub_stream_new ((const FgStubRun *) runs->data, runs->len, FG_STUB_HOLD | FG_STUB_PACKED,
                          FG_STUB_PACKET_SIZE);
  FgStubReport report;
  gboolean ok = fg_stub_write (stub_of (session), stream, on_written, &writing, &report, error);

  mark_all (sectors, first, end, ok ? FG_SECTOR_PLANNED : FG_SECTOR_WRITTEN,
            ok ? FG_SECTOR_WRITTEN : FG_SECTOR_PLANNED);
  fg_report_log (session->reporter, FG_LOG_DEBUG,
                 "%u packets, %u of them again; %u sectors and %u blocks of 64 KB erased, %u blank",
                 report.packets, report.resent, report.sectors_erased, report.blocks_erased,
                 report.sectors_blank);
  return ok;
}

/* The stream that brings the first sector comes last: until then the board does not boot half a
 * firmware. */
static gboolean
write_planned (FgSession *session, FgSectors *sectors, GError **error)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint end = sectors->list->len;

  mark_all (sectors, 0, end, FG_SECTOR_ERASED, FG_SECTOR_PLANNED);
  fg_meter_enter (&session->meter, FG_PHASE_WRITE,
                  (guint64) fg_sectors_count (sectors, FG_SECTOR_PLANNED) * FG_SECTOR_SIZE);
  for (guint next = 0; next < end;) {
    guint start = next;
    g_autoptr (GArray) runs = collect_runs (sectors, &next, stub_of (session)->runs_max);

    if (runs->len > 0)
      g_array_append_val (starts, start);
  }
  for (guint i = starts->len; i > 0; i--) {
    guint first = g_array_index (starts, guint, i - 1);

    if (!write_stream (session, sectors, first, end, error))
      return FALSE;
    end = first;
  }
  return TRUE;
}

static void
on_erased (guint32 address, guint64 done, gpointer data)
{
  Steps *self = data;
  const FgReporter *reporter = self->session->reporter;
  guint32 length = (guint32) (done - self->done);

  if (reporter != NULL && reporter->sectors != NULL)
    reporter->sectors (address - length, length, FG_SECTOR_ERASED, reporter->data);
  on_progress (address, done, data);
}

static gboolean
erase (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  Steps steps = { session, 0 };

  fg_meter_expect (&session->meter, FG_PHASE_ERASE, fg_erase_seconds (length));
  fg_meter_enter (&session->meter, FG_PHASE_ERASE, length);
  return fg_stub_erase (stub_of (session), offset, length, on_erased, &steps, error);
}

static gboolean
check_blank (FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error)
{
  *found = -1;
  for (guint32 at = 0; at < length && *found < 0;) {
    guint n = MIN ((length - at) / FG_SECTOR_SIZE, DIGESTS_AT_ONCE);
    guint32 digests[DIGESTS_AT_ONCE];

    if (!fg_stub_digests (stub_of (session), offset + at, n, digests, NULL, NULL, error))
      return FALSE;
    for (guint i = 0; i < n && *found < 0; i++)
      if (digests[i] != FG_STUB_BLANK_DIGEST)
        *found = offset + at + i * FG_SECTOR_SIZE;
    at += n * FG_SECTOR_SIZE;
    fg_meter_update (&session->meter, at, offset + at);
  }
  return TRUE;
}

/* What was read is right when its digests are those that the chip computes by itself. */
static gboolean
read_range (FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  Steps steps = { session, 0 };

  return fg_stub_read (stub_of (session), offset, length, buf, on_progress, &steps, error);
}

/* An ESP8266 that was reset by its program stays in the ROM's loader, whose boot mode is latched;
 * only RUN_USER_CODE starts what is on the flash: PROTOCOL-FACTS 10.3. */
static gboolean
leave (FgSession *session, gboolean restart)
{
  FgLoader *loader = &session->loader;
  const guint8 nothing[16] = { 0 };

  /* a SYNC also ends a stream that a cancel has left open */
  if (!fg_loader_drain (loader, 0, NULL) || !fg_loader_sync (loader, LEAVE_MS, NULL, NULL))
    return FALSE;
  if (restart) {
    fg_command_build (FG_OP_RUN_USER_CODE, NULL, 0, 0, loader->out);
    return fg_loader_send (loader, NULL);
  }
  if (fg_loader_command (loader, FG_OP_FLASH_BEGIN, nothing, sizeof nothing, LEAVE_MS, NULL, NULL))
    fg_loader_command (loader, FG_OP_FLASH_END, nothing, 4, LEAVE_MS, NULL, NULL);
  return FALSE;
}

const FgEngine fg_engine_stub = {
  .id = "stub",
  .name = "Fulgurite's stub",
  .start = start,
  .seconds = seconds,
  .compare = compare,
  .write = write_planned,
  .verify = verify,
  .erase = erase,
  .check_blank = check_blank,
  .read = read_range,
  .leave = leave,
};
