/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Small programs for the LX106 at 0x40100000, as hexadecimal text, below what xtensa-lx106-elf-as
 * made them of: literals come first, after a jump over them.
 */

/*
 *   movi a5, 0x60000000
 *   movi a2, 'a'
 *   s32i a2, a5, 0
 * 1: l32i a6, a5, 0x1c ; how many wait in the FIFO
 *   extui a6, a6, 16, 8
 *   bnez a6, 1b
 *   movi a2, 'b'
 *   s32i a2, a5, 0
 * 2: j 2b
 */
#define DRAINS "060100000000006051ffff22a061290568756060755676ff22a062290506ffff"

/*
 *   movi a0, 0x40003b30 ; uart_tx_one_char
 *   movi a2, 'o'
 *   callx0 a0
 *   movi a0, 0x40003b30
 *   movi a2, 'k'
 *   callx0 a0
 *   movi a0, 0x40001100 ; where main() goes on
 *   jx a0
 */
#define SAYS_OK "06020000303b00400011004001feff22a06fc0000001fbff22a06bc0000001faffa00000"

/*
 *   movi a2, 5 ; UART
 *   movi a3, handler
 *   movi a4, 1 ; what to add
 *   movi a0, 0x40000f88 ; ets_isr_attach
 *   callx0 a0
 *   movi a5, 0x60000000
 *   movi a6, 1
 *   s32i a6, a5, 0x0c ; RX FIFO full
 *   movi a2, 0x20
 *   movi a0, 0x40000fa8 ; ets_isr_unmask
 *   callx0 a0
 * 1: waiti 0
 *   j 1b
 * handler:
 *   movi a5, 0x60000000
 * 2: l32i a6, a5, 0x1c
 *   extui a6, a6, 0, 8
 *   beqz a6, 3f
 *   l32i a6, a5, 0
 *   add a6, a6, a2
 *   s32i a6, a5, 0
 *   j 2b
 * 3: movi a6, 1
 *   s32i a6, a5, 0x10
 *   ret
 */
#define ECHOES                                                                                     \
  "0604000036001040880f004000000060a80f00400c5231fbff0c1401fbffc0000051faff0c166935"               \
  "2c0201f9ffc0000000700046feff51f5ff68756060748c7668052a666905c6fbff0c1669450df000"

/*
 *   movi a0, 0x40005000
 *   callx0 a0
 */
#define CALLS_NOWHERE "060100000050004001ffffc000000000"

/*
 *   movi a3, 0x3ffe8001
 *   l32i a2, a3, 0
 */
#define LOADS_UNALIGNED "060100000180fe3f31ffff2803000000"

/*
 *   movi a3, 0x40100000
 *   l8ui a2, a3, 0
 */
#define LOADS_BYTE_OF_IRAM "060100000000104031ffff2203000000"

/*
 *   movi a0, 0x4000264c ; software_reset
 *   callx0 a0
 */
#define RESETS "060100004c26004001ffffc000000000"

/*
 *   movi a2, 5000
 *   movi a0, 0x40002ecc ; ets_delay_us
 *   callx0 a0
 *   movi a2, '!'
 *   movi a0, 0x40003b30 ; uart_tx_one_char
 *   callx0 a0
 * 1: j 1b
 */
#define WAITS "0603000088130000cc2e0040303b004021fdff01fdffc000002c1201fcffc0000006ffff"

/*
 *   movi a2, 0
 *   movi a3, 52 ; 1 Mbaud
 *   movi a0, 0x400039d8 ; uart_div_modify
 *   callx0 a0
 * 1: j 1b
 */
#define CHANGES_BAUD "06010000d839004022a00032a03401fdffc0000006ffff00"

/*
 *   movi a0, 0x40003f58 ; SelectSpiFunction
 *   callx0 a0
 *   movi a0, 0x40004878 ; SPIUnlock
 *   callx0 a0
 *   movi a2, 1
 *   movi a0, 0x40004a00 ; SPIEraseSector
 *   callx0 a0
 *   movi a2, 0x1000
 *   movi a3, 0x40100000 ; this program
 *   movi a4, 300
 *   movi a0, 0x40004a4c ; SPIWrite
 *   callx0 a0
 *   movi a2, 0x1000
 *   movi a3, 0x3ffe9000
 *   movi a4, 300
 *   movi a0, 0x40004b1c ; SPIRead
 *   callx0 a0
 *   movi a12, 0x3ffe8000
 *   mov a2, a12
 *   movi a0, 0x40009818 ; MD5Init
 *   callx0 a0
 *   mov a2, a12
 *   movi a3, 0x3ffe9000
 *   movi a4, 300
 *   movi a0, 0x40009834 ; MD5Update
 *   callx0 a0
 *   movi a2, 0x3ffea000
 *   mov a3, a12
 *   movi a0, 0x40009900 ; MD5Final
 *   callx0 a0
 *   movi a13, 0x3ffea000
 *   movi a14, 16
 * 1: l8ui a2, a13, 0
 *   movi a0, 0x40003b30 ; uart_tx_one_char
 *   callx0 a0
 *   addi a13, a13, 1
 *   addi a14, a14, -1
 *   bnez a14, 1b
 * 2: j 2b
 */
#define WRITES_FLASH                                                                               \
  "060e0000583f004078480040004a004000100000000010404c4a00400090fe3f1c4b00400080fe3f"               \
  "189800403498004000a0fe3f00990040303b004001f2ffc0000001f1ffc0000022a00101f0ffc000"               \
  "0021efff31f0ff42a12c01efffc0000021ecff31eeff42a12c01edffc00000c1edff2d0c01edffc0"               \
  "0000c02c2031e7ff42a12c01eaffc0000021e9ff3d0c01e9ffc00000d1e7ff1c0e220d0001e7ffc0"               \
  "00001bdd0bee56fefe06ffff"

/*
 *   movi a2, 9 ; FRC1
 *   movi a3, on_frc1
 *   movi a0, 0x40000f88 ; ets_isr_attach
 *   callx0 a0
 *   movi a2, 6 ; CCOMPARE
 *   movi a3, on_ccompare
 *   movi a0, 0x40000f88 ; ets_isr_attach
 *   callx0 a0
 *   movi a2, 0x240
 *   movi a0, 0x40000fa8 ; ets_isr_unmask
 *   callx0 a0
 *   movi a5, 0x3ff00000
 *   movi a6, 2 ; FRC1 may interrupt
 *   s32i a6, a5, 0x04
 *   movi a7, 0x60000600
 *   movi a6, 52000 ; every millisecond
 *   s32i a6, a7, 0
 *   movi a6, 0xc0
 *   s32i a6, a7, 8
 *   movi a6, 1
 *   s32i a6, a5, 0x14 ; doubles the processor's clock
 *   rsr a6, ccount
 *   movi a7, 156000 ; 1.5 ms of that
 *   add a6, a6, a7
 *   wsr a6, ccompare
 * 1: waiti 0
 *   j 1b
 * on_frc1:
 *   movi a6, '.'
 *   j say
 * on_ccompare:
 *   wsr a2, ccompare
 *   movi a6, '!'
 * say:
 *   movi a5, 0x60000000
 *   s32i a6, a5, 0
 *   ret
 */
#define COUNTS                                                                                     \
  "0609000072001040880f004077001040a80f00400000f03f0006006020cb00006061020000000060"               \
  "22a00931f6ff01f6ffc0000022a00631f5ff01f3ffc0000022a24001f3ffc0000051f2ff0c266915"               \
  "71f2ff61f2ff690762a0c069270c16695560ea0371efff7a6660f01300700046feff2ce606010020"               \
  "f0132c1651eaff69050df000"
