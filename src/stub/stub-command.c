/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-command.h"

#include "stub-crc.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-uart.h"

#define DIRECTION_REQUEST 0x00
#define DIRECTION_REPLY 0x01
#define CHECKSUM_SEED 0xefu
#define DATA_HEADER_BYTES 16u
#define OP_SYNC 0x08
#define OP_FIRST_EXTENSION 0xe0
#define OP_LAST_EXTENSION 0xe5

static void
send_reply (uint8_t op, uint32_t value, const void *data, uint32_t len, const uint8_t status[2])
{
  const uint8_t head[4] = { DIRECTION_REPLY, op, (uint8_t) (len + 2), (uint8_t) ((len + 2) >> 8) };

  stub_uart_delimit ();
  stub_uart_send (head, sizeof head);
  stub_uart_send_u32 (value);
  stub_uart_send (data, len);
  stub_uart_send (status, 2);
  stub_uart_delimit ();
}

void
stub_reply_data (uint8_t op, uint32_t value, const void *data, uint32_t len, StubStatus status)
{
  const uint8_t bytes[2] = { (uint8_t) (status >> 8), (uint8_t) status };

  send_reply (op, value, data, len, bytes);
}

/* A reply of the extensions: its value is the CRC-32 of all that follows it. */
void
stub_reply_checked (uint8_t op, const void *data, uint32_t len, StubStatus status)
{
  const uint8_t bytes[2] = { (uint8_t) (status >> 8), (uint8_t) status };

  send_reply (op, stub_crc (stub_crc (0, data, len), bytes, 2), data, len, bytes);
}

static int
is_extension (uint8_t op)
{
  return op >= OP_FIRST_EXTENSION && op <= OP_LAST_EXTENSION;
}

/* A reply without data. A failure tells the address that it is about: in the value, which is the
 * only place that others ignore, or as the data of an extension. */
void
stub_reply (const StubRequest *request, StubStatus status)
{
  uint32_t address = stub_fault.address;

  if (is_extension (request->op))
    stub_reply_checked (request->op, &address, sizeof address, status);
  else
    stub_reply_data (request->op, status == STUB_OK ? 0 : address, NULL, 0, status);
}

/* What is damaged must not do anything: a wrong bit makes another command of it, or another place.
 */
static int
is_damaged (const StubRequest *request, StubCheck check)
{
  if (check == STUB_UNCHECKED || (check == STUB_CHECKED_IF_GIVEN && request->checksum == 0))
    return 0;
  return stub_crc (stub_crc (0, &request->op, 1), request->words, request->len)
         != request->checksum;
}

/* The checksum of data packets: over what follows their 16 bytes of header. */
int
stub_has_checksum (const StubRequest *request)
{
  const uint8_t *bytes = (const uint8_t *) request->words;
  uint8_t sum = CHECKSUM_SEED;

  for (uint32_t i = DATA_HEADER_BYTES; i < request->len; i++)
    sum ^= bytes[i];
  return sum == (uint8_t) request->checksum;
}

static const StubHandler *
find_handler (uint8_t op)
{
  static const StubHandler *const groups[] = {
    stub_stream_handlers,
    stub_write_handlers,
    stub_read_handlers,
    stub_basic_handlers,
  };

  for (uint32_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
    for (const StubHandler *handler = groups[i]; handler->op != 0; handler++)
      if (handler->op == op)
        return handler;
  return NULL;
}

/* Handles the frame that lies in stub_pool. */
void
stub_dispatch (uint32_t frame_len)
{
  const uint32_t *words = (const uint32_t *) stub_pool;
  StubRequest request = {
    .op = stub_pool[1],
    .len = words[0] >> 16,
    .checksum = words[1],
    .words = words + STUB_HEADER_BYTES / 4,
  };
  const StubHandler *handler;

  if (frame_len < STUB_HEADER_BYTES || stub_pool[0] != DIRECTION_REQUEST)
    return;
  handler = find_handler (request.op);
  if (handler == NULL)
    stub_reply (&request, STUB_UNSUPPORTED);
  else if (request.len != frame_len - STUB_HEADER_BYTES || request.len < handler->min_len
           || request.len > handler->max_len)
    stub_reply (&request, STUB_BAD_LENGTH);
  else if (is_damaged (&request, handler->check))
    stub_reply (&request, STUB_BAD_CHECKSUM);
  else if (stub_stream_is_open () && request.op != OP_SYNC && !is_extension (request.op))
    stub_reply (&request, STUB_STREAMING);
  else
    handler->run (&request);
}
