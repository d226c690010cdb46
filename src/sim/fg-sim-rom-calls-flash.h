/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the ROM's functions for the flash are made of. */

#include "fg-sim-rom-calls-list.h"

G_BEGIN_DECLS

#define FG_SIM_RESULT_OK 0u
#define FG_SIM_RESULT_ERROR 1u

/* One transfer at once; the processor waits for it. */
void fg_sim_rom_flash_transfer (FgSimRomCalls *self, FgSimTransfer *transfer);
void fg_sim_rom_flash_command (FgSimRomCalls *self, guint8 opcode);
guint8 fg_sim_rom_flash_status (FgSimRomCalls *self);
/* Whether the flash is at something. Then the caller waits until that is likely to have ended. */
gboolean fg_sim_rom_flash_is_busy (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_flash_wait (FgSimRomCalls *self);
/* A call of one command that takes long, with the wait for its end. */
FgSimCallResult fg_sim_rom_flash_run_long (FgSimRomCalls *self, FgSimTransfer *work);

FgSimRomFlash fg_sim_rom_flash_get_params (FgSimRomCalls *self);

G_END_DECLS
