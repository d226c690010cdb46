/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a loader command does, as a list of steps that each take their time: erase this, program
 * that, write a register after a delay, check, answer, leave.
 */

#include "fg-sim-bus.h"

G_BEGIN_DECLS

typedef enum {
  FG_SIM_OP_ERASE_SECTOR, /* address */
  FG_SIM_OP_ERASE_BLOCK,  /* address */
  FG_SIM_OP_PROGRAM,      /* address, data, len: within one page */
  FG_SIM_OP_CHECK,        /* address, data, len: fails with 08 when the checksums differ */
  FG_SIM_OP_DELAY,        /* value: microseconds */
  FG_SIM_OP_WRITE_REG,    /* address, value, mask */
  FG_SIM_OP_BAUD,         /* value: bit/s, once the reply has left */
  FG_SIM_OP_REPLY,        /* value: 0 or a failure code */
  FG_SIM_OP_LEAVE,        /* value: the FgSimRomState to go to */
} FgSimOpKind;

typedef struct {
  FgSimOpKind kind;
  guint32 address, value, mask;
  const guint8 *data; /* (unowned) in the frame that is being executed, or what came out of it */
  gsize len;
} FgSimOp;

/* What the ROM believes about its flash: SPI_SET_PARAMS changes it. */
typedef struct {
  guint32 chip_size, block_size, sector_size;
} FgSimRomFlash;

gboolean
fg_sim_ops_plan_erase (GArray *ops, const FgSimRomFlash *flash, guint32 address, guint32 size);
gboolean fg_sim_ops_plan_erase_exactly (GArray *ops,
                                        const FgSimRomFlash *flash,
                                        guint32 address,
                                        guint32 size);
void fg_sim_ops_plan_program (GArray *ops, guint32 address, const guint8 *data, gsize len);

gboolean fg_sim_op_flash (const FgSimOp *op, FgSimFlash *flash, gint64 now_ns);
gboolean fg_sim_op_check (const FgSimOp *op, FgSimFlash *flash, gint64 now_ns);
guint8 fg_sim_rom_checksum (const guint8 *data, gsize len);

G_END_DECLS
