/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Everything that has nothing to do with the flash's contents. */
#include "stub-command.h"
#include "stub-flash.h"
#include "stub-rom.h"
#include "stub-uart.h"

#define SYNC_REPLIES 8
#define SYNC_MAGIC 0x20120707u
#define DATA_HEADER_WORDS 4u
/* Up to here processor and flash keep up with the line; only above they are made faster, which no
 * board has proved. */
#define BAUD_UNHURRIED 1000000u

typedef void (*Program) (void);

extern uint8_t stub_text_start[], stub_text_end[], stub_data_start[], stub_bss_end[];

static struct {
  uint32_t block_size, address;
} upload;

/* The value 0 tells a stub from a ROM. */
static void
sync (const StubRequest *request)
{
  if (request->words[0] != SYNC_MAGIC) {
    stub_reply (request, STUB_BAD_ARGUMENT);
    return;
  }
  stub_stream_close ();
  for (int i = 0; i < SYNC_REPLIES; i++)
    stub_reply (request, STUB_OK);
}

/* An unaligned access would be the end. */
static void
read_register (const StubRequest *request)
{
  uint32_t address = request->words[0];

  if (address % 4 != 0)
    stub_reply (request, STUB_BAD_ARGUMENT);
  else
    stub_reply_data (request->op, STUB_REG (address), NULL, 0, STUB_OK);
}

static void
write_registers (const StubRequest *request)
{
  if (request->len % 16 != 0) {
    stub_reply (request, STUB_BAD_LENGTH);
    return;
  }
  for (const uint32_t *item = request->words; item < request->words + request->len / 4; item += 4) {
    uint32_t value = item[1], mask = item[2];

    if (item[0] % 4 != 0) {
      stub_reply (request, STUB_BAD_ARGUMENT);
      return;
    }
    ets_delay_us (item[3]);
    if (mask != 0xffffffff)
      value = (STUB_REG (item[0]) & ~mask) | (value & mask);
    STUB_REG (item[0]) = value;
  }
  stub_reply (request, STUB_OK);
}

static int
overlaps (uint32_t start, uint32_t len, const uint8_t *from, const uint8_t *to)
{
  return start < (uint32_t) to && start + len > (uint32_t) from;
}

static void
begin_upload (const StubRequest *request)
{
  uint32_t len = request->words[0], address = request->words[3];

  upload.block_size = request->words[2];
  upload.address = address;
  if (address % 4 != 0 || overlaps (address, len, stub_text_start, stub_text_end)
      || overlaps (address, len, stub_data_start, stub_bss_end)) {
    upload.block_size = 0;
    stub_reply (request, STUB_BAD_ARGUMENT);
    return;
  }
  stub_reply (request, STUB_OK);
}

/* Instruction RAM takes whole words only. */
static void
upload_block (const StubRequest *request)
{
  uint32_t len = request->words[0];
  uint32_t address = upload.address + request->words[1] * upload.block_size;

  if (upload.block_size == 0) {
    stub_reply (request, STUB_NOT_WRITING);
  } else if (len != request->len - DATA_HEADER_WORDS * 4 || len > upload.block_size
             || len % 4 != 0) {
    stub_reply (request, STUB_BAD_LENGTH);
  } else if (!stub_has_checksum (request)) {
    stub_reply (request, STUB_BAD_CHECKSUM);
  } else {
    for (uint32_t i = 0; i < len / 4; i++)
      STUB_REG (address + 4 * i) = request->words[DATA_HEADER_WORDS + i];
    stub_reply (request, STUB_OK);
  }
}

static void
end_upload (const StubRequest *request)
{
  stub_reply (request, STUB_OK);
  if (request->words[0] != 0)
    return;
  stub_uart_stop ();
  ((Program) request->words[1]) ();
  stub_uart_start ();
}

/* The divider in force is scaled by the rates: whatever the crystal is, the host has got its clock
 * right. */
static void
change_baud (const StubRequest *request)
{
  uint32_t wanted = request->words[0], present = request->words[1];
  uint32_t clock = (UART_DIVIDER & 0xfffff) * present;

  if (wanted == 0 || present == 0 || wanted > clock / 8) {
    stub_reply (request, STUB_BAD_ARGUMENT);
    return;
  }
  stub_reply (request, STUB_OK);
  stub_uart_set_divider ((clock + wanted / 2) / wanted);
  if (wanted > BAUD_UNHURRIED) {
    CPU_CLOCK |= 1;
    stub_flash_hurry ();
  }
}

static void
set_flash_parameters (const StubRequest *request)
{
  const uint32_t *words = request->words;

  stub_flash_size = words[1];
  SPIParamCfg (words[0], words[1], words[2], words[3], words[4], words[5]);
  stub_reply (request, STUB_OK);
}

static void
attach (const StubRequest *request)
{
  if (request->words[0] != 0) {
    stub_reply (request, STUB_BAD_ARGUMENT);
    return;
  }
  stub_flash_attach ();
  stub_reply (request, STUB_OK);
}

/* This chip has no security to inform about. */
static void
refuse (const StubRequest *request)
{
  stub_reply (request, STUB_UNSUPPORTED);
}

const StubHandler stub_basic_handlers[] = {
  { 0x08, 36, 36, sync, STUB_UNCHECKED },
  { 0x0a, 4, 4, read_register, STUB_UNCHECKED },
  { 0x09, 16, 1024, write_registers, STUB_UNCHECKED },
  { 0x05, 16, 16, begin_upload, STUB_UNCHECKED },
  { 0x07, 16, 16 + 0x4000, upload_block, STUB_UNCHECKED },
  { 0x06, 8, 8, end_upload, STUB_UNCHECKED },
  { 0x0f, 8, 8, change_baud, STUB_UNCHECKED },
  { 0x0b, 24, 24, set_flash_parameters, STUB_UNCHECKED },
  { 0x0d, 4, 8, attach, STUB_UNCHECKED },
  { 0x14, 0, 0xffff, refuse, STUB_UNCHECKED },
  { 0 },
};
