/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-calls-list.h"

#include <stdlib.h>

/* Addresses and names: eagle.rom.addr.v6.ld of Espressif's SDKs. Sorted by address. */
static const FgSimRomCall calls[] = {
  { 0x40000454, "_xtos_set_exception_handler", fg_sim_rom_call_set_exception_handler },
  { 0x40000650, "__muldi3", fg_sim_rom_call_multiply_64 },
  { 0x400006c4, "xthal_memcpy", fg_sim_rom_call_copy },
  { 0x40000f74, "ets_intr_lock", fg_sim_rom_call_lock_interrupts },
  { 0x40000f80, "ets_intr_unlock", fg_sim_rom_call_unlock_interrupts },
  { 0x40000f88, "ets_isr_attach", fg_sim_rom_call_attach_interrupt },
  { 0x40000f98, "ets_isr_mask", fg_sim_rom_call_mask_interrupts },
  { 0x40000fa8, "ets_isr_unmask", fg_sim_rom_call_unmask_interrupts },
  { 0x40000fbc, "ets_set_user_start", fg_sim_rom_call_do_nothing },
  { 0x400010a8, "main, where it starts the flash", fg_sim_rom_call_start_flash },
  { FG_SIM_ROM_RETURN_TO_MAIN, "main, after the program", fg_sim_rom_call_start_flash },
  { 0x400018a4, "ets_memset", fg_sim_rom_call_fill },
  { 0x400018b4, "ets_memcpy", fg_sim_rom_call_copy },
  { 0x400018c4, "ets_memmove", fg_sim_rom_call_copy },
  { 0x400018d4, "ets_memcmp", fg_sim_rom_call_compare },
  { 0x4000242c, "ets_install_putc1", fg_sim_rom_call_do_nothing },
  { 0x4000264c, "software_reset", fg_sim_rom_call_reset_chip },
  { 0x40002ac8, "ets_strlen", fg_sim_rom_call_length },
  { 0x40002ae8, "ets_bzero", fg_sim_rom_call_zero },
  { 0x40002ecc, "ets_delay_us", fg_sim_rom_call_delay },
  { 0x40002f04, "ets_update_cpu_frequency", fg_sim_rom_call_do_nothing },
  { 0x40002f0c, "ets_get_cpu_frequency", fg_sim_rom_call_get_frequency },
  { 0x40002fa0, "ets_wdt_enable", fg_sim_rom_call_do_nothing },
  { 0x400030f0, "ets_wdt_disable", fg_sim_rom_call_do_nothing },
  { 0x400039d8, "uart_div_modify", fg_sim_rom_call_modify_divider },
  { 0x40003b30, "uart_tx_one_char", fg_sim_rom_call_send_char },
  { 0x40003b64, "uart_rx_one_char_block", fg_sim_rom_call_receive_char_block },
  { 0x40003b8c, "uart_rx_one_char", fg_sim_rom_call_receive_char },
  { 0x40003f58, "SelectSpiFunction", fg_sim_rom_call_spi_attach },
  { 0x4000443c, "SPI_write_enable", fg_sim_rom_call_spi_write_enable },
  { 0x4000448c, "Wait_SPI_Idle", fg_sim_rom_call_spi_wait_idle },
  { 0x40004644, "spi_flash_attach", fg_sim_rom_call_spi_attach },
  { 0x40004678, "Cache_Read_Enable", fg_sim_rom_call_do_nothing },
  { 0x400047f0, "Cache_Read_Disable", fg_sim_rom_call_do_nothing },
  { 0x40004878, "SPIUnlock", fg_sim_rom_call_spi_unlock },
  { 0x400048ec, "SPIReadModeCnfig", fg_sim_rom_call_do_nothing },
  { 0x40004984, "SPIEraseChip", fg_sim_rom_call_spi_erase_chip },
  { 0x400049b4, "SPIEraseBlock", fg_sim_rom_call_spi_erase_block },
  { 0x40004a00, "SPIEraseSector", fg_sim_rom_call_spi_erase_sector },
  { 0x40004a4c, "SPIWrite", fg_sim_rom_call_spi_write },
  { 0x40004b1c, "SPIRead", fg_sim_rom_call_spi_read },
  { 0x40004c2c, "SPIParamCfg", fg_sim_rom_call_spi_configure },
  { 0x40009818, "MD5Init", fg_sim_rom_call_md5_init },
  { 0x40009834, "MD5Update", fg_sim_rom_call_md5_update },
  { 0x40009900, "MD5Final", fg_sim_rom_call_md5_final },
  { 0x4000bf4c, "strlen", fg_sim_rom_call_length },
  { 0x4000d310, "__udivdi3", fg_sim_rom_call_divide_unsigned_64 },
  { 0x4000d770, "__umoddi3", fg_sim_rom_call_remainder_unsigned_64 },
  { FG_SIM_ROM_RETURN_FROM_HANDLER, "_xtos_return_from_exc", fg_sim_rom_call_return_from_handler },
  { 0x4000dc88, "__divsi3", fg_sim_rom_call_divide },
  { 0x4000dcf0, "__umulsidi3", fg_sim_rom_call_multiply_wide },
  { 0x4000dd38, "xthal_get_ccount", fg_sim_rom_call_get_cycle_count },
  { 0x4000de84, "bzero", fg_sim_rom_call_zero },
  { 0x4000dea8, "memcmp", fg_sim_rom_call_compare },
  { 0x4000df48, "memcpy", fg_sim_rom_call_copy },
  { 0x4000e04c, "memmove", fg_sim_rom_call_copy },
  { 0x4000e190, "memset", fg_sim_rom_call_fill },
  { 0x4000e21c, "__udivsi3", fg_sim_rom_call_divide_unsigned },
  { 0x4000e268, "__umodsi3", fg_sim_rom_call_remainder_unsigned },
};

static int
compare_call (const void *key, const void *row)
{
  guint32 address = *(const guint32 *) key, other = ((const FgSimRomCall *) row)->address;

  return address < other ? -1 : address > other;
}

/** fg_sim_rom_calls_find: Returns: (nullable): the function that begins at @address */
const FgSimRomCall *
fg_sim_rom_calls_find (guint32 address)
{
  return bsearch (&address, calls, G_N_ELEMENTS (calls), sizeof calls[0], compare_call);
}
