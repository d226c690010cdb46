/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The SPI flash. Erasing and programming are started and not waited for: ask stub_flash_idle()
 * before the next step. The first thing that goes wrong is kept, with its address, until somebody
 * clears it. */
#pragma once

#include "stub-status.h"

#include <stdint.h>

#define STUB_SECTOR 4096u
#define STUB_BLOCK 65536u
#define STUB_PROGRAM_BYTES                                                                         \
  64u /* the controller's whole buffer; esp-open-rtos programs as much at once */

typedef enum {
  STUB_ERASE_SECTOR,
  STUB_ERASE_BLOCK,
  STUB_ERASE_CHIP,
} StubErase;

typedef struct {
  StubStatus status;
  uint32_t address;
} StubFault;

extern StubFault stub_fault;
extern uint32_t stub_flash_size; /* bytes; 0 while nobody knows */

void stub_flash_start (void);
void stub_flash_hurry (void);
void stub_flash_attach (void);
void stub_flash_fail (StubStatus status, uint32_t address);
int stub_flash_has (uint32_t address, uint32_t len);
int stub_flash_idle (void);
void stub_flash_wait (void);
void stub_flash_unlock (void);
void stub_flash_erase (StubErase what, uint32_t address);
void stub_flash_program (uint32_t address, const uint32_t *words, uint32_t len);
void stub_flash_read (uint32_t address, uint32_t *words, uint32_t len);
uint32_t stub_flash_crc (uint32_t crc, uint32_t address, uint32_t len);
int stub_flash_is_blank (uint32_t address, uint32_t len);
