/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-cpu.h"

#include <string.h>

/* What instructions cost: one cycle, and the pipeline is filled anew after a jump. */
#define CYCLES_INSN 1
#define CYCLES_JUMP 2
#define CYCLES_CALL 4 /* into code that has no bytes; it adds its own */

#define WAITI_LEN 3

/* The instruction at pc, from the region's cache. NULL: there is no code. */
static const FgSimInsn *
fetch (FgSimCpu *self)
{
  for (guint i = 0; i < self->n_regions; i++) {
    FgSimRegion *region = &self->regions[i];
    guint32 offset = self->pc - region->start;
    FgSimInsn *insn;
    guint32 word = 0;

    if (offset >= region->size || region->decoded == NULL)
      continue;
    insn = &region->decoded[offset];
    if (G_UNLIKELY (insn->kind == FG_SIM_INSN_UNDECODED)) {
      for (guint j = 0; j < 3 && offset + j < region->size; j++)
        word |= (guint32) region->bytes[offset + j] << (8 * j);
      fg_sim_insn_decode (insn, word, self->pc);
      region->has_run = TRUE;
    }
    return insn;
  }
  return NULL;
}

/*
 * A program that waits in a loop, for a flag that an interrupt handler sets or for a register to
 * change, comes back to the same place with the same registers, and has changed nothing: it will do
 * so for ever, unless something happens from outside.
 */
static void
notice_loop (FgSimCpu *self, guint32 target)
{
  if (target == self->loop_pc && self->changes == self->loop_changes
      && memcmp (self->a, self->loop_a, sizeof self->a) == 0) {
    self->asleep_until = FG_SIM_ASLEEP;
    return;
  }
  if (self->changes != self->loop_changes || target != self->loop_pc) {
    self->loop_changes = self->changes;
    self->loop_pc = target;
  }
  memcpy (self->loop_a, self->a, sizeof self->a);
}

static gboolean
branches (const FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 s = self->a[insn->s], t = self->a[insn->t], imm = (guint32) insn->imm;

  switch (insn->kind) {
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

/* Returns FALSE when an exception was raised. */
static gboolean
load (FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 address = self->a[insn->s] + (guint32) insn->imm, value;

  switch (insn->kind) {
  case FG_SIM_INSN_L32R:
    if (!fg_sim_cpu_load (self, insn->target, 4, &value))
      return FALSE;
    break;
  case FG_SIM_INSN_L8UI:
    if (!fg_sim_cpu_load (self, address, 1, &value))
      return FALSE;
    break;
  case FG_SIM_INSN_L16UI:
  case FG_SIM_INSN_L16SI:
    if (!fg_sim_cpu_load (self, address, 2, &value))
      return FALSE;
    if (insn->kind == FG_SIM_INSN_L16SI)
      value = (guint32) (gint16) value;
    break;
  default: /* L32I */
    if (!fg_sim_cpu_load (self, address, 4, &value))
      return FALSE;
    break;
  }
  self->a[insn->d] = value;
  return TRUE;
}

static guint32
shift_source (guint32 high, guint32 low, guint32 distance)
{
  return (guint32) (((guint64) high << 32 | low) >> (distance & 63));
}

static guint32
normalize (guint32 value)
{
  return value != 0 ? (guint32) __builtin_clz (value) : 32;
}

/* What has a result and no other effect. */
static guint32
compute (const FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 s = self->a[insn->s], t = self->a[insn->t], imm = (guint32) insn->imm;
  guint32 sar = self->sr[FG_SIM_SR_SAR];

  switch (insn->kind) {
  case FG_SIM_INSN_AND:
    return s & t;
  case FG_SIM_INSN_OR:
    return s | t;
  case FG_SIM_INSN_XOR:
    return s ^ t;
  case FG_SIM_INSN_NSA:
    return normalize ((gint32) s < 0 ? ~s : s) - 1;
  case FG_SIM_INSN_NSAU:
    return normalize (s);
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
    return shift_source (s, t, sar);
  case FG_SIM_INSN_SRL:
    return shift_source (0, t, sar);
  case FG_SIM_INSN_SLL:
    return shift_source (s, 0, sar);
  case FG_SIM_INSN_SRA:
    return shift_source ((gint32) t < 0 ? G_MAXUINT32 : 0, t, sar);
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

/* Level and state of the processor. */
static void
control (FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 *ps = &self->sr[FG_SIM_SR_PS], *sar = &self->sr[FG_SIM_SR_SAR], old;
  guint32 s = self->a[insn->s];

  switch (insn->kind) {
  case FG_SIM_INSN_SSR:
    *sar = s & 31;
    return;
  case FG_SIM_INSN_SSL:
    *sar = 32 - (s & 31);
    return;
  case FG_SIM_INSN_SSA8L:
    *sar = (s & 3) * 8;
    return;
  case FG_SIM_INSN_SSA8B:
    *sar = 32 - (s & 3) * 8;
    return;
  case FG_SIM_INSN_SSAI:
    *sar = (guint32) insn->imm;
    return;
  case FG_SIM_INSN_RSR:
    self->a[insn->d] = fg_sim_cpu_get_special (self, (guint) insn->imm);
    return;
  case FG_SIM_INSN_WSR:
    fg_sim_cpu_set_special (self, (guint) insn->imm, self->a[insn->t]);
    return;
  case FG_SIM_INSN_XSR:
    old = fg_sim_cpu_get_special (self, (guint) insn->imm);
    fg_sim_cpu_set_special (self, (guint) insn->imm, self->a[insn->t]);
    self->a[insn->d] = old;
    return;
  default: /* RSIL */
    self->a[insn->d] = *ps;
    break;
  }
  self->changes++;
  *ps = (*ps & ~FG_SIM_PS_INTLEVEL) | (guint32) insn->imm;
  fg_sim_cpu_check_interrupts (self);
}

/* Stays where it is until an interrupt comes. */
static void
wait (FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 *ps = &self->sr[FG_SIM_SR_PS];

  *ps = (*ps & ~FG_SIM_PS_INTLEVEL) | (guint32) insn->imm;
  self->waiting = TRUE;
  self->asleep_until = FG_SIM_ASLEEP;
  fg_sim_cpu_check_interrupts (self);
}

static guint32
return_from (FgSimCpu *self, const FgSimInsn *insn)
{
  guint level = (guint) insn->imm & 3;

  self->changes++;
  if (insn->kind == FG_SIM_INSN_RFI)
    self->sr[FG_SIM_SR_PS] = self->sr[FG_SIM_SR_EPS + level];
  else if (insn->kind == FG_SIM_INSN_RFE)
    self->sr[FG_SIM_SR_PS] &= ~FG_SIM_PS_EXCM;
  fg_sim_cpu_check_interrupts (self);
  if (insn->kind == FG_SIM_INSN_RFDE)
    return self->sr[FG_SIM_SR_DEPC];
  return self->sr[FG_SIM_SR_EPC + (insn->kind == FG_SIM_INSN_RFI ? level : 1)];
}

static void
execute (FgSimCpu *self, const FgSimInsn *insn)
{
  guint32 next = self->pc + insn->len, target = next;

  switch (insn->kind) {
  case FG_SIM_INSN_NOP:
    break;
  case FG_SIM_INSN_RET:
    target = self->a[0];
    break;
  case FG_SIM_INSN_JX:
    target = self->a[insn->s];
    break;
  case FG_SIM_INSN_CALLX0:
    target = self->a[insn->s];
    self->a[0] = next;
    break;
  case FG_SIM_INSN_CALL0:
    target = insn->target;
    self->a[0] = next;
    break;
  case FG_SIM_INSN_J:
    target = insn->target;
    break;
  case FG_SIM_INSN_RFE:
  case FG_SIM_INSN_RFDE:
  case FG_SIM_INSN_RFI:
    target = return_from (self, insn);
    break;
  case FG_SIM_INSN_L32R ... FG_SIM_INSN_L32I:
    if (!load (self, insn))
      return;
    break;
  case FG_SIM_INSN_S8I:
    if (!fg_sim_cpu_store (self, self->a[insn->s] + (guint32) insn->imm, 1, self->a[insn->t]))
      return;
    break;
  case FG_SIM_INSN_S16I:
    if (!fg_sim_cpu_store (self, self->a[insn->s] + (guint32) insn->imm, 2, self->a[insn->t]))
      return;
    break;
  case FG_SIM_INSN_S32I:
    if (!fg_sim_cpu_store (self, self->a[insn->s] + (guint32) insn->imm, 4, self->a[insn->t]))
      return;
    break;
  case FG_SIM_INSN_BEQZ ... FG_SIM_INSN_BBSI:
    if (branches (self, insn))
      target = insn->target;
    break;
  case FG_SIM_INSN_WAITI:
    wait (self, insn);
    return;
  case FG_SIM_INSN_RSIL:
  case FG_SIM_INSN_SSR ... FG_SIM_INSN_SSAI:
  case FG_SIM_INSN_RSR ... FG_SIM_INSN_XSR:
    control (self, insn);
    break;
  case FG_SIM_INSN_EXTUI:
    self->a[insn->d] = self->a[insn->t] >> insn->s & (guint32) insn->imm;
    break;
  case FG_SIM_INSN_SYSCALL:
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_SYSCALL, 0);
    return;
  case FG_SIM_INSN_BREAK: /* without a debugger it is as good as one that is not known */
  case FG_SIM_INSN_ILLEGAL:
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_ILLEGAL, 0);
    return;
  default:
    self->a[insn->d] = compute (self, insn);
    break;
  }
  if (target != next) {
    self->cycles += CYCLES_JUMP;
    if (target <= self->pc && insn->kind >= FG_SIM_INSN_J)
      notice_loop (self, target);
  }
  self->pc = target;
}

static void
step (FgSimCpu *self)
{
  const FgSimInsn *insn;

  if (self->attention) {
    self->asleep_until = 0;
    if (self->waiting)
      self->pc += WAITI_LEN;
    self->waiting = FALSE;
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_INTERRUPT, 0);
    return;
  }
  self->cycles += CYCLES_INSN;
  insn = fetch (self);
  if (insn != NULL) {
    execute (self, insn);
    return;
  }
  self->cycles += CYCLES_CALL;
  if (!self->ops->call (self->owner))
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_FETCH, self->pc);
}

/**
 * fg_sim_cpu_run:
 * @until: cycles
 *
 * Runs until that time, and perhaps a few cycles more; until it is told to stop; or until it sleeps
 * for good. A sleep that ends before is slept through.
 */
void
fg_sim_cpu_run (FgSimCpu *self, guint64 until)
{
  self->stop = FALSE;
  while (self->cycles < until && !self->stop) {
    if (G_LIKELY (self->asleep_until <= self->cycles) || self->attention) {
      step (self);
    } else if (self->asleep_until == FG_SIM_ASLEEP) {
      return;
    } else {
      self->cycles = MIN (until, self->asleep_until);
    }
  }
}
