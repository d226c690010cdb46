/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-command.h"
#include "stub-flash.h"
#include "stub-inflate.h"
#include "stub-memory.h"
#include "stub-rom.h"
#include "stub-writer.h"

/* Unpacked at once: in less time than programming a piece takes, or when nothing can be programmed
 * anyway. */
#define STEP_BYTES 64u
#define LONG_STEP_BYTES 512u

uint8_t stub_pool[STUB_POOL_BYTES] __attribute__ ((aligned (4)));
uint8_t stub_window[STUB_WINDOW_BYTES] __attribute__ ((aligned (4)));

static StubInflate inflate;
static const uint8_t *next, *end;
static int is_packed, is_unpacked;

void
stub_feed_open (int packed)
{
  next = end = NULL;
  is_packed = packed;
  is_unpacked = 0;
  stub_inflate_init (&inflate);
}

/* The bytes stay where they are until stub_feed_step() has returned 0. */
void
stub_feed_give (const void *bytes, uint32_t len)
{
  next = bytes;
  end = next + len;
}

static uint32_t
copy_plain (uint32_t position, uint32_t limit)
{
  uint32_t at = position & STUB_WINDOW_MASK;
  uint32_t len = (uint32_t) (end - next);

  if (position == stub_writer_total ()) {
    next = end; /* what fills up the last packet */
    return position;
  }
  len = len < limit - position ? len : limit - position;
  len = len < STUB_WINDOW_BYTES - at ? len : STUB_WINDOW_BYTES - at;
  memcpy (stub_window + at, next, len);
  next += len;
  return position + len;
}

static uint32_t
unpack (uint32_t position, uint32_t limit)
{
  uint32_t step = stub_writer_can_program () ? STEP_BYTES : LONG_STEP_BYTES;
  StubInflateResult result;

  if (limit - position > step)
    limit = position + step;
  result = stub_inflate_run (&inflate, &next, end, stub_window, limit);
  position = inflate.position;
  is_unpacked = result == STUB_INFLATE_DONE;
  if (result == STUB_INFLATE_BAD)
    stub_flash_fail (STUB_BAD_DATA, stub_writer_address (position));
  else if (result == STUB_INFLATE_FULL && position == stub_writer_total ())
    stub_flash_fail (STUB_TOO_MUCH, stub_writer_address (position));
  else if (is_unpacked && position < stub_writer_total ())
    stub_flash_fail (STUB_TOO_LITTLE, stub_writer_address (position));
  if (is_unpacked)
    next = end;
  return position;
}

/* Brings some of the input into the window: 0 when all of it is used up. */
int
stub_feed_step (void)
{
  uint32_t position = stub_writer_position ();
  uint32_t limit = stub_writer_limit ();

  if (next == end || stub_fault.status != STUB_OK || !stub_writer_is_open ()) {
    next = end;
    return 0;
  }
  stub_writer_advance (is_packed ? unpack (position, limit) : copy_plain (position, limit));
  return next != end;
}

/* Whether all of the stream has been there, with the checksum at its end. */
int
stub_feed_is_complete (void)
{
  return stub_writer_position () == stub_writer_total () && (!is_packed || is_unpacked);
}

/* Brings to the flash what has been given; what has not come is not waited for. */
void
stub_settle (void)
{
  while (stub_feed_step ())
    stub_writer_step ();
  if (stub_writer_position () == stub_writer_total ())
    stub_writer_finish ();
  stub_writer_close ();
  stub_flash_wait ();
}
