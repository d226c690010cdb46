/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The extension that writes: many packets on their way, each with a CRC, lost ones sent again.
 * README.md, "Streams". */
#include "stub-command.h"
#include "stub-crc.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-rom.h"
#include "stub-uart.h"
#include "stub-writer.h"

#define MAGIC 0x54534746u /* "FGST" */
#define VERSION 2u
#define FEATURES 0x3fu
#define DIGESTS_MAX 4096u

#define BLOCK_MIN 64u
#define BLOCK_MAX 2048u
#define SLOTS_MAX 32u
#define CRC_BYTES 128u
#define PACKET_NONE 0xffffffffu
#define BEGIN_WORDS 3u
#define FLAG_PACKED (1u << 2)
#define FLAGS_KNOWN (STUB_WRITE_HOLD | STUB_WRITE_VERIFY | FLAG_PACKED)

/* How a stream shares stub_pool: the frame that comes in, the sector that is held back, the packets
 * that wait. */
#define HOLD_AT STUB_STREAM_FRAME
#define SLOTS_AT (HOLD_AT + STUB_SECTOR)
#define SLOTS_BYTES (STUB_POOL_BYTES - SLOTS_AT)

static struct {
  uint8_t open;
  uint8_t feeding; /* the packet `taken` is in the feed */
  uint32_t block, slot_count;
  uint32_t next;  /* the first packet that is missing */
  uint32_t taken; /* packets before this one are used up */
  uint32_t later; /* bit n: packet next + 1 + n is here */
  uint16_t len[SLOTS_MAX];
} stream;

static StubStatus end_status = STUB_NOT_WRITING; /* of the last stream */

int
stub_stream_is_open (void)
{
  return stream.open;
}

/* Whether no packet could be taken in: what comes stays in the ring until the flash has made room.
 */
int
stub_stream_is_full (void)
{
  return stream.open && stream.next - stream.taken == stream.slot_count
         && stub_fault.status == STUB_OK;
}

void
stub_stream_close (void)
{
  if (!stream.open)
    return;
  stream.open = 0;
  end_status = STUB_NOT_WRITING;
  stub_writer_close ();
  stub_flash_wait ();
}

static uint8_t *
slot (uint32_t number)
{
  return stub_pool + SLOTS_AT + number % stream.slot_count * stream.block;
}

/* Moves the next packet into the window: 0 when there is none. */
int
stub_stream_step (void)
{
  if (!stream.open)
    return 0;
  if (stub_feed_step ())
    return 1;
  if (stream.feeding) {
    stream.feeding = 0;
    stream.taken++;
  }
  if (stream.taken == stream.next)
    return 0;
  stub_feed_give (slot (stream.taken), stream.len[stream.taken % stream.slot_count]);
  stream.feeding = 1;
  return 1;
}

static void
capabilities (const StubRequest *request)
{
  const uint32_t words[] = {
    MAGIC,
    VERSION,
    FEATURES,
    STUB_RING_BYTES,
    BLOCK_MAX,
    SLOTS_BYTES,
    STUB_RUNS_MAX,
    DIGESTS_MAX,
    stub_flash_size,
    stub_uart_losses.fifo_overflows,
    stub_uart_losses.ring_drops,
  };

  stub_reply_checked (request->op, words, sizeof words, STUB_OK);
}

static StubStatus
check_runs (const StubRun *runs, uint32_t count)
{
  uint32_t free_from = 0;

  for (uint32_t i = 0; i < count; i++) {
    uint32_t offset = runs[i].offset, len = runs[i].len;

    stub_fault.address = offset;
    if (offset % STUB_SECTOR != 0 || len == 0 || (len % 4 != 0 && i + 1 < count)
        || offset < free_from)
      return STUB_BAD_ARGUMENT;
    if (!stub_flash_has (offset, len))
      return STUB_FLASH_FAILED;
    free_from = (offset + len + STUB_SECTOR - 1) & ~(STUB_SECTOR - 1);
  }
  return STUB_OK;
}

static StubStatus
open_stream (const StubRequest *request)
{
  uint32_t flags = request->words[0], block = request->words[1], count = request->words[2];
  const StubRun *runs = (const StubRun *) (request->words + BEGIN_WORDS);
  StubStatus status;

  end_status = STUB_NOT_WRITING;
  stub_stream_close ();
  stub_settle ();
  stub_fault = (StubFault){ STUB_OK, 0 };
  if (count > STUB_RUNS_MAX || request->len != (BEGIN_WORDS + 2 * count) * 4)
    return STUB_BAD_LENGTH;
  if (block < BLOCK_MIN || block > BLOCK_MAX || block % 4 != 0)
    return STUB_BAD_BLOCK;
  if (flags & ~FLAGS_KNOWN)
    return STUB_BAD_ARGUMENT;
  status = check_runs (runs, count);
  if (status != STUB_OK || count == 0)
    return status;
  stub_fault = (StubFault){ STUB_OK, 0 };
  stub_flash_unlock ();
  if (stub_fault.status != STUB_OK)
    return stub_fault.status;
  stub_writer_open (runs, count, flags, stub_pool + HOLD_AT);
  stub_feed_open ((flags & FLAG_PACKED) != 0);
  memset (&stream, 0, sizeof stream);
  stream.open = 1;
  stream.block = block;
  stream.slot_count = SLOTS_BYTES / block < SLOTS_MAX ? SLOTS_BYTES / block : SLOTS_MAX;
  return STUB_OK;
}

static void
begin (const StubRequest *request)
{
  StubStatus status = open_stream (request);
  const uint32_t words[2] = { status == STUB_OK ? stream.slot_count : 0, stub_fault.address };

  stub_reply_checked (request->op, words, sizeof words, status);
}

static void
keep (uint32_t number, const uint32_t *words, uint32_t len)
{
  uint32_t ahead = number - stream.next;

  memcpy (slot (number), words, len);
  stream.len[number % stream.slot_count] = (uint16_t) len;
  if (ahead > 0) {
    stream.later |= 1u << (ahead - 1);
    return;
  }
  do {
    uint32_t has_next = stream.later & 1;

    stream.next++;
    stream.later >>= 1;
    if (!has_next)
      break;
  } while (1);
}

/* As STUB_CHECKED, while the flash goes on. */
static int
has_crc_while_writing (const StubRequest *request)
{
  const uint8_t *bytes = (const uint8_t *) request->words;
  uint32_t crc = stub_crc (0, &request->op, 1), piece;

  for (uint32_t at = 0; at < request->len; at += piece) {
    piece = request->len - at < CRC_BYTES ? request->len - at : CRC_BYTES;
    crc = stub_crc (crc, bytes + at, piece);
    stub_writer_step ();
  }
  return crc == request->checksum;
}

/* A packet that is not here yet has a slot as soon as those before it, without a gap, are used up:
 * this waits for them, so that a host that keeps to the number of slots never sends a packet in
 * vain. */
static StubStatus
take_in (uint32_t number, const uint32_t *words, uint32_t len)
{
  uint32_t ahead = number - stream.next;

  if (len > stream.block)
    return STUB_BAD_LENGTH;
  if (ahead >= stream.slot_count || (ahead > 0 && (stream.later >> (ahead - 1) & 1)))
    return STUB_OK;
  while (number - stream.taken >= stream.slot_count && stub_stream_step ())
    stub_writer_step ();
  if (stub_fault.status == STUB_OK)
    keep (number, words, len);
  return stub_fault.status;
}

static void
data (const StubRequest *request)
{
  uint32_t words[4] = { 0, 0, PACKET_NONE };
  StubStatus status = STUB_NOT_WRITING;

  if (stream.open && !has_crc_while_writing (request)) {
    status = STUB_BAD_CHECKSUM;
  } else if (stream.open) {
    words[2] = request->words[0];
    status = take_in (words[2], request->words + 1, request->len - 4);
  }
  words[0] = stream.next;
  words[1] = stream.later;
  words[3] = stub_fault.address;
  stub_reply_checked (request->op, words, sizeof words, status);
}

/* Waits for the flash, and leaves the stream closed when all of it is there; asked again, it
 * answers the same. */
static void
end (const StubRequest *request)
{
  static struct {
    uint32_t next, later, address, position;
    StubWriteReport report;
    StubUartLosses losses;
  } reply;

  if (stream.open) {
    StubStatus status;

    while (stub_stream_step ())
      stub_writer_step ();
    if (stub_feed_is_complete ())
      stub_writer_finish ();
    status = stub_fault.status;
    reply.next = stream.next;
    reply.later = stream.later;
    reply.address = stub_fault.address;
    reply.position = stub_writer_position ();
    reply.report = stub_write_report;
    reply.losses = stub_uart_losses;
    if (status != STUB_OK || stub_feed_is_complete ())
      stub_stream_close ();
    else
      status = STUB_TOO_LITTLE;
    end_status = status;
  }
  stub_reply_checked (request->op, &reply, sizeof reply, end_status);
}

const StubHandler stub_stream_handlers[] = {
  { 0xe0, 0, 0, capabilities, STUB_CHECKED },
  { 0xe2, BEGIN_WORDS * 4, (BEGIN_WORDS + 2 * STUB_RUNS_MAX) * 4, begin, STUB_CHECKED },
  { 0xe3, 4, 4 + BLOCK_MAX, data, STUB_UNCHECKED }, /* it does so itself */
  { 0xe4, 0, 0, end, STUB_CHECKED },
  { 0 },
};
