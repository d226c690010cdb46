/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-write.h"

#include "fg-error.h"
#include "fg-stub-window.h"
#include "fg-wire.h"

#include <string.h>

#define PACKET_NONE 0xffffffffu
#define OPEN_MS 1500 /* clearing protection bits may take a second */
#define OPEN_HEADER 12
#define OPEN_WORDS 2
#define PACKET_WORDS 4
#define CLOSE_WORDS 11

/* How far writing runs ahead of the line: enough that the line never rests, little enough that a
 * transport's write never blocks for long. */
#define AHEAD_US 50000
#define AHEAD_LOW_US 25000
/* Silence, beyond what is on the line, after which a packet is sent again; and which ends it all:
 * the longest erase of 64 KB takes 2 s (W25Q32JV data sheet), and the stub tells after 4 s that the
 * flash does not get ready. */
#define QUIET_US 500000
#define STALL_US 5000000
#define CLOSE_ASK_US 500000
#define CLOSE_SECTOR_US 400000 /* the longest erase of a sector, same data sheet */
#define CLOSE_ROUNDS 10
#define REOPENINGS 3
#define WINDOW_BYTES 32768u /* unpacked and not yet programmed: src/stub/README.md, Memory */

typedef struct {
  FgStub *stub;
  const FgStubStream *stream;
  FgStubWindow window;
  gint64 line_free_us; /* when everything written so far has left */
  gint64 heard_us;     /* the last answer, or the last resort */
  gint64 answered_us;  /* the last answer */
  guint status;        /* of the stub; 0: all is well */
  guint32 address;     /* that the status is about */
  gboolean is_lost;    /* the stub knows nothing of the stream any more */
  guint32 told;        /* bytes that progress has been told of */
  FgStubProgress progress;
  gpointer data;
  FgStubReport *report;
} Writer;

static gboolean
is_damage (guint status)
{
  return status == FG_STUB_STATUS_BAD_CHECKSUM || status == FG_STUB_STATUS_BAD_LENGTH;
}

static gboolean
open_stream (Writer *self, guint *slots, GError **error)
{
  const GArray *runs = self->stream->runs;
  gsize len = OPEN_HEADER + runs->len * 8;
  g_autofree guint8 *data = g_malloc (len);
  FgStubReply reply;

  fg_put_u32 (data, self->stream->flags);
  fg_put_u32 (data + 4, self->stream->packet_size);
  fg_put_u32 (data + 8, runs->len);
  for (guint i = 0; i < runs->len; i++) {
    const FgStubRun *run = &g_array_index (runs, FgStubRun, i);

    fg_put_u32 (data + OPEN_HEADER + i * 8, run->offset);
    fg_put_u32 (data + OPEN_HEADER + i * 8 + 4, run->length);
  }
  if (!fg_stub_request (self->stub, FG_STUB_OP_OPEN, data, len, OPEN_MS, &reply, error))
    return FALSE;
  if (reply.status != 0) {
    guint32 address = reply.len >= OPEN_WORDS * 4 ? fg_get_u32 (reply.data + 4) : 0;

    fg_stub_set_failure (reply.status, address, "writing", FG_ERROR_ERASE, error);
    return FALSE;
  }
  *slots = reply.len >= OPEN_WORDS * 4 ? fg_get_u32 (reply.data) : 0;
  if (*slots > 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "the stub has no room for packets");
  return FALSE;
}

static void
build_packet (Writer *self, guint number)
{
  guint8 data[4 + 2048];
  gsize len;
  const guint8 *payload = fg_stub_stream_get_packet (self->stream, number, &len);

  fg_put_u32 (data, number);
  memcpy (data + 4, payload, len);
  fg_stub_build (self->stub, FG_STUB_OP_PACKET, data, 4 + len);
}

/* Writes packets until the line has enough to do for a while. */
static gboolean
send_some (Writer *self, GError **error)
{
  GByteArray *out = self->stub->loader->out;
  gint64 now_us = g_get_monotonic_time ();
  gint64 free_us = MAX (self->line_free_us, now_us);
  guint number;

  if (free_us - now_us > AHEAD_LOW_US)
    return TRUE;
  while (free_us + (gint64) fg_stub_line_us (self->stub, out->len) - now_us < AHEAD_US
         && fg_stub_window_take (&self->window, &number)) {
    build_packet (self, number);
    self->report->packets++;
  }
  if (out->len == 0)
    return TRUE;
  self->line_free_us = free_us + (gint64) fg_stub_line_us (self->stub, out->len);
  return fg_loader_send (self->stub->loader, error);
}

static void
tell_progress (Writer *self, guint before)
{
  guint next = self->window.next;
  guint32 position;

  if (self->progress == NULL || next == before)
    return;
  position = g_array_index (self->stream->positions, guint32, next - 1);
  if (position <= self->told)
    return;
  self->told = position;
  self->progress (fg_stub_stream_get_address (self->stream, position), position, self->data);
}

/* Less may be on the line than was reckoned: where there is no rate, or a line is faster. */
static void
correct_line (Writer *self)
{
  guint64 bytes = (guint64) self->window.flights->len * self->stream->packet_size;
  gint64 at_most_us = self->answered_us + (gint64) fg_stub_line_us (self->stub, bytes + bytes / 32);

  self->line_free_us = MIN (self->line_free_us, at_most_us);
}

static void
take_answer (Writer *self, const FgStubReply *reply)
{
  guint before = self->window.next;

  self->heard_us = self->answered_us = g_get_monotonic_time ();
  if (reply->status != 0 && !is_damage (reply->status)) {
    self->status = reply->status;
    if (reply->len >= PACKET_WORDS * 4)
      self->address = fg_get_u32 (reply->data + 12);
  } else if (reply->len >= PACKET_WORDS * 4) {
    guint next = fg_get_u32 (reply->data);
    guint32 later = fg_get_u32 (reply->data + 4);
    guint answered = fg_get_u32 (reply->data + 8);

    if (answered == PACKET_NONE)
      fg_stub_window_damaged (&self->window, next, later);
    else
      fg_stub_window_answer (&self->window, next, later, answered);
    tell_progress (self, before);
  } else {
    fg_stub_window_damaged (&self->window, self->window.next, self->window.later);
  }
  correct_line (self);
}

static gint64
quiet_until (const Writer *self)
{
  return MAX (self->heard_us, self->line_free_us) + QUIET_US;
}

static gboolean
set_stalled (Writer *self, GError **error)
{
  guint next = self->window.next;
  guint32 position = next == 0 ? 0 : g_array_index (self->stream->positions, guint32, next - 1);

  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "writing at 0x%06x: the stub stopped answering",
               fg_stub_stream_get_address (self->stream, position));
  return FALSE;
}

/* As much as can be on the line. */
static gint64
window_us (const Writer *self)
{
  return (gint64) fg_stub_line_us (self->stub,
                                   (guint64) self->window.slots * self->stream->packet_size);
}

/* Brings all packets over, or as many as the flash takes: then `status` says why. */
static gboolean
send_packets (Writer *self, GError **error)
{
  while (!fg_stub_window_is_done (&self->window) && self->status == 0) {
    g_autoptr (GError) failure = NULL;
    gint64 until_us, now_us;
    FgStubReply reply;

    if (!send_some (self, error))
      return FALSE;
    until_us = quiet_until (self);
    if (fg_stub_window_has_work (&self->window))
      until_us = MIN (until_us, self->line_free_us - AHEAD_LOW_US);
    if (fg_stub_receive (self->stub, FG_STUB_OP_PACKET, until_us, &reply, &failure)) {
      take_answer (self, &reply);
      continue;
    }
    if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    now_us = g_get_monotonic_time ();
    if (now_us > self->answered_us + window_us (self) + STALL_US)
      return set_stalled (self, error);
    if (now_us >= quiet_until (self)) {
      fg_stub_window_expire (&self->window);
      self->heard_us = now_us;
    }
  }
  return TRUE;
}

/* How long the flash may need for what was sent and need not be written yet. */
static gint64
close_limit_us (const Writer *self)
{
  const FgStubStream *stream = self->stream;
  guint surely = stream->n_packets - MIN (stream->n_packets, self->window.slots);
  guint32 from = surely == 0 ? 0 : g_array_index (stream->positions, guint32, surely - 1);
  guint32 left = MIN (stream->total, stream->total - from + WINDOW_BYTES);

  return STALL_US + (gint64) (left / FG_SECTOR_SIZE + 2) * CLOSE_SECTOR_US;
}

/* Asks again and again: the stub answers when all is written, and the same each time. */
static gboolean
ask_for_end (Writer *self, FgStubReply *reply, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + close_limit_us (self);

  while (TRUE) {
    g_autoptr (GError) failure = NULL;
    gint64 ask_us;

    fg_stub_build (self->stub, FG_STUB_OP_CLOSE, NULL, 0);
    if (!fg_loader_send (self->stub->loader, error))
      return FALSE;
    ask_us = MAX (g_get_monotonic_time (), self->line_free_us) + CLOSE_ASK_US;
    if (fg_stub_receive (self->stub, FG_STUB_OP_CLOSE, ask_us, reply, &failure)) {
      if (!is_damage (reply->status))
        return TRUE;
    } else if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    } else if (g_get_monotonic_time () > end_us) {
      return set_stalled (self, error);
    }
  }
}

static gboolean
check_digests (Writer *self, const guint32 *words, GError **error)
{
  const FgStubStream *stream = self->stream;
  gboolean rest = words[4] == stream->digest_rest, held = words[5] == stream->digest_held;
  guint32 first = fg_stub_stream_get_address (stream, 0);
  guint32 last = fg_stub_stream_get_address (stream, stream->total - 1);

  if (!(stream->flags & FG_STUB_VERIFY) || (rest && held))
    return TRUE;
  if (rest)
    last = MIN (last, first + FG_SECTOR_SIZE - 1);
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY,
               "between 0x%06x and 0x%06x the flash does not hold what was written", first, last);
  return FALSE;
}

static gboolean
take_end (Writer *self, const FgStubReply *reply, GError **error)
{
  guint32 words[CLOSE_WORDS] = { 0 };

  for (guint i = 0; i < CLOSE_WORDS && (i + 1) * 4 <= reply->len; i++)
    words[i] = fg_get_u32 (reply->data + i * 4);
  self->report->sectors_erased = words[6];
  self->report->blocks_erased = words[7];
  self->report->sectors_blank = words[8];
  self->stub->overflows = words[9];
  self->stub->lost_bytes = words[10];
  if (reply->status == 0)
    return check_digests (self, words, error);
  self->is_lost = reply->status == FG_STUB_STATUS_NOT_OPEN
                  && (self->status == 0 || self->status == FG_STUB_STATUS_NOT_OPEN);
  if (reply->status == FG_STUB_STATUS_NOT_OPEN && self->status != 0)
    fg_stub_set_failure (self->status, self->address, "writing", FG_ERROR_ERASE, error);
  else
    fg_stub_set_failure (reply->status, words[2], "writing", FG_ERROR_ERASE, error);
  return FALSE;
}

/* Whether the stub says that packets are missing; they are to be sent then. */
static gboolean
reopen (Writer *self, const FgStubReply *reply)
{
  if (reply->status != FG_STUB_STATUS_TOO_LITTLE || reply->len < CLOSE_WORDS * 4
      || fg_get_u32 (reply->data) >= self->stream->n_packets)
    return FALSE;
  self->window.next = fg_get_u32 (reply->data);
  self->window.later = fg_get_u32 (reply->data + 4);
  g_array_set_size (self->window.flights, 0);
  fg_stub_window_expire (&self->window);
  return TRUE;
}

static gboolean
run (Writer *self, GError **error)
{
  FgStubReply reply;

  for (guint i = 0; i < CLOSE_ROUNDS; i++) {
    if (!send_packets (self, error) || !ask_for_end (self, &reply, error))
      return FALSE;
    if (self->status != 0 || !reopen (self, &reply))
      return take_end (self, &reply, error);
  }
  return set_stalled (self, error);
}

static gboolean
write_once (Writer *self, GError **error)
{
  guint slots;
  gboolean ok;

  self->status = 0;
  self->is_lost = FALSE;
  if (!open_stream (self, &slots, error))
    return FALSE;
  fg_stub_window_init (&self->window, self->stream->n_packets, slots);
  self->heard_us = self->answered_us = self->line_free_us = g_get_monotonic_time ();
  ok = run (self, error);
  self->report->resent += self->window.resent;
  fg_stub_window_clear (&self->window);
  return ok;
}

/**
 * fg_stub_write:
 * @self: asked, with %FG_STUB_FEATURE_STREAMS
 * @progress: (nullable): called as packets arrive, with the bytes of the runs
 * @report: (out): also after a failure, as far as it got
 *
 * Writes the whole stream. With %FG_STUB_VERIFY the flash was read back and is right when it
 * returns. After a failure, or when it is cancelled, part of it is written; the stub takes a new
 * stream all the same, if it still answers.
 *
 * Returns: %FALSE with %FG_ERROR_ERASE, %FG_ERROR_VERIFY, %FG_ERROR_REJECTED or %FG_ERROR_PROTOCOL
 *   with an address, %FG_ERROR_TIMEOUT, or the transport's error set
 */
gboolean
fg_stub_write (FgStub *self,
               const FgStubStream *stream,
               FgStubProgress progress,
               gpointer data,
               FgStubReport *report,
               GError **error)
{
  Writer writer = {
    .stub = self, .stream = stream, .progress = progress, .data = data, .report = report
  };

  g_return_val_if_fail (stream->runs->len <= self->runs_max, FALSE);
  g_return_val_if_fail (stream->packet_size <= self->packet_max, FALSE);
  *report = (FgStubReport){ 0 };
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;

    if (write_once (&writer, &failure))
      return TRUE;
    /* whatever made it forget: another try costs little */
    if (writer.is_lost && i < REOPENINGS)
      continue;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
}

/**
 * fg_stub_abandon:
 *
 * Ends a stream that fg_stub_write() has left open, so that standard commands are taken again. What
 * has arrived and is not written is thrown away.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_stub_abandon (FgStub *self, GError **error)
{
  const guint8 no_runs[OPEN_HEADER] = {
    0, 0, 0, 0, FG_STUB_PACKET_SIZE & 0xff, FG_STUB_PACKET_SIZE >> 8
  };
  FgStubReply reply;

  return fg_stub_request (self, FG_STUB_OP_OPEN, no_runs, sizeof no_runs, OPEN_MS, &reply, error);
}
