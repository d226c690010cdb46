/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Our stub for the ESP8266, ready to be uploaded. Constant, for any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint32_t *text; /* words of the chip, to be sent lowest byte first */
  size_t text_words;
  uint32_t text_address;
  const uint32_t *data;
  size_t data_words;
  uint32_t data_address;
  uint32_t entry; /* for MEM_END */
} FgStubData;

extern const FgStubData fg_stub_esp8266;
