/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Writing as every stub does: a packet is answered before it is on the flash, and what goes wrong
 * is told later. */
#include "stub-command.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-rom.h"
#include "stub-uart.h"
#include "stub-writer.h"

#define DATA_HEADER_WORDS 4u
#define OP_BEGIN_PACKED 0x10
#define OP_DATA_PACKED 0x11

static enum { MODE_NONE, MODE_PLAIN, MODE_PACKED } mode;

/* Tells what has gone wrong since the last time, once. */
static StubStatus
take_fault (void)
{
  StubStatus status = stub_fault.status;

  stub_fault.status = STUB_OK;
  return status;
}

static void
begin (const StubRequest *request)
{
  StubRun run = { request->words[3], request->words[0] };
  StubStatus status;

  stub_settle ();
  status = take_fault (); /* of the file before */
  if (status == STUB_OK) {
    stub_fault.address = run.offset;
    if (request->words[2] > STUB_BLOCK_MAX)
      status = STUB_BAD_BLOCK;
    else if (run.offset % 4 != 0 || !stub_flash_has (run.offset, run.len))
      status = STUB_FLASH_FAILED;
    else if (run.len != 0)
      stub_flash_unlock ();
  }
  if (status == STUB_OK)
    status = take_fault ();
  if (status == STUB_OK) {
    mode = request->op == OP_BEGIN_PACKED ? MODE_PACKED : MODE_PLAIN;
    stub_writer_open (&run, run.len != 0, 0, NULL);
    stub_feed_open (mode == MODE_PACKED && run.len != 0);
  } else {
    mode = MODE_NONE;
  }
  stub_reply (request, status);
}

static void
data (const StubRequest *request)
{
  uint32_t len = request->words[0];
  int is_packed = request->op == OP_DATA_PACKED;
  StubStatus status;

  if (mode != (is_packed ? MODE_PACKED : MODE_PLAIN) || !stub_writer_is_open ())
    status = STUB_NOT_WRITING;
  else if (len != request->len - DATA_HEADER_WORDS * 4)
    status = STUB_BAD_LENGTH;
  else if (!stub_has_checksum (request))
    status = STUB_BAD_CHECKSUM;
  else if (stub_fault.status != STUB_OK)
    status = take_fault ();
  else if (stub_writer_position () == stub_writer_total () && !is_packed)
    status = STUB_TOO_MUCH;
  else
    status = STUB_OK;
  if (status == STUB_OK)
    stub_feed_give (request->words + DATA_HEADER_WORDS, len);
  if (!is_packed)
    while (stub_feed_step ())
      stub_writer_step ();
  stub_reply (request, status);
}

/* Both the end of plain and of packed data: which it is, esptool does not care either. */
static void
end (const StubRequest *request)
{
  int complete;
  StubStatus status;

  stub_settle ();
  complete = stub_feed_is_complete ();
  status = take_fault ();
  if (status == STUB_OK && mode == MODE_NONE)
    status = STUB_NOT_WRITING;
  if (status == STUB_OK && !complete) {
    stub_fault.address = stub_writer_address (stub_writer_position ());
    status = STUB_TOO_LITTLE;
  }
  mode = MODE_NONE;
  stub_reply (request, status);
  if (status == STUB_OK && request->words[0] == 0) {
    stub_uart_stop ();
    software_reset ();
  }
}

static void
erase_chip (const StubRequest *request)
{
  stub_settle ();
  stub_fault = (StubFault){ STUB_OK, 0 };
  stub_flash_unlock ();
  if (stub_fault.status == STUB_OK)
    stub_flash_erase (STUB_ERASE_CHIP, 0);
  stub_flash_wait ();
  stub_reply (request, take_fault ());
}

static void
erase_region (const StubRequest *request)
{
  uint32_t address = request->words[0], len = request->words[1], unit;

  stub_settle ();
  stub_fault = (StubFault){ STUB_OK, address };
  if ((address | len) % STUB_SECTOR != 0)
    stub_flash_fail (STUB_BAD_ARGUMENT, address);
  else if (!stub_flash_has (address, len))
    stub_flash_fail (STUB_FLASH_FAILED, address);
  else
    stub_flash_unlock ();
  for (; len > 0 && stub_fault.status == STUB_OK; address += unit, len -= unit) {
    int is_block = address % STUB_BLOCK == 0 && len >= STUB_BLOCK;

    unit = is_block ? STUB_BLOCK : STUB_SECTOR;
    if (!stub_flash_is_blank (address, unit))
      stub_flash_erase (is_block ? STUB_ERASE_BLOCK : STUB_ERASE_SECTOR, address);
    stub_flash_wait ();
  }
  stub_reply (request, take_fault ());
}

const StubHandler stub_write_handlers[] = {
  { 0x02, 16, 20, begin, STUB_CHECKED_IF_GIVEN },
  { 0x03, 16, 16 + STUB_BLOCK_MAX, data, STUB_UNCHECKED },
  { 0x04, 4, 4, end, STUB_UNCHECKED },
  { OP_BEGIN_PACKED, 16, 20, begin, STUB_CHECKED_IF_GIVEN },
  { OP_DATA_PACKED, 16, 16 + STUB_BLOCK_MAX, data, STUB_UNCHECKED },
  { 0x12, 4, 4, end, STUB_UNCHECKED },
  { 0xd0, 0, 0, erase_chip, STUB_CHECKED_IF_GIVEN },
  { 0xd1, 8, 8, erase_region, STUB_CHECKED_IF_GIVEN },
  { 0 },
};
