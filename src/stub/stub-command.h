/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Requests, replies, and who handles which. One request is handled at a time, in the main loop. */
#pragma once

#include "stub-status.h"

#include <stddef.h>
#include <stdint.h>

#define STUB_HEADER_BYTES 8u

/* A request that has the right length. It lies in stub_pool and is gone when the next one is polled
 * for. */
typedef struct {
  uint8_t op;
  uint32_t len;          /* of the data */
  uint32_t checksum;     /* of the data: what kind, depends on the op */
  const uint32_t *words; /* the data */
} StubRequest;

/* Whether the checksum is the CRC-32 of the op and the data. What erases is checked where the host
 * gives one: esptool sends 0. */
typedef enum { STUB_UNCHECKED, STUB_CHECKED_IF_GIVEN, STUB_CHECKED } StubCheck;

typedef struct {
  uint8_t op;
  uint16_t min_len, max_len;
  void (*run) (const StubRequest *request);
  uint8_t check;
} StubHandler;

/* Each ends with an op of 0. */
extern const StubHandler stub_basic_handlers[];
extern const StubHandler stub_write_handlers[];
extern const StubHandler stub_read_handlers[];
extern const StubHandler stub_stream_handlers[];

void stub_reply (const StubRequest *request, StubStatus status);
void
stub_reply_data (uint8_t op, uint32_t value, const void *data, uint32_t len, StubStatus status);
void stub_reply_checked (uint8_t op, const void *data, uint32_t len, StubStatus status);
int stub_has_checksum (const StubRequest *request);
void stub_dispatch (uint32_t frame_len);

/* stub-feed: what waits in stub_pool to be unpacked or copied into the window */
void stub_feed_open (int packed);
void stub_feed_give (const void *bytes, uint32_t len);
int stub_feed_step (void);
int stub_feed_is_complete (void);
void stub_settle (void);

/* stub-stream */
#define STUB_STREAM_FRAME 2112u /* the largest frame while a stream is open */

int stub_stream_is_open (void);
int stub_stream_is_full (void);
int stub_stream_step (void);
void stub_stream_close (void);
