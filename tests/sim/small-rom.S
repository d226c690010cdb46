/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A mask ROM of our own, to see that a dump is run like a real one: from the reset vector, with its
 * own vectors. It says what it finds, and then does what single letters ask for; see
 * test-sim-dump.py. Programs use a0 to a8; the handler saves in memory what it uses.
 */

#define UART_DIVIDER 0x14
#define UART_AUTOBAUD 0x18
#define UART_STATUS 0x1c
#define UART_CONF0 0x20
#define UART_LOW_PULSE 0x28
#define UART_HIGH_PULSE 0x2c
#define UART_EDGES 0x30
#define UART_INT_ENABLE 0x0c
#define UART_INT_CLEAR 0x10
#define EDGES_NEEDED 29
#define PULSE_LOSS 12
#define EXCSAVE 0x3ffffe00

  .text
  .literal_position
  .org 0x50
  j exception
  .org 0x80
  j reset
  .org 0x100
  .literal_position

/* a2: character; changes a7, a8 */
put_char:
  movi a7, 0x60000000
1:
  l32i a8, a7, UART_STATUS
  extui a8, a8, 16, 8
  bgeui a8, 64, 1b
  s32i a2, a7, 0
  ret

/* a3: text, ends with a zero byte; it is read in words, as ROM must be. Changes a2 to a8 */
put_text:
  mov a6, a0
1:
  l32i a4, a3, 0
  addi a3, a3, 4
  movi a5, 4
2:
  extui a2, a4, 0, 8
  beqz a2, 3f
  call0 put_char
  srli a4, a4, 8
  addi a5, a5, -1
  bnez a5, 2b
  j 1b
3:
  jx a6

/* a3: number; changes a2 to a8 */
put_hex:
  mov a6, a0
  movi a5, 8
1:
  extui a4, a3, 28, 4
  movi a2, '0'
  bltui a4, 10, 2f
  movi a2, 'a' - 10
2:
  add a2, a2, a4
  call0 put_char
  slli a3, a3, 4
  addi a5, a5, -1
  bnez a5, 1b
  jx a6

reset:
  movi a1, 0x3fffff00
  movi a9, 0x60000000
  movi a2, 694
  s32i a2, a9, UART_DIVIDER
  movi a3, text_start
  call0 put_text
  movi a3, 0x60000714
  l32i a3, a3, 0
  call0 put_hex
  movi a3, text_straps
  call0 put_text
  movi a10, 0x60000318
  l32i a10, a10, 0
  extui a10, a10, 16, 3
  mov a3, a10
  call0 put_hex
  movi a3, text_line
  call0 put_text
  beqi a10, 1, loader

/* Reads the first word of the flash through the controller and through the cache, then runs what
 * comes after it. */
  movi a11, 0x60000200
  movi a2, 4 << 24
  s32i a2, a11, 4
  movi a2, 0x80000000
  s32i a2, a11, 0
1:
  l32i a2, a11, 0
  bnez a2, 1b
  movi a3, text_flash
  call0 put_text
  l32i a3, a11, 0x40
  call0 put_hex
  movi a11, 0x3ff0000c
  movi a2, 1 << 8
  s32i a2, a11, 0
  movi a3, text_mapped
  call0 put_text
  movi a11, 0x40200000
  l32i a3, a11, 0
  call0 put_hex
  addi a11, a11, 4
  callx0 a11
  movi a3, text_back
  call0 put_text
  j feed_or_die

/* A watchdog that nobody feeds, after one that is fed. */
feed_or_die:
  movi a11, 0x60000900
  movi a2, 0
  s32i a2, a11, 4
  s32i a2, a11, 8
  movi a2, 1
  s32i a2, a11, 0
  movi a3, 4000
1:
  movi a2, 0x73
  s32i a2, a11, 0x14
  movi a4, 20
2:
  addi a4, a4, -1
  bnez a4, 2b
  addi a3, a3, -1
  bnez a3, 1b
  movi a2, 'w'
  call0 put_char
1:
  j 1b

loader:
  movi a2, 1
  s32i a2, a9, UART_AUTOBAUD
  movi a4, EDGES_NEEDED
1:
  l32i a3, a9, UART_EDGES
  bltu a3, a4, 1b
  l32i a3, a9, UART_LOW_PULSE
  l32i a4, a9, UART_HIGH_PULSE
  bltu a3, a4, 2f
  mov a3, a4
2:
  addi a3, a3, PULSE_LOSS
  movi a2, 0
  s32i a2, a9, UART_AUTOBAUD
  s32i a3, a9, UART_DIVIDER
  movi a2, 0x1c | 1 << 17
  s32i a2, a9, UART_CONF0
  movi a2, 0x1c
  s32i a2, a9, UART_CONF0
  movi a3, text_ready
  call0 put_text
  movi a2, 1
  s32i a2, a9, UART_INT_ENABLE
  movi a2, 1 << 5 | 1 << 6 | 1 << 9
  wsr.intenable a2
  movi a2, 0x20
  wsr.ps a2
  rsync
1:
  waiti 0
  j 1b

/* Interrupts, and the one exception that is expected. */
exception:
  wsr.excsave1 a15
  movi a15, EXCSAVE
  s32i a0, a15, 0
  s32i a2, a15, 4
  s32i a3, a15, 8
  s32i a7, a15, 12
  s32i a8, a15, 16
  rsr.exccause a2
  beqi a2, 4, interrupt
  movi a3, 3
  beq a2, a3, not_words
  movi a2, '?'
  call0 put_char
1:
  j 1b

not_words:
  rsr.epc1 a2
  addi a2, a2, 3
  wsr.epc1 a2
  movi a2, 'E'
  call0 put_char
  j exception_end

interrupt:
  rsr.interrupt a3
  rsr.intenable a2
  and a3, a3, a2
  bbsi a3, 5, received
  movi a2, 'F'
  bbsi a3, 9, 1f
  movi a2, 'T'
1:
  wsr.intclear a3
  rsr.ccompare0 a3
  wsr.ccompare0 a3
  call0 put_char
exception_end:
  movi a15, EXCSAVE
  l32i a0, a15, 0
  l32i a2, a15, 4
  l32i a3, a15, 8
  l32i a7, a15, 12
  l32i a8, a15, 16
  rsr.excsave1 a15
  rfe

received:
  movi a7, 0x60000000
  l32i a2, a7, 0
  movi a3, 1
  s32i a3, a7, UART_INT_CLEAR
  movi a3, 't'
  beq a2, a3, set_compare
  movi a3, 'f'
  beq a2, a3, set_frc1
  movi a3, 'x'
  beq a2, a3, load_byte
  movi a3, 'r'
  beq a2, a3, software_reset
  addi a2, a2, 1
  call0 put_char
  j exception_end

set_compare:
  rsr.ccount a2
  movi a3, 20000
  add a2, a2, a3
  wsr.ccompare0 a2
  j exception_end

set_frc1:
  movi a7, 0x3ff00004
  movi a2, 2
  s32i a2, a7, 0
  movi a7, 0x60000600
  movi a2, 1000
  s32i a2, a7, 0
  movi a2, 1 << 7 | 1 << 2
  s32i a2, a7, 8
  j exception_end

/* Goes to a place outside of the handler, where an exception is allowed. */
load_byte:
  movi a2, loads_byte
  wsr.epc1 a2
  j exception_end

loads_byte:
  movi a2, 0x40000000
  l8ui a2, a2, 0
  movi a2, '.'
  call0 put_char
1:
  waiti 0
  j 1b

software_reset:
  movi a2, 0x60000700
  movi a3, 0x80000000
  s32i a3, a2, 0
1:
  j 1b

  .align 4
text_start:
  .asciz "small rom, cause "
  .align 4
text_straps:
  .asciz ", straps "
  .align 4
text_line:
  .asciz "\r\n"
  .align 4
text_flash:
  .asciz "flash "
  .align 4
text_mapped:
  .asciz ", mapped "
  .align 4
text_back:
  .asciz ", back\r\n"
  .align 4
text_ready:
  .asciz "ready\r\n"
