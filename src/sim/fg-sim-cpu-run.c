/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-cpu-compute.h"

#include <string.h>

/* What instructions cost: one cycle, and the pipeline is filled anew after a jump. */
#define CYCLES_INSN 1
#define CYCLES_JUMP 2
#define CYCLES_CALL 4 /* into code that has no bytes; it adds its own */

#define WAITI_LEN 3
#define LOOP_AGE_MAX 24 /* jumps back between two looks at whether anything changes */

/* Finds the region that pc is in, and makes it the one that runs. */
static gboolean
enter_region (FgSimCpu *self)
{
  for (guint i = 0; i < self->n_regions; i++) {
    FgSimRegion *region = &self->regions[i];

    if (region->decoded != NULL && self->pc - region->start < region->size) {
      self->code = region;
      return TRUE;
    }
  }
  return FALSE;
}

static void
decode (FgSimCpu *self, FgSimRegion *region, guint32 offset)
{
  guint32 word = 0;

  for (guint j = 0; j < 3 && offset + j < region->size; j++)
    word |= (guint32) region->bytes[offset + j] << (8 * j);
  fg_sim_insn_decode (&region->decoded[offset], word, self->pc);
  region->has_run = TRUE;
}

/* The instruction at pc, from the region's cache. NULL: there is no code. */
static inline const FgSimInsn *
fetch (FgSimCpu *self)
{
  FgSimRegion *region = self->code;
  guint32 offset;

  if (G_UNLIKELY (region == NULL || self->pc - region->start >= region->size)) {
    if (!enter_region (self))
      return NULL;
    region = self->code;
  }
  offset = self->pc - region->start;
  if (G_UNLIKELY (region->decoded[offset].kind == FG_SIM_INSN_UNDECODED))
    decode (self, region, offset);
  return &region->decoded[offset];
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
  /* most loops compute: it need not be noticed at once */
  if (++self->loop_age < LOOP_AGE_MAX)
    return;
  self->loop_age = 0;
  self->loop_changes = self->changes;
  self->loop_pc = target;
  memcpy (self->loop_a, self->a, sizeof self->a);
}

/* Where a program's data is: the first memory, if it has all that is wanted, and aligned. */
static inline guint8 *
find_data (const FgSimCpu *self, guint32 address, guint size)
{
  const FgSimRegion *region = &self->regions[0];

  if (address % size != 0 || address - region->start >= region->size || region->decoded != NULL
      || region->words || region->read_only)
    return NULL;
  return region->bytes + (address - region->start);
}

static inline guint32
address_of (const FgSimCpu *self, const FgSimInsn *insn)
{
  return self->a[insn->s] + (guint32) insn->imm;
}

/* Returns FALSE when an exception was raised. */
static inline FG_SIM_ALWAYS_INLINE gboolean
load (FgSimCpu *self, guint32 address, guint size, guint32 *value)
{
  const guint8 *data = find_data (self, address, size);
  guint32 word;
  guint16 half;

  if (G_UNLIKELY (data == NULL))
    return fg_sim_cpu_load (self, address, size, value);
  if (size == 4) {
    memcpy (&word, data, sizeof word);
    *value = GUINT32_FROM_LE (word);
  } else if (size == 2) {
    memcpy (&half, data, sizeof half);
    *value = GUINT16_FROM_LE (half);
  } else {
    *value = *data;
  }
  return TRUE;
}

/* Likewise. To store what is there already is no change. */
static inline FG_SIM_ALWAYS_INLINE gboolean
store (FgSimCpu *self, const FgSimInsn *insn, guint size)
{
  guint32 address = address_of (self, insn), value = self->a[insn->t];
  guint8 *data = find_data (self, address, size);
  guint32 word = GUINT32_TO_LE (value);

  if (G_UNLIKELY (data == NULL))
    return fg_sim_cpu_store (self, address, size, value);
  if (memcmp (data, &word, size) != 0) {
    self->changes++;
    memcpy (data, &word, size);
  }
  return TRUE;
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
  case FG_SIM_INSN_L32R:
    if (!load (self, insn->target, 4, &self->a[insn->d]))
      return;
    break;
  case FG_SIM_INSN_L8UI:
    if (!load (self, address_of (self, insn), 1, &self->a[insn->d]))
      return;
    break;
  case FG_SIM_INSN_L16UI:
    if (!load (self, address_of (self, insn), 2, &self->a[insn->d]))
      return;
    break;
  case FG_SIM_INSN_L16SI:
    if (!load (self, address_of (self, insn), 2, &self->a[insn->d]))
      return;
    self->a[insn->d] = (guint32) (gint16) self->a[insn->d];
    break;
  case FG_SIM_INSN_L32I:
    if (!load (self, address_of (self, insn), 4, &self->a[insn->d]))
      return;
    break;
  case FG_SIM_INSN_S8I:
    if (!store (self, insn, 1))
      return;
    break;
  case FG_SIM_INSN_S16I:
    if (!store (self, insn, 2))
      return;
    break;
  case FG_SIM_INSN_S32I:
    if (!store (self, insn, 4))
      return;
    break;
#define BRANCH(name)                                                                               \
  case FG_SIM_INSN_##name:                                                                         \
    if (fg_sim_cpu_branches (self, insn, FG_SIM_INSN_##name))                                      \
      target = insn->target;                                                                       \
    break;
    FG_SIM_EACH_BRANCH (BRANCH)
#undef BRANCH
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
#define COMPUTE(name)                                                                              \
  case FG_SIM_INSN_##name:                                                                         \
    self->a[insn->d] = fg_sim_cpu_compute (self, insn, FG_SIM_INSN_##name);                        \
    break;
    FG_SIM_EACH_COMPUTATION (COMPUTE)
#undef COMPUTE
  default: /* ADDI */
    self->a[insn->d] = self->a[insn->s] + (guint32) insn->imm;
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
