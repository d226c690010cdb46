/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The loader's state, shared by what runs it and by what its commands mean. */

#include "fg-sim-inflate.h"
#include "fg-sim-queue.h"
#include "fg-sim-rom-ops.h"
#include "fg-sim-rom.h"
#include "fg-sim-slip.h"

G_BEGIN_DECLS

#define FG_SIM_ROM_HEADER_LEN 8
#define FG_SIM_ROM_BLOCK_HEADER_LEN 16
#define FG_SIM_ROM_OP_SYNC 0x08
#define FG_SIM_ROM_READ_LEN 64 /* what READ_FLASH_SLOW always gives */

/* Reason codes: PROTOCOL-FACTS 1.5 and 17 */
#define FG_SIM_FAIL_MESSAGE 0x05
#define FG_SIM_FAIL_RESULT 0x06
#define FG_SIM_FAIL_CHECKSUM 0x07
#define FG_SIM_FAIL_WRITE 0x08
#define FG_SIM_FAIL_READ 0x09
#define FG_SIM_FAIL_INFLATE 0x0b

/* One announced run of blocks, to the flash or to RAM. */
typedef struct {
  guint32 total, packets, block_size, address; /* as announced; address moves on */
  guint32 received;                            /* bytes */
  guint32 sequence;                            /* of the next block */
  gboolean encrypt;
} FgSimRomRun;

struct _FgSimRom {
  const FgSimSpec *spec;   /* (unowned) */
  const FgSimModel *model; /* (unowned) static */
  FgSimBus *bus;           /* (unowned) */
  FgSimSpi *spi;           /* (unowned) */
  FgSimFlash *flash;       /* (unowned) */
  gboolean timed;
  FgSimRomState state;
  FgSimQueue received;
  FgSimSlip frame;
  GArray *ops; /* (owned) (element-type FgSimOp) of the command being executed */
  guint next_op;
  gint64 busy_until;
  FgSimRomFlash params;
  FgSimRomRun flash_run, mem_run;
  FgSimInflate inflate;
  GByteArray *cooked; /* (owned) what goes to the flash instead of what came in the frame */
  guint32 entry;      /* of what was loaded into RAM */
  /* The reply lives on from command to command: what a command does not set is stale. */
  guint8 reply_op;
  guint32 reply_value;
  guint8 reply_status[4];
  GByteArray *reply_data; /* (owned) comes before the status; not when that is a failure */
};

/* What a command has to say. */
typedef struct {
  guint8 op;
  const guint8 *data;
  gsize len;
  guint8 checksum;
  gint64 now_ns;
} FgSimRequest;

void fg_sim_rom_execute (FgSimRom *self, gint64 now_ns);

guint32 fg_sim_rom_get_u32 (const guint8 *bytes);
void fg_sim_rom_plan (FgSimRom *self, FgSimOp op);
void fg_sim_rom_plan_reply (FgSimRom *self, guint8 failure);
gboolean fg_sim_rom_begin (FgSimRomRun *run, const FgSimRequest *request, gsize len);
guint8 fg_sim_rom_accept_block (FgSimRomRun *run, const FgSimRequest *request, guint align);

/* What the commands do: in fg-sim-rom-flash. */
void fg_sim_rom_flash_begin (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_flash_data (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_flash_end (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_deflate_begin (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_deflate_data (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_deflate_end (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_set_params (FgSimRom *self, const FgSimRequest *request);

/* What an ESP8266 does not know: in fg-sim-rom-later. */
void fg_sim_rom_attach (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_read_slowly (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_change_baud (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_digest (FgSimRom *self, const FgSimRequest *request);
void fg_sim_rom_get_security (FgSimRom *self, const FgSimRequest *request);

G_END_DECLS
