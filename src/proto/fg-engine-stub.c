/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Our own stub: digests of sectors instead of reading them, one stream for all that changes, erased
 * and programmed while it arrives, and reading without acknowledgements.
 */

#include "fg-engine.h"
#include "fg-error.h"
#include "fg-stub-engine.h"
#include "fg-stub-flash.h"
#include "fg-stub-read.h"
#include "fg-stub-write.h"

#include <string.h>
#include <zlib.h>

/* Measured on the simulated board: digests of a sector, and how far firmware can be packed. */
#define DIGEST_SECONDS 0.002
#define PACKED_SHARE 0.7
#define DIGESTS_AT_ONCE 64u
#define STREAM_SECTORS 256u /* 1 MB: packed at once, during which nobody can cancel */

/* W25Q32 data sheet, typical: 64 KB erased and programmed. */
#define WRITE_SECONDS_PER_BYTE ((0.150 + 256 * 0.0004) / 0x10000)

/* That it reads what the ROM reads. A wrong digest shows by itself: nothing is right by chance. */
static gboolean
test_itself (FgSession *session, const guint8 sample[FG_STUB_SAMPLE_LEN], GError **error)
{
  guint8 buf[FG_STUB_SAMPLE_LEN];

  if (!fg_stub_read (fg_stub_engine_get (session), 0, sizeof buf, buf, NULL, NULL, error))
    return FALSE;
  if (memcmp (buf, sample, sizeof buf) == 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY,
               "it does not read the start of the flash as the chip's own loader does");
  return FALSE;
}

static gboolean
start (FgSession *session, GError **error)
{
  g_autoptr (FgStubImage) image = fg_stub_image_new_esp8266 ();
  guint wanted = session->long_baud;
  guint8 sample[FG_STUB_SAMPLE_LEN];

  if (!fg_stub_engine_load (session, image, sample, error)
      || !fg_stub_ask (fg_stub_engine_get (session), error)
      || !fg_stub_engine_set_baud (session, wanted, error) || !test_itself (session, sample, error))
    return FALSE;
  fg_report_log (session->reporter, FG_LOG_INFO, "Fulgurite's stub runs, %u baud",
                 session->loader.baud);
  return TRUE;
}

static double
seconds (const FgSession *session, FgPhase phase, double bytes)
{
  switch (phase) {
  case FG_PHASE_COMPARE:
  case FG_PHASE_VERIFY:
    return bytes / FG_SECTOR_SIZE * DIGEST_SECONDS;
  case FG_PHASE_WRITE:
    return MAX (bytes * PACKED_SHARE / fg_stub_engine_line_rate (session),
                bytes * WRITE_SECONDS_PER_BYTE);
  case FG_PHASE_READ:
    return bytes / fg_stub_engine_line_rate (session);
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

/* The first byte that is wrong in a sector whose digest is wrong; the sector when it reads right.
 */
static void
find_wrong_byte (FgSession *session, FgSectors *sectors, const FgSector *sector)
{
  guint8 buf[FG_SECTOR_SIZE];
  guint at = 0;

  sectors->wrong_at = sector->address;
  if (!fg_stub_read (fg_stub_engine_get (session), sector->address, sizeof buf, buf, NULL, NULL,
                     NULL))
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

  if (!fg_stub_digests (fg_stub_engine_get (session), address, n, digests, NULL, NULL, error))
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

static gpointer
pack (gpointer data)
{
  const GArray *runs = data;

  return fg_stub_stream_new ((const FgStubRun *) runs->data, runs->len,
                             FG_STUB_HOLD | FG_STUB_PACKED, FG_STUB_PACKET_SIZE);
}

static gboolean
compare_runs (FgSession *session, FgSectors *sectors, GError **error)
{
  for (guint i = 0, n; i < sectors->list->len; i += MAX (n, 1)) {
    n = fg_sectors_run (sectors, i, FG_SECTOR_PLANNED, DIGESTS_AT_ONCE);
    if (n > 0 && !check_run (session, sectors, i, n, sectors->right, FG_SECTOR_PLANNED, error))
      return FALSE;
    session->meter.now.sectors_same = fg_sectors_count (sectors, FG_SECTOR_UNCHANGED);
  }
  return TRUE;
}

/* While the chip compares, everything is packed, in case that all of it has to be written: at high
 * rates that is worth some percent of the time. */
static gboolean
compare (FgSession *session, FgSectors *sectors, GError **error)
{
  FgStubStream **packed = fg_stub_engine_packed (session);
  guint planned = fg_sectors_count (sectors, FG_SECTOR_PLANNED);
  guint end = 0;
  g_autoptr (GArray) runs = collect_runs (sectors, &end, fg_stub_engine_get (session)->runs_max);
  GThread *thread = NULL;
  gboolean ok;

  g_clear_pointer (packed, fg_stub_stream_free);
  if (runs->len > 0 && end == sectors->list->len)
    thread = g_thread_new ("pack", pack, runs);
  ok = compare_runs (session, sectors, error);
  if (thread != NULL)
    *packed = g_thread_join (thread);
  if (fg_sectors_count (sectors, FG_SECTOR_PLANNED) != planned)
    g_clear_pointer (packed, fg_stub_stream_free);
  return ok;
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
  FgStubSteps steps;
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
  fg_stub_engine_on_progress (address, done, &self->steps);
}

/* After a failure nobody knows which sectors of the stream have reached the flash. */
static gboolean
write_stream (FgSession *session, FgSectors *sectors, guint first, guint end, GError **error)
{
  Writing writing = { { session, 0 }, sectors, first, 0 };
  FgStubStream **packed = fg_stub_engine_packed (session);
  g_autoptr (FgStubStream) stream = g_steal_pointer (packed);
  FgStubReport report;
  gboolean ok;

  if (stream == NULL) {
    guint next = first;
    g_autoptr (GArray) runs = collect_runs (sectors, &next, fg_stub_engine_get (session)->runs_max);

    stream = pack (runs);
  }
  ok = fg_stub_write (fg_stub_engine_get (session), stream, on_written, &writing, &report, error);

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
    g_autoptr (GArray) runs = collect_runs (sectors, &next, fg_stub_engine_get (session)->runs_max);

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

static gboolean
check_blank (FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error)
{
  *found = -1;
  for (guint32 at = 0; at < length && *found < 0;) {
    guint n = MIN ((length - at) / FG_SECTOR_SIZE, DIGESTS_AT_ONCE);
    guint32 digests[DIGESTS_AT_ONCE];

    if (!fg_stub_digests (fg_stub_engine_get (session), offset + at, n, digests, NULL, NULL, error))
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
  FgStubSteps steps = { session, 0 };

  return fg_stub_read (fg_stub_engine_get (session), offset, length, buf,
                       fg_stub_engine_on_progress, &steps, error);
}

const FgEngine fg_engine_stub = {
  .id = "stub",
  .name = "Fulgurite's stub",
  .start = start,
  .seconds = seconds,
  .compare = compare,
  .write = write_planned,
  .verify = verify,
  .erase = fg_stub_engine_erase,
  .check_blank = check_blank,
  .read = read_range,
  .leave = fg_stub_engine_leave,
};
