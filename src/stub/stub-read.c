/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading and digests. While one chunk leaves through the line, the next one is read in the time
 * that sending waits. */
#include "stub-command.h"
#include "stub-crc.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-pack.h"
#include "stub-rom.h"
#include "stub-uart.h"

#define CHUNK_BYTES STUB_SECTOR
#define PIECE_BYTES 32u
#define DIGESTS_MAX 4096u
#define OP_READ_FAST 0xe5
#define FLAG_PACKED 1u
#define LENGTH_PACKED 0x80000000u
#define PACK_BYTES 32u

/* Where they are in the window: two chunks, what they were packed to, and the packer's table. */
#define PACKED_AT (2 * CHUNK_BYTES)
#define TABLE_AT (4 * CHUNK_BYTES)

/* The chunk that is being read, and then packed. */
static struct {
  uint32_t *words; /* one of two halves of the window */
  uint32_t address, len, have;
  uint32_t all; /* all words anded */
  uint32_t crc; /* over address, length and contents */
  StubMd5 *md5; /* NULL when nobody wants it */
  enum { PACK_NOT, PACK_WANTED, PACK_RUNS, PACK_DONE } packing;
  StubPack pack;
} ahead;

static void
read_piece (void)
{
  uint32_t *words = ahead.words + ahead.have / 4;
  uint32_t left = ahead.len - ahead.have;
  uint32_t len = left < PIECE_BYTES ? left : PIECE_BYTES;

  if (len == 0)
    return;
  stub_flash_read (ahead.address + ahead.have, words, len);
  for (uint32_t i = 0; i < len / 4; i++)
    ahead.all &= words[i];
  if (ahead.md5 != NULL)
    MD5Update (ahead.md5, words, len);
  else
    ahead.crc = stub_crc (ahead.crc, words, len);
  ahead.have += len;
}

static void
pack_piece (void)
{
  if (ahead.packing == PACK_WANTED && ahead.all == 0xffffffff) {
    ahead.packing = PACK_NOT;
  } else if (ahead.packing == PACK_WANTED) {
    uint8_t *chunk = (uint8_t *) ahead.words;

    stub_pack_begin (&ahead.pack, chunk, ahead.len, chunk + PACKED_AT, ahead.len,
                     (uint16_t *) (stub_window + TABLE_AT));
    ahead.packing = PACK_RUNS;
  } else if (!stub_pack_step (&ahead.pack, PACK_BYTES)) {
    const uint32_t head[2] = { ahead.address, ahead.len | LENGTH_PACKED };

    ahead.packing = PACK_NOT;
    if (!stub_pack_pays (&ahead.pack))
      return;
    ahead.packing = PACK_DONE;
    ahead.crc = stub_crc (stub_crc (0, head, sizeof head), ahead.pack.out, ahead.pack.out_len);
  }
}

/* What is done while sending waits. */
static void
prepare (void)
{
  if (ahead.have < ahead.len)
    read_piece ();
  else if (ahead.packing == PACK_WANTED || ahead.packing == PACK_RUNS)
    pack_piece ();
}

/* @half: 0 or 1, not the one that is being sent */
static void
start_chunk (uint32_t half, uint32_t address, uint32_t len)
{
  const uint32_t head[2] = { address, len };

  ahead.words = (uint32_t *) (stub_window + (half & 1) * CHUNK_BYTES);
  ahead.address = address;
  ahead.len = len;
  ahead.have = 0;
  ahead.all = 0xffffffff;
  ahead.crc = stub_crc (0, head, sizeof head);
}

static void
finish_chunk (void)
{
  while (ahead.have < ahead.len || ahead.packing == PACK_WANTED || ahead.packing == PACK_RUNS)
    prepare ();
}

static int
refuse_range (const StubRequest *request, uint32_t address, uint32_t len, uint32_t unit)
{
  StubStatus status = STUB_OK;

  stub_stream_close ();
  stub_settle ();
  if ((address | len) % unit != 0)
    status = STUB_BAD_ARGUMENT;
  else if (!stub_flash_has (address, len))
    status = STUB_FLASH_FAILED;
  if (status == STUB_OK)
    return 0;
  if (stub_fault.status == STUB_OK)
    stub_fault.address = address;
  stub_reply (request, status);
  return 1;
}

static void
md5 (const StubRequest *request)
{
  uint32_t address = request->words[0], len = request->words[1];
  uint8_t digest[16];
  StubMd5 context;

  if (refuse_range (request, address, len, 1))
    return;
  MD5Init (&context);
  while (len > 0) {
    uint32_t piece = len < CHUNK_BYTES ? len : CHUNK_BYTES;

    stub_flash_read (address, (uint32_t *) stub_window, piece);
    MD5Update (&context, stub_window, piece);
    address += piece;
    len -= piece;
  }
  MD5Final (digest, &context);
  stub_reply_data (request->op, 0, digest, sizeof digest, STUB_OK);
}

static uint32_t
min_of (uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* Blocks as frames of their own, the host acknowledging by the number of bytes it has got; then the
 * MD5. Ends early when something else than an acknowledgement arrives. */
static void
read_acknowledged (const StubRequest *request)
{
  uint32_t address = request->words[0], len = request->words[1];
  uint32_t block = request->words[2], in_flight = request->words[3];
  uint32_t sent = 0, got = 0, half = 0;
  uint8_t digest[16];
  StubMd5 context;

  if (refuse_range (request, address, len, 1))
    return;
  if (block == 0 || block > CHUNK_BYTES || in_flight == 0) {
    stub_reply (request, STUB_BAD_BLOCK);
    return;
  }
  stub_reply (request, STUB_OK);
  MD5Init (&context);
  ahead.md5 = &context;
  ahead.packing = PACK_NOT;
  start_chunk (half, address, min_of (block, len));
  while (got < len) {
    uint32_t frame_len;

    if (sent < len && sent - got < in_flight * block) {
      const uint32_t *words = ahead.words;
      uint32_t chunk_len = ahead.len;

      finish_chunk ();
      start_chunk (++half, address + sent + chunk_len, min_of (block, len - sent - chunk_len));
      stub_uart_set_idle (read_piece);
      stub_uart_delimit ();
      stub_uart_send (words, chunk_len);
      stub_uart_delimit ();
      stub_uart_set_idle (NULL);
      sent += chunk_len;
    }
    frame_len = stub_uart_poll_frame (stub_pool, STUB_POOL_BYTES);
    if (frame_len == 4)
      got = *(const uint32_t *) stub_pool;
    if ((frame_len != 0 && frame_len != 4) || got > sent)
      return;
  }
  MD5Final (digest, &context);
  stub_uart_delimit ();
  stub_uart_send (digest, sizeof digest);
  stub_uart_delimit ();
}

/* README.md, "Digests" */
static void
digests (const StubRequest *request)
{
  uint32_t address = request->words[0], count = request->words[1];
  uint32_t *results = (uint32_t *) stub_window;

  if (count > DIGESTS_MAX) {
    stub_reply (request, STUB_BAD_BLOCK);
    return;
  }
  if (refuse_range (request, address, count * STUB_SECTOR, STUB_SECTOR))
    return;
  for (uint32_t i = 0; i < count; i++, address += STUB_SECTOR)
    results[i] = stub_flash_crc (0, address, STUB_SECTOR);
  stub_reply_checked (request->op, results, count * sizeof *results, STUB_OK);
}

static void
send_chunk (uint32_t address, uint32_t len, const void *bytes, uint32_t count, uint32_t crc)
{
  const uint32_t head[2] = { address, len };
  const uint8_t start[4] = { 0x01, OP_READ_FAST, (uint8_t) (count + 10),
                             (uint8_t) ((count + 10) >> 8) };
  const uint8_t status[2] = { 0, 0 };

  stub_uart_delimit ();
  stub_uart_send (start, sizeof start);
  stub_uart_send_u32 (stub_crc (crc, status, sizeof status));
  stub_uart_send (head, sizeof head);
  stub_uart_send (bytes, count);
  stub_uart_send (status, sizeof status);
  stub_uart_delimit ();
}

static void
send_blank (uint32_t address, uint32_t len)
{
  const uint32_t head[2] = { address, len };

  if (len > 0)
    stub_reply_checked (OP_READ_FAST, head, sizeof head, STUB_OK);
}

/* README.md, "Fast reading". Any byte from the host ends it after the chunk that is on its way. */
static void
read_fast (const StubRequest *request)
{
  uint32_t address = request->words[0], len = request->words[1];
  uint32_t flags = request->len > 8 ? request->words[2] : 0;
  uint32_t blank = 0, half = 0;

  if (flags & ~FLAG_PACKED) {
    stub_reply (request, STUB_BAD_ARGUMENT);
    return;
  }
  if (refuse_range (request, address, len, 4))
    return;
  ahead.md5 = NULL;
  ahead.packing = PACK_NOT;
  start_chunk (half, address, min_of (CHUNK_BYTES - address % CHUNK_BYTES, len));
  while (len > 0 && !stub_uart_waiting ()) {
    uint32_t chunk_len = ahead.len, count, shown_len, crc, all;
    const void *bytes;

    finish_chunk ();
    crc = ahead.crc;
    all = ahead.all;
    bytes = ahead.packing == PACK_DONE ? (const void *) ahead.pack.out : ahead.words;
    count = ahead.packing == PACK_DONE ? ahead.pack.out_len : chunk_len;
    shown_len = ahead.packing == PACK_DONE ? chunk_len | LENGTH_PACKED : chunk_len;
    len -= chunk_len;
    /* it pays when something is sent in the meantime */
    ahead.packing = flags & FLAG_PACKED && all != 0xffffffff ? PACK_WANTED : PACK_NOT;
    start_chunk (++half, address + chunk_len, min_of (CHUNK_BYTES, len));
    if (all == 0xffffffff) {
      blank += chunk_len;
    } else {
      send_blank (address - blank, blank);
      blank = 0;
      stub_uart_set_idle (prepare);
      send_chunk (address, shown_len, bytes, count, crc);
      stub_uart_set_idle (NULL);
    }
    address += chunk_len;
  }
  send_blank (address - blank, blank);
  start_chunk (half, address, 0);
  send_chunk (address, 0, NULL, 0, ahead.crc);
}

const StubHandler stub_read_handlers[] = {
  { 0x13, 16, 16, md5, STUB_UNCHECKED },
  { 0xd2, 16, 16, read_acknowledged, STUB_UNCHECKED },
  { 0xe1, 8, 8, digests, STUB_CHECKED },
  { OP_READ_FAST, 8, 12, read_fast, STUB_CHECKED },
  { 0 },
};
