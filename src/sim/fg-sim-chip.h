/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The chip with its flash, from reset to reset: boot text, loader, program. Its UART hears bytes
 * and says bytes; the lanes between it and the host are not its business. Times in nanoseconds.
 */

#include "fg-sim-boot.h"

G_BEGIN_DECLS

typedef struct _FgSimChip FgSimChip;

typedef enum {
  FG_SIM_CHIP_OFF,       /* no power, or EN is low */
  FG_SIM_CHIP_BOOTED,    /* boot text, then the program in the flash */
  FG_SIM_CHIP_LISTENING, /* in the loader, measuring the rate of what comes first */
  FG_SIM_CHIP_LOADER,
  FG_SIM_CHIP_RUNNING, /* a program that was loaded into RAM */
  FG_SIM_CHIP_SILENT,  /* hung */
} FgSimChipState;

FgSimChip *fg_sim_chip_new (const FgSimSpec *spec, GError **error);
void fg_sim_chip_free (FgSimChip *self);

void fg_sim_chip_stop (FgSimChip *self, gboolean power_too);
void fg_sim_chip_start (FgSimChip *self, guint strap, FgSimResetCause cause, gint64 now_ns);
void fg_sim_chip_start_in_loader (FgSimChip *self, gint64 now_ns);

void fg_sim_chip_hang (FgSimChip *self);
void fg_sim_chip_receive (FgSimChip *self, guint8 byte, double line_baud);
void fg_sim_chip_run (
    FgSimChip *self, gsize tx_pending, GByteArray *out, gint64 now_ns, gint64 until_ns);
gint64 fg_sim_chip_next_event (const FgSimChip *self, gsize tx_pending);
gsize fg_sim_chip_get_tx_waiting (const FgSimChip *self);
gboolean fg_sim_chip_is_computing (const FgSimChip *self);
gboolean fg_sim_chip_is_measuring (const FgSimChip *self);
const char *fg_sim_chip_get_fault (const FgSimChip *self);

guint fg_sim_chip_get_resets (const FgSimChip *self);
guint fg_sim_chip_get_pins (const FgSimChip *self);
FgSimChipState fg_sim_chip_get_state (const FgSimChip *self);
double fg_sim_chip_get_baud (const FgSimChip *self);
guint64 fg_sim_chip_get_overflows (const FgSimChip *self);
const guint8 *fg_sim_chip_get_flash (const FgSimChip *self, gsize *size);
const FgSimFlashWork *fg_sim_chip_get_flash_work (const FgSimChip *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimChip, fg_sim_chip_free)

G_END_DECLS
