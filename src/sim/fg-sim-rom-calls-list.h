/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The functions of the ROM that have a stand-in, by the file they are in. */

#include "fg-sim-rom-calls.h"

G_BEGIN_DECLS

/* fg-sim-rom-calls-interrupts.c */
FgSimCallResult fg_sim_rom_call_return_from_handler (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_attach_interrupt (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_mask_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_unmask_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_lock_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_unlock_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_set_exception_handler (FgSimRomCalls *self);

/* fg-sim-rom-calls-system.c */
FgSimCallResult fg_sim_rom_call_start_flash (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_reset_chip (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_do_nothing (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_delay (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_get_cycle_count (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_get_frequency (FgSimRomCalls *self);

/* fg-sim-rom-calls-uart.c */
FgSimCallResult fg_sim_rom_call_send_char (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_receive_char (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_receive_char_block (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_modify_divider (FgSimRomCalls *self);

/* fg-sim-rom-calls-data.c */
FgSimCallResult fg_sim_rom_call_copy (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_fill (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_zero (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_compare (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_length (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_md5_init (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_md5_update (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_md5_final (FgSimRomCalls *self);

/* fg-sim-rom-calls-arithmetic.c */
FgSimCallResult fg_sim_rom_call_divide (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_divide_unsigned (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_remainder_unsigned (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_divide_unsigned_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_remainder_unsigned_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_multiply_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_multiply_wide (FgSimRomCalls *self);

/* fg-sim-rom-calls-flash.c */
FgSimCallResult fg_sim_rom_call_spi_configure (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_attach (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_read (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_write (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_sector (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_block (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_chip (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_unlock (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_wait_idle (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_write_enable (FgSimRomCalls *self);

G_END_DECLS
