/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Brings a stream of bytes onto the flash: one position in the stream, several runs of flash that
 * it fills one after the other. Erases ahead of the data, skips what is blank already, reads back
 * what it has programmed. Never waits: every call of stub_writer_step() starts at most one
 * operation of the flash. */
#pragma once

#include <stdint.h>

#define STUB_RUNS_MAX 64u

typedef struct {
  uint32_t offset, len; /* bytes; the offset is a multiple of 4 */
} StubRun;

typedef enum {
  STUB_WRITE_HOLD = 1 << 0,   /* the first sector goes to the flash when all else is there */
  STUB_WRITE_VERIFY = 1 << 1, /* read back, and keep the digests */
} StubWriteFlags;

typedef struct {
  uint32_t digest_rest,
      digest_held; /* CRC-32 over flash: in stream order without what was held, and of that */
  uint32_t sectors_erased, blocks_erased, sectors_blank;
} StubWriteReport;

extern StubWriteReport stub_write_report;

void stub_writer_open (const StubRun *runs, uint32_t count, uint32_t flags, uint8_t *hold);
void stub_writer_close (void);
int stub_writer_is_open (void);
uint32_t stub_writer_total (void);
uint32_t stub_writer_limit (void);
uint32_t stub_writer_position (void);
int stub_writer_can_program (void);
uint32_t stub_writer_address (uint32_t position);
void stub_writer_advance (uint32_t position);
int stub_writer_step (void);
void stub_writer_finish (void);
