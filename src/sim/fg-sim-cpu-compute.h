/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What instructions find out, without any effect; for the loop that executes them. */

#include "fg-sim-cpu.h"

G_BEGIN_DECLS

/* With a constant kind nothing is left of the choice between them. */
#define FG_SIM_ALWAYS_INLINE __attribute__ ((always_inline))

/* One row a kind, so that the compiler sees through what is done for each. */
/* clang-format off */
#define FG_SIM_EACH_BRANCH(X) \
  X (BEQZ) X (BNEZ) X (BLTZ) X (BGEZ) X (BEQI) X (BNEI) X (BLTI) X (BGEI) X (BLTUI) X (BGEUI) \
  X (BEQ) X (BNE) X (BLT) X (BGE) X (BLTU) X (BGEU) \
  X (BNONE) X (BANY) X (BALL) X (BNALL) X (BBC) X (BBS) X (BBCI) X (BBSI)
#define FG_SIM_EACH_COMPUTATION(X) \
  X (AND) X (OR) X (XOR) X (NSA) X (NSAU) X (NEG) X (ABS) \
  X (ADD) X (ADDX2) X (ADDX4) X (ADDX8) X (SUB) X (SUBX2) X (SUBX4) X (SUBX8) \
  X (SLLI) X (SRAI) X (SRLI) X (SRC) X (SRL) X (SLL) X (SRA) X (MUL16U) X (MUL16S) X (MULL) \
  X (MOVEQZ) X (MOVNEZ) X (MOVLTZ) X (MOVGEZ) X (MOV) X (MOVI)
/* clang-format on */

static inline FG_SIM_ALWAYS_INLINE gboolean
fg_sim_cpu_branches (const FgSimCpu *self, const FgSimInsn *insn, FgSimInsnKind kind)
{
  guint32 s = self->a[insn->s], t = self->a[insn->t], imm = (guint32) insn->imm;

  switch ((guint) kind) {
  case FG_SIM_INSN_BEQZ:
    return s == 0;
  case FG_SIM_INSN_BNEZ:
    return s != 0;
  case FG_SIM_INSN_BLTZ:
    return (gint32) s < 0;
  case FG_SIM_INSN_BGEZ:
    return (gint32) s >= 0;
  case FG_SIM_INSN_BEQI:
    return s == imm;
  case FG_SIM_INSN_BNEI:
    return s != imm;
  case FG_SIM_INSN_BLTI:
    return (gint32) s < insn->imm;
  case FG_SIM_INSN_BGEI:
    return (gint32) s >= insn->imm;
  case FG_SIM_INSN_BLTUI:
    return s < imm;
  case FG_SIM_INSN_BGEUI:
    return s >= imm;
  case FG_SIM_INSN_BEQ:
    return s == t;
  case FG_SIM_INSN_BNE:
    return s != t;
  case FG_SIM_INSN_BLT:
    return (gint32) s < (gint32) t;
  case FG_SIM_INSN_BGE:
    return (gint32) s >= (gint32) t;
  case FG_SIM_INSN_BLTU:
    return s < t;
  case FG_SIM_INSN_BGEU:
    return s >= t;
  case FG_SIM_INSN_BNONE:
    return (s & t) == 0;
  case FG_SIM_INSN_BANY:
    return (s & t) != 0;
  case FG_SIM_INSN_BALL:
    return (~s & t) == 0;
  case FG_SIM_INSN_BNALL:
    return (~s & t) != 0;
  case FG_SIM_INSN_BBC:
    return (s >> (t & 31) & 1) == 0;
  case FG_SIM_INSN_BBS:
    return (s >> (t & 31) & 1) != 0;
  case FG_SIM_INSN_BBCI:
    return (s >> imm & 1) == 0;
  default: /* BBSI */
    return (s >> imm & 1) != 0;
  }
}

static inline guint32
fg_sim_shift_source (guint32 high, guint32 low, guint32 distance)
{
  return (guint32) (((guint64) high << 32 | low) >> (distance & 63));
}

static inline guint32
fg_sim_normalize (guint32 value)
{
  return value != 0 ? (guint32) __builtin_clz (value) : 32;
}

/* What has a result and no other effect. */
static inline FG_SIM_ALWAYS_INLINE guint32
fg_sim_cpu_compute (const FgSimCpu *self, const FgSimInsn *insn, FgSimInsnKind kind)
{
  guint32 s = self->a[insn->s], t = self->a[insn->t], imm = (guint32) insn->imm;
  guint32 sar = self->sr[FG_SIM_SR_SAR];

  switch ((guint) kind) {
  case FG_SIM_INSN_AND:
    return s & t;
  case FG_SIM_INSN_OR:
    return s | t;
  case FG_SIM_INSN_XOR:
    return s ^ t;
  case FG_SIM_INSN_NSA:
    return fg_sim_normalize ((gint32) s < 0 ? ~s : s) - 1;
  case FG_SIM_INSN_NSAU:
    return fg_sim_normalize (s);
  case FG_SIM_INSN_NEG:
    return -t;
  case FG_SIM_INSN_ABS:
    return (gint32) t < 0 ? -t : t;
  case FG_SIM_INSN_ADD:
    return s + t;
  case FG_SIM_INSN_ADDX2:
    return (s << 1) + t;
  case FG_SIM_INSN_ADDX4:
    return (s << 2) + t;
  case FG_SIM_INSN_ADDX8:
    return (s << 3) + t;
  case FG_SIM_INSN_SUB:
    return s - t;
  case FG_SIM_INSN_SUBX2:
    return (s << 1) - t;
  case FG_SIM_INSN_SUBX4:
    return (s << 2) - t;
  case FG_SIM_INSN_SUBX8:
    return (s << 3) - t;
  case FG_SIM_INSN_SLLI:
    return imm < 32 ? s << imm : 0;
  case FG_SIM_INSN_SRAI:
    return (guint32) ((gint32) t >> imm);
  case FG_SIM_INSN_SRLI:
    return t >> imm;
  case FG_SIM_INSN_SRC:
    return fg_sim_shift_source (s, t, sar);
  case FG_SIM_INSN_SRL:
    return fg_sim_shift_source (0, t, sar);
  case FG_SIM_INSN_SLL:
    return fg_sim_shift_source (s, 0, sar);
  case FG_SIM_INSN_SRA:
    return fg_sim_shift_source ((gint32) t < 0 ? G_MAXUINT32 : 0, t, sar);
  case FG_SIM_INSN_MUL16U:
    return (s & 0xffff) * (t & 0xffff);
  case FG_SIM_INSN_MUL16S:
    return (guint32) ((gint32) (gint16) s * (gint16) t);
  case FG_SIM_INSN_MULL:
    return s * t;
  case FG_SIM_INSN_MOVEQZ:
    return t == 0 ? s : self->a[insn->d];
  case FG_SIM_INSN_MOVNEZ:
    return t != 0 ? s : self->a[insn->d];
  case FG_SIM_INSN_MOVLTZ:
    return (gint32) t < 0 ? s : self->a[insn->d];
  case FG_SIM_INSN_MOVGEZ:
    return (gint32) t >= 0 ? s : self->a[insn->d];
  case FG_SIM_INSN_MOV:
    return s;
  case FG_SIM_INSN_MOVI:
    return imm;
  default: /* ADDI */
    return s + imm;
  }
}

G_END_DECLS
