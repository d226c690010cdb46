/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The serial loader in the mask ROM of the ESP8266, as PROTOCOL-FACTS sections 9 and 17 found it,
 * quirks included. It is driven: bytes that the UART received go in, bytes to send come out, and
 * each operation takes the time that the flash takes. Times in nanoseconds.
 */

#include "fg-sim-rom-ops.h"

G_BEGIN_DECLS

typedef struct _FgSimRom FgSimRom;

typedef enum {
  FG_SIM_ROM_RUNNING,
  FG_SIM_ROM_HUNG,          /* until reset */
  FG_SIM_ROM_LEFT_TO_FLASH, /* starts what is in the flash */
  FG_SIM_ROM_LEFT_TO_RAM,   /* calls what was loaded into RAM */
} FgSimRomState;

FgSimRom *fg_sim_rom_new (FgSimBus *bus, FgSimSpi *spi, FgSimFlash *flash, gboolean timed);
void fg_sim_rom_free (FgSimRom *self);
void fg_sim_rom_reset (FgSimRom *self);
FgSimRomState fg_sim_rom_get_state (const FgSimRom *self);
guint32 fg_sim_rom_get_entry (const FgSimRom *self);
const FgSimRomFlash *fg_sim_rom_get_params (const FgSimRom *self);

gboolean fg_sim_rom_receive (FgSimRom *self, guint8 byte);
void fg_sim_rom_run (FgSimRom *self, GByteArray *out, gint64 now_ns);
gint64 fg_sim_rom_next_event (const FgSimRom *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimRom, fg_sim_rom_free)

G_END_DECLS
