/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is known about each chip, as one const row. A new chip is a new row. Nothing here does I/O.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_CHIP_ESP8266, /* the ESP8285 is an ESP8266 with flash inside: see fg-efuse */
  FG_CHIP_ESP32,
  FG_CHIP_ESP32S2,
  FG_CHIP_ESP32S3,
  FG_CHIP_ESP32C3,
  FG_CHIP_ESP32C2,
  FG_CHIP_ESP32C5,
  FG_CHIP_ESP32C6,
  FG_CHIP_ESP32C61,
  FG_CHIP_ESP32H2,
  FG_CHIP_ESP32H21,
  FG_CHIP_ESP32H4,
  FG_CHIP_ESP32P4,
  FG_CHIP_ESP32S31,
  FG_CHIP_ESP32E22,
  FG_N_CHIPS
} FgChipId;

typedef enum {
  FG_FREQ_TABLE_80, /* nibbles F, 0, 1, 2 mean 80, 40, 26, 20 MHz */
  FG_FREQ_TABLE_60, /* 60, 30, 20, 15 */
  FG_FREQ_TABLE_48, /* 48, 24, 16, 12 */
  FG_FREQ_TABLE_C5, /* 80, 40, -, 20 */
  FG_FREQ_TABLE_C6, /* -, 40 and 80, -, 20 */
} FgFreqTable;

#define FG_BOOT_GPIO_UNKNOWN 0xff

typedef struct {
  FgChipId id;
  const char *name;                    /* "ESP8266", "ESP32-S3" */
  int image_chip_id;                   /* in image headers and GET_SECURITY_INFO; -1: none */
  guint32 magic;                       /* the word at 0x40001000; 0: not used to detect this chip */
  guint32 boot_offset;                 /* where the ROM looks for the bootloader */
  guint32 uf2_family;                  /* 0: none */
  guint16 crystal_mhz;                 /* 0: to be measured */
  guint8 encrypt_align;                /* bytes; 0: no flash encryption */
  guint32 spi_base;                    /* CMD at +0, ADDR at +4 */
  guint8 spi_usr, spi_usr1, spi_usr2;  /* register offsets */
  guint8 spi_mosi_dlen, spi_miso_dlen; /* 0: the lengths are in USR1 */
  guint8 spi_w0;
  gboolean spi_addr_shifted; /* the address register holds the address in its top bits */
  guint32 uart_clkdiv;       /* 0: fixed */
  guint8 uart_clkdiv_factor; /* crystal = baud * divider / this */
  guint32 efuse_base;
  guint8 efuse_mac;    /* offset of the MAC words */
  guint8 efuse_block1; /* offset of block 1 (C2: block 2); 0: none */
  FgFreqTable freq_table;
  guint8 boot_gpio; /* low at reset starts the loader */
} FgChip;

const FgChip *fg_chip_get (FgChipId id);
const FgChip *fg_chip_by_magic (guint32 magic);
const FgChip *fg_chip_by_image_id (int image_chip_id);

G_END_DECLS
