/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The functions of the ROM that have a stand-in, by the file they are in. */

#include "fg-sim-rom-calls.h"

G_BEGIN_DECLS

/* fg-sim-rom-calls-interrupts.c */
FgSimCallResult fg_sim_rom_call_return_from_handler (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_attach_interrupt (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_set_interrupt_handler (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_mask_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_unmask_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_get_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_clear_interrupts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_interrupts_on (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_interrupts_off (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_set_level (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_set_least_level (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_restore_level (FgSimRomCalls *self);
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
FgSimCallResult fg_sim_rom_call_get_compare (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_set_compare (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_get_reset_cause (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_enable_watchdog (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_disable_watchdog (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_enable_cache (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_disable_cache (FgSimRomCalls *self);

/* fg-sim-rom-calls-uart.c */
FgSimCallResult fg_sim_rom_call_send_char (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_print (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_get_uart (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_receive_char (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_receive_char_block (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_modify_divider (FgSimRomCalls *self);

/* fg-sim-rom-calls-data.c */
FgSimCallResult fg_sim_rom_call_copy (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_fill (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_zero (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_compare (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_copy_from (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_length (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_compare_texts (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_compare_texts_n (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_copy_text (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_copy_text_n (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_find_text (FgSimRomCalls *self);

/* fg-sim-rom-calls-digest.c */
FgSimCallResult fg_sim_rom_call_md5_init (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_sha1_init (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_digest_update (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_digest_final (FgSimRomCalls *self);

/* fg-sim-rom-calls-arithmetic.c */
FgSimCallResult fg_sim_rom_call_divide (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_divide_unsigned (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_remainder_unsigned (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_divide_unsigned_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_divide_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_remainder_unsigned_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_multiply_64 (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_multiply_wide (FgSimRomCalls *self);

/* fg-sim-rom-calls-flash.c */
FgSimCallResult fg_sim_rom_call_spi_read (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_read_data (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_write (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_page_program (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_sector (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_block (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_sector_erase (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_area (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_erase_chip (FgSimRomCalls *self);

/* fg-sim-rom-calls-status.c */
FgSimCallResult fg_sim_rom_call_spi_configure (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_attach (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_unlock (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_lock (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_read_status (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_write_status (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_wait_idle (FgSimRomCalls *self);
FgSimCallResult fg_sim_rom_call_spi_write_enable (FgSimRomCalls *self);

G_END_DECLS
