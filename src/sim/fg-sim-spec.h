/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What kind of board is simulated and what shall go wrong with it, parsed from the text after
 * "sim:": a chip, then key=value pairs, separated by commas.
 */

#include "fg-sim-efuse.h"
#include "fg-sim-fuses.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  FG_SIM_BOOT_FLASH,  /* power-on starts what is in the flash */
  FG_SIM_BOOT_LOADER, /* the chip is in its loader already, as after a person held BOOT */
  FG_SIM_BOOT_BUTTON, /* starts the flash; after some seconds a person holds BOOT, taps RESET */
} FgSimBootKind;

typedef enum {
  FG_SIM_FAULT_CORRUPT_RX, /* rx: from the host to the board */
  FG_SIM_FAULT_CORRUPT_TX,
  FG_SIM_FAULT_DROP_RX,
  FG_SIM_FAULT_DROP_TX,
  FG_SIM_FAULT_UNPLUG_RX,
  FG_SIM_FAULT_UNPLUG_TX,
  FG_SIM_FAULT_MUTE,  /* from then on the board says nothing */
  FG_SIM_FAULT_STUCK, /* a byte of the flash that cannot be programmed */
  FG_SIM_FAULT_BUSY,  /* a byte of the flash: erasing its sector never ends */
  /* Of a program in RAM; bytes are counted since it was started. */
  FG_SIM_FAULT_PROGRAM_DIES,        /* the first one, after as many bytes to it */
  FG_SIM_FAULT_PROGRAM_DIES_ALWAYS, /* every one */
  FG_SIM_FAULT_PROGRAM_CORRUPT_RX,  /* the first one's */
  FG_SIM_FAULT_PROGRAM_CORRUPT_TX,
} FgSimFaultKind;

typedef struct {
  FgSimFaultKind kind;
  guint64 value; /* which byte, counted from 1 since the board was made; STUCK, BUSY: an address */
} FgSimFault;

/* How the host is connected to a chip. */
typedef enum {
  FG_SIM_USB_NONE, /* through a serial adapter */
  FG_SIM_USB_JTAG, /* to the USB serial port that the chip has itself */
  FG_SIM_USB_OTG,  /* to the USB serial port that its ROM makes */
} FgSimUsb;

typedef struct {
  const FgSimModel *model;     /* (unowned) static */
  const FgSimVariant *variant; /* (unowned) (nullable) static; of an ESP8266 */
  char *title;                 /* (owned) */
  guint32 flash_size;          /* bytes, a power of two */
  char *image;                 /* (owned) (nullable) file that holds the flash */
  char *rom;                   /* (owned) (nullable) file that holds a dump of the mask ROM */
  guint32 flash_id; /* as 9F reads it, manufacturer in the low byte; 0 with has_flash_id: dead */
  gboolean has_flash_id;   /* FALSE: by size */
  guint8 protect;          /* block protection bits BP2..BP0 at power-on */
  gboolean protect_sticks; /* the protection bits cannot be changed */
  gboolean sfdp;
  gboolean user_enable; /* FALSE: the controller keeps write enable as a user command to itself */
  gboolean datasheet;   /* FALSE: bytes and flash operations take no time */
  guint crystal_mhz;
  guint rom_crystal_mhz; /* what the ROM takes it for */
  gint drift;            /* ESP32: how much higher the ROM measures its crystal, per mille */
  FgSimIdentity identity;
  gboolean secure_download; /* only what is harmless is allowed in the loader */
  FgSimUsb usb;
  gint64 usb_gone_us;               /* how long its port is gone after a reset */
  guint32 efuse[FG_SIM_FUSE_WORDS]; /* as the chip reads them, from model->efuse on */
  gboolean has_efuse; /* ESP8266: given as words; else burnt from variant and identity */
  gboolean lines;     /* DTR and RTS reach the chip */
  FgSimBootKind boot;
  gint64 hold_us;     /* for FG_SIM_BOOT_BUTTON */
  gint64 en_delay_us; /* how long the capacitor on EN takes */
  gboolean misreads;  /* a program in RAM reads wrong bytes from the flash */
  guint32 noise;      /* one byte in so many arrives wrong, to and from a program in RAM; 0: none */
  guint32 max_baud;   /* above it the line garbles everything; 0: never */
  gint64 babble_us;   /* the application prints a line this often; 0: it prints its banner only */
  GArray *faults;     /* (owned) (element-type FgSimFault) */
} FgSimSpec;

FgSimSpec *fg_sim_spec_parse (const char *text, GError **error);
void fg_sim_spec_free (FgSimSpec *self);
char *fg_sim_spec_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimSpec, fg_sim_spec_free)

G_END_DECLS
