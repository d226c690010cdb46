/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The serial loader in the mask ROM, as PROTOCOL-FACTS sections 2, 9 and 17 found it in an ESP8266,
 * an ESP32 and an ESP32-C3, quirks included. It is driven: bytes that the UART received go in,
 * bytes to send come out, and each operation takes the time that the flash takes. Times in
 * nanoseconds.
 */

#include "fg-sim-rom-ops.h"

G_BEGIN_DECLS

typedef struct _FgSimRom FgSimRom;

typedef enum {
  FG_SIM_ROM_RUNNING,
  FG_SIM_ROM_HUNG,          /* until reset */
  FG_SIM_ROM_LEFT_TO_FLASH, /* starts what is in the flash */
  FG_SIM_ROM_LEFT_TO_RAM,   /* calls what was loaded into RAM */
  FG_SIM_ROM_ENDED,         /* has nothing to start: FLASH_END on a later chip */
  FG_SIM_ROM_RESETS,        /* resets the chip */
} FgSimRomState;

FgSimRom *fg_sim_rom_new (const FgSimSpec *spec, FgSimBus *bus, FgSimSpi *spi, FgSimFlash *flash);
void fg_sim_rom_free (FgSimRom *self);
void fg_sim_rom_reset (FgSimRom *self);
FgSimRomState fg_sim_rom_get_state (const FgSimRom *self);
guint32 fg_sim_rom_get_entry (const FgSimRom *self);
const FgSimRomFlash *fg_sim_rom_get_params (const FgSimRom *self);

gboolean fg_sim_rom_receive (FgSimRom *self, guint8 byte);
void fg_sim_rom_run (FgSimRom *self, GByteArray *out, gint64 now_ns);
gint64 fg_sim_rom_next_event (const FgSimRom *self);
gboolean fg_sim_rom_waits_for_line (const FgSimRom *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimRom, fg_sim_rom_free)

G_END_DECLS
