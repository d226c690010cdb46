/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The two status bytes of a reply, first byte high. The same numbers as other stubs use. */
#pragma once

typedef enum {
  STUB_OK = 0,
  STUB_BAD_LENGTH = 0xc000,
  STUB_BAD_CHECKSUM = 0xc100,
  STUB_BAD_BLOCK = 0xc200,
  STUB_BAD_ARGUMENT = 0xc300,
  STUB_FLASH_FAILED = 0xc400,
  STUB_FLASH_LOCKED = 0xc500,
  STUB_NOT_WRITING = 0xc600,
  STUB_BAD_DATA = 0xc700,
  STUB_TOO_LITTLE = 0xc800,
  STUB_TOO_MUCH = 0xc900,
  STUB_STREAMING = 0xcc00,
  STUB_UNSUPPORTED = 0xff00,
} StubStatus;
