/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The instructions of the LX106 (Xtensa, call0, with density, 16- and 32-bit multiply, NSA; no
 * loops, no windows), decoded: Xtensa Instruction Set Architecture, Cadence, chapter 6 and 7.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_SIM_INSN_UNDECODED, /* an empty entry of a cache */
  FG_SIM_INSN_ILLEGAL,
  FG_SIM_INSN_NOP, /* and all barriers: nothing here is out of order */
  FG_SIM_INSN_RET,
  FG_SIM_INSN_JX,
  FG_SIM_INSN_CALLX0,
  FG_SIM_INSN_CALL0,
  FG_SIM_INSN_RFE,
  FG_SIM_INSN_RFDE,
  FG_SIM_INSN_RFI,
  FG_SIM_INSN_BREAK,
  FG_SIM_INSN_SYSCALL,
  FG_SIM_INSN_RSIL,
  FG_SIM_INSN_WAITI,
  FG_SIM_INSN_AND,
  FG_SIM_INSN_OR,
  FG_SIM_INSN_XOR,
  FG_SIM_INSN_SSR,
  FG_SIM_INSN_SSL,
  FG_SIM_INSN_SSA8L,
  FG_SIM_INSN_SSA8B,
  FG_SIM_INSN_SSAI,
  FG_SIM_INSN_NSA,
  FG_SIM_INSN_NSAU,
  FG_SIM_INSN_NEG,
  FG_SIM_INSN_ABS,
  FG_SIM_INSN_ADD,
  FG_SIM_INSN_ADDX2,
  FG_SIM_INSN_ADDX4,
  FG_SIM_INSN_ADDX8,
  FG_SIM_INSN_SUB,
  FG_SIM_INSN_SUBX2,
  FG_SIM_INSN_SUBX4,
  FG_SIM_INSN_SUBX8,
  FG_SIM_INSN_SLLI,
  FG_SIM_INSN_SRAI,
  FG_SIM_INSN_SRLI,
  FG_SIM_INSN_SRC,
  FG_SIM_INSN_SRL,
  FG_SIM_INSN_SLL,
  FG_SIM_INSN_SRA,
  FG_SIM_INSN_MUL16U,
  FG_SIM_INSN_MUL16S,
  FG_SIM_INSN_MULL,
  FG_SIM_INSN_RSR,
  FG_SIM_INSN_WSR,
  FG_SIM_INSN_XSR,
  FG_SIM_INSN_MOVEQZ,
  FG_SIM_INSN_MOVNEZ,
  FG_SIM_INSN_MOVLTZ,
  FG_SIM_INSN_MOVGEZ,
  FG_SIM_INSN_MOV,
  FG_SIM_INSN_MOVI,
  FG_SIM_INSN_ADDI,
  FG_SIM_INSN_EXTUI,
  FG_SIM_INSN_L32R,
  FG_SIM_INSN_L8UI,
  FG_SIM_INSN_L16UI,
  FG_SIM_INSN_L16SI,
  FG_SIM_INSN_L32I,
  FG_SIM_INSN_S8I,
  FG_SIM_INSN_S16I,
  FG_SIM_INSN_S32I,
  FG_SIM_INSN_J, /* from here on: what loops are made of */
  FG_SIM_INSN_BEQZ,
  FG_SIM_INSN_BNEZ,
  FG_SIM_INSN_BLTZ,
  FG_SIM_INSN_BGEZ,
  FG_SIM_INSN_BEQI,
  FG_SIM_INSN_BNEI,
  FG_SIM_INSN_BLTI,
  FG_SIM_INSN_BGEI,
  FG_SIM_INSN_BLTUI,
  FG_SIM_INSN_BGEUI,
  FG_SIM_INSN_BEQ,
  FG_SIM_INSN_BNE,
  FG_SIM_INSN_BLT,
  FG_SIM_INSN_BGE,
  FG_SIM_INSN_BLTU,
  FG_SIM_INSN_BGEU,
  FG_SIM_INSN_BNONE,
  FG_SIM_INSN_BANY,
  FG_SIM_INSN_BALL,
  FG_SIM_INSN_BNALL,
  FG_SIM_INSN_BBC,
  FG_SIM_INSN_BBS,
  FG_SIM_INSN_BBCI,
  FG_SIM_INSN_BBSI,
} FgSimInsnKind;

/* The narrow forms decode to the same as the wide ones. */
typedef struct {
  guint8 kind;
  guint8 len;     /* bytes: 2 or 3 */
  guint8 d, s, t; /* registers: the one that is set, and the operands; S also a shift of EXTUI */
  gint32 imm;     /* what the instruction adds, compares with, shifts by, names */
  guint32 target; /* absolute: where it jumps, or what L32R loads */
} FgSimInsn;

void fg_sim_insn_decode (FgSimInsn *insn, guint32 word, guint32 pc);

G_END_DECLS
