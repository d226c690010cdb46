/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What sets the chips of Espressif's family apart, as data: one row a chip. Everything else about
 * them is the same model. From PROTOCOL-FACTS sections 3 to 6, 12 and 17; what those leave open is
 * marked where it stands.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Where a number, or a part of it, is burnt. */
typedef struct {
  guint16 offset; /* of the word, bytes from the eFuse block's base */
  guint8 shift;
  guint8 bits; /* 0: nowhere */
} FgSimFuse;

/* A place: word and bits in the block of eFuses that begins at @block. */
#define FG_SIM_FUSE(block, word, shift, bits)                                                      \
  {                                                                                                \
    (block) + 4 * (word), (shift), (bits)                                                          \
  }

/* Some numbers did not fit into one place: the low bits are here, the high bits there. */
typedef struct {
  FgSimFuse low, high;
} FgSimFuseNumber;

#define FG_SIM_FUSE_NUMBER(block, word, shift, bits)                                               \
  {                                                                                                \
    FG_SIM_FUSE (block, word, shift, bits)                                                         \
  }

typedef enum {
  FG_SIM_FUSE_PACKAGE,
  FG_SIM_FUSE_MINOR, /* of the revision */
  FG_SIM_FUSE_MAJOR,
  FG_SIM_FUSE_FLASH, /* embedded, as a code: flash_mb */
  FG_SIM_FUSE_VENDOR,
  FG_SIM_FUSE_PSRAM,
  FG_SIM_FUSE_CRYPT_COUNT, /* an odd number of bits: flash encryption is on */
  FG_SIM_FUSE_SECURE_BOOT,
  FG_SIM_FUSE_CLOCK, /* ESP32: the internal 8 MHz clock, in units of 100 kHz */
  FG_SIM_N_FUSES,
} FgSimFuseId;

/* Register offsets of an SPI controller; PROTOCOL-FACTS 4.2 and 7.1. */
typedef struct {
  guint8 usr, usr1, usr2;
  guint8 mosi_len, miso_len; /* 0: the lengths are in USR1 */
  guint8 w0;
  gboolean address_on_top;     /* the address register is shifted out from bit 31 on */
  gboolean has_flash_commands; /* CMD has a bit for each flash command as well */
} FgSimSpiLayout;

/* What resets a chip that sits in its loader behind native USB; PROTOCOL-FACTS 4.3. */
typedef struct {
  guint32 config0, config1, protect; /* addresses; 0: unknown */
  guint32 super_config, super_protect, super_key;
  guint8 super_bit; /* feeds itself */
} FgSimWatchdogLayout;

typedef struct {
  const char *first_lines; /* what a reset prints before all else */
  guint flash, loader;     /* the number behind "boot:" */
  const char *loader_name;
  gboolean long_reset_names; /* "POWERON_RESET" and not "POWERON" */
  const char *after_end;     /* (nullable) what FLASH_END(1) leads to; NULL: silence */
} FgSimBootText;

typedef struct {
  const char *name;  /* as a specification spells it */
  const char *title; /* "ESP32-S3" */
  gint chip_id;      /* of GET_SECURITY_INFO; -1: it does not know that command */
  guint security_len;
  gboolean has_secure_download;
  guint32 magic;       /* at 0x40001000 */
  guint begin_len;     /* bytes of FLASH_BEGIN */
  guint status_len;    /* bytes at the end of a reply */
  guint32 flash_known; /* bytes; what its ROM believes before SPI_SET_PARAMS */
  guint default_flash; /* MB on a usual board */
  guint crystals[3];   /* MHz, the usual one first */
  guint rom_crystal;   /* MHz, what the ROM takes any crystal for; 0: it measures */
  guint clock_factor;  /* the UART's clock is this many crystals */

  guint32 spi, uart, efuse; /* addresses; 0: unknown */
  guint efuse_len;          /* bytes */
  const FgSimSpiLayout *spi_layout;
  guint32 strap;          /* register that shows the number behind "boot:"; 0: unknown */
  guint32 force_download; /* register that can keep the chip in its loader; 0: none */
  guint32 force_bit;      /* which bit of it; 0: bit 0 */
  gboolean flash_off;     /* revisions 3.1 and 3.2 of the P4: see fg_sim_bus_is_flash_on() */
  guint32 clock_check;    /* ESP32: the crystal, measured by the internal clock; 0: none */
  guint32 crystal_known;  /* C5: the ROM's belief, MHz, bits 30-24; 0: none */
  guint32 date;           /* ESP32: bit 31 belongs to the revision; 0: none */

  guint16 mac; /* offset in the eFuses */
  gboolean has_eui64;
  FgSimFuseNumber fuses[FG_SIM_N_FUSES];
  guint default_revision;   /* major * 100 + minor */
  const guint8 *majors;     /* (nullable) major revision to what is burnt, four of them */
  const guint8 flash_mb[6]; /* by code; code 0: none */
  const guint8 psram_mb[6];

  gboolean has_usb_jtag, has_usb_otg;
  FgSimWatchdogLayout watchdog;
  guint32 image_at; /* where the ROM looks for an image in the flash */
  FgSimBootText boot;
} FgSimModel;

/* Those since the ESP32-S2; fg_sim_model_find() looks here as well. */
extern const FgSimModel fg_sim_later_models[];
extern const gsize fg_sim_n_later_models;

const FgSimModel *fg_sim_model_get_esp8266 (void);
const FgSimModel *fg_sim_model_find (const char *name);
char *fg_sim_model_list (void);

G_END_DECLS
