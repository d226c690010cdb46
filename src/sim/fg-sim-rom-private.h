/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The loader's state, shared by what runs it and by what its commands mean. */

#include "fg-sim-queue.h"
#include "fg-sim-rom-ops.h"
#include "fg-sim-rom.h"
#include "fg-sim-slip.h"

G_BEGIN_DECLS

#define FG_SIM_ROM_HEADER_LEN 8
#define FG_SIM_ROM_OP_SYNC 0x08

/* Reason codes: PROTOCOL-FACTS 1.5 */
#define FG_SIM_FAIL_MESSAGE 0x05
#define FG_SIM_FAIL_RESULT 0x06
#define FG_SIM_FAIL_CHECKSUM 0x07
#define FG_SIM_FAIL_WRITE 0x08

/* One announced run of blocks, to the flash or to RAM. */
typedef struct {
  guint32 total, packets, block_size, address; /* as announced; address moves on */
  guint32 received;                            /* bytes */
  guint32 sequence;                            /* of the next block */
} FgSimRomRun;

struct _FgSimRom {
  FgSimBus *bus;     /* (unowned) */
  FgSimSpi *spi;     /* (unowned) */
  FgSimFlash *flash; /* (unowned) */
  gboolean timed;
  FgSimRomState state;
  FgSimQueue received;
  FgSimSlip frame;
  GArray *ops; /* (owned) (element-type FgSimOp) of the command being executed */
  guint next_op;
  gint64 busy_until;
  FgSimRomFlash params;
  FgSimRomRun flash_run, mem_run;
  guint32 entry; /* of what was loaded into RAM */
  /* The reply lives on from command to command: what a command does not set is stale. */
  guint8 reply_op;
  guint32 reply_value;
  guint8 reply_status[2];
};

void fg_sim_rom_execute (FgSimRom *self, gint64 now_ns);

G_END_DECLS
