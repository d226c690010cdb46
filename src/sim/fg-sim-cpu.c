/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-cpu.h"

#include <string.h>

#define SAR_MASK 0x3fu
#define TIMER_INTERRUPT 6 /* CCOMPARE0 on the LX106 of the ESP8266 */
/* Offsets from VECBASE. */
#define VECTOR_KERNEL 0x30
#define VECTOR_USER 0x50
#define VECTOR_DOUBLE 0x70
#define RESET_VECBASE 0x40000000u

/**
 * fg_sim_cpu_init:
 * @owner: what @ops are called with
 *
 * Add the memories, then reset.
 */
void
fg_sim_cpu_init (FgSimCpu *self, const FgSimCpuOps *ops, gpointer owner)
{
  *self = (FgSimCpu){ .ops = ops, .owner = owner };
}

void
fg_sim_cpu_clear (FgSimCpu *self)
{
  for (guint i = 0; i < self->n_regions; i++)
    g_free (self->regions[i].decoded);
  self->n_regions = 0;
}

/**
 * fg_sim_cpu_add_region:
 * @code: it can be executed; the memory used most should come first
 *
 * Returns: (transfer none): it can be moved, and shrunk, when its code is forgotten before
 */
FgSimRegion *
fg_sim_cpu_add_region (FgSimCpu *self, const FgSimRegion *region, gboolean code)
{
  FgSimRegion *added = &self->regions[self->n_regions];

  g_return_val_if_fail (self->n_regions < FG_SIM_REGIONS_MAX, NULL);
  self->n_regions++;
  *added = *region;
  added->decoded = code ? g_new0 (FgSimInsn, region->size) : NULL;
  return added;
}

/** fg_sim_cpu_reset: as after a reset, except that it starts at @pc. Memories keep their contents.
 */
void
fg_sim_cpu_reset (FgSimCpu *self, guint32 pc)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->a); i++)
    self->a[i] = 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->sr); i++)
    self->sr[i] = 0;
  self->pc = pc;
  self->sr[FG_SIM_SR_PS] = FG_SIM_PS_INTLEVEL | FG_SIM_PS_EXCM;
  self->sr[FG_SIM_SR_VECBASE] = RESET_VECBASE;
  self->cycles = 0;
  self->asleep_until = 0;
  self->attention = self->waiting = self->stop = self->moved = FALSE;
  self->timer_at = G_MAXUINT64;
  self->loop_pc = self->loop_age = 0;
  self->code = NULL;
  for (guint i = 0; i < self->n_regions; i++)
    fg_sim_cpu_forget_code (self, self->regions[i].start, self->regions[i].size);
}

/** fg_sim_cpu_wake: something happened that a program may wait for. */
void
fg_sim_cpu_wake (FgSimCpu *self)
{
  if (self->asleep_until == FG_SIM_ASLEEP)
    self->asleep_until = 0;
}

/** fg_sim_cpu_check_interrupts: decides anew whether an interrupt is to be taken. */
void
fg_sim_cpu_check_interrupts (FgSimCpu *self)
{
  guint32 pending = self->sr[FG_SIM_SR_INTERRUPT] & self->sr[FG_SIM_SR_INTENABLE];

  self->attention =
      pending != 0 && (self->sr[FG_SIM_SR_PS] & (FG_SIM_PS_INTLEVEL | FG_SIM_PS_EXCM)) == 0;
}

void
fg_sim_cpu_set_interrupt (FgSimCpu *self, guint number, gboolean level)
{
  guint32 bit = 1u << number, *pending = &self->sr[FG_SIM_SR_INTERRUPT];

  if (((*pending & bit) != 0) == level)
    return;
  *pending = level ? *pending | bit : *pending & ~bit;
  fg_sim_cpu_check_interrupts (self);
}

/** fg_sim_cpu_raise: the instruction at pc cannot be executed, or an interrupt comes before it. */
void
fg_sim_cpu_raise (FgSimCpu *self, FgSimCause cause, guint32 address)
{
  guint32 *ps = &self->sr[FG_SIM_SR_PS], vector;

  self->changes++;
  if (self->ops->exception (self->owner, cause, address))
    return;
  self->sr[FG_SIM_SR_EXCCAUSE] = cause;
  if (cause != FG_SIM_CAUSE_INTERRUPT)
    self->sr[FG_SIM_SR_EXCVADDR] = address;
  if (*ps & FG_SIM_PS_EXCM) {
    self->sr[FG_SIM_SR_DEPC] = self->pc;
    vector = VECTOR_DOUBLE;
  } else {
    self->sr[FG_SIM_SR_EPC + 1] = self->pc;
    vector = *ps & FG_SIM_PS_UM ? VECTOR_USER : VECTOR_KERNEL;
  }
  *ps |= FG_SIM_PS_EXCM;
  self->pc = self->sr[FG_SIM_SR_VECBASE] + vector;
  fg_sim_cpu_check_interrupts (self);
}

#define WRAP_32 (G_GUINT64_CONSTANT (1) << 32)

/* The comparison is for equality: it comes at each turn of the counter, once CCOMPARE is set. */
static void
set_timer (FgSimCpu *self)
{
  guint32 count = self->sr[FG_SIM_SR_CCOUNT] + (guint32) self->cycles;
  guint32 left = self->sr[FG_SIM_SR_CCOMPARE] - count;

  self->timer_at = self->cycles + (left != 0 ? left : WRAP_32);
  self->stop = self->moved = TRUE;
}

/** fg_sim_cpu_check_timer: to be called when it is timer_at, or later */
void
fg_sim_cpu_check_timer (FgSimCpu *self)
{
  if (self->cycles < self->timer_at)
    return;
  self->timer_at += WRAP_32;
  fg_sim_cpu_set_interrupt (self, TIMER_INTERRUPT, TRUE);
}

guint32
fg_sim_cpu_get_special (FgSimCpu *self, guint number)
{
  if (number != FG_SIM_SR_CCOUNT)
    return self->sr[number];
  self->changes++;
  return self->sr[number] + (guint32) self->cycles;
}

void
fg_sim_cpu_set_special (FgSimCpu *self, guint number, guint32 value)
{
  self->changes++;
  switch (number) {
  case FG_SIM_SR_SAR:
    self->sr[number] = value & SAR_MASK;
    return;
  case FG_SIM_SR_CCOUNT:
    self->sr[number] = value - (guint32) self->cycles;
    if (self->timer_at != G_MAXUINT64)
      set_timer (self);
    return;
  case FG_SIM_SR_PRID:
    return;
  case FG_SIM_SR_INTERRUPT:
    self->sr[FG_SIM_SR_INTERRUPT] |= value;
    break;
  case FG_SIM_SR_INTCLEAR:
    self->sr[FG_SIM_SR_INTERRUPT] &= ~value;
    break;
  case FG_SIM_SR_CCOMPARE:
    self->sr[number] = value;
    self->sr[FG_SIM_SR_INTERRUPT] &= ~(1u << TIMER_INTERRUPT);
    set_timer (self);
    break;
  default:
    self->sr[number] = value;
    break;
  }
  fg_sim_cpu_check_interrupts (self);
}

static FgSimRegion *
find_region (FgSimCpu *self, guint32 address)
{
  for (guint i = 0; i < self->n_regions; i++)
    if (address - self->regions[i].start < self->regions[i].size)
      return &self->regions[i];
  return NULL;
}

/** fg_sim_cpu_find: Returns: (nullable): the bytes of a memory, if it holds all @len of them */
guint8 *
fg_sim_cpu_find (FgSimCpu *self, guint32 address, guint32 len)
{
  const FgSimRegion *region = find_region (self, address);
  guint32 offset;

  if (region == NULL)
    return NULL;
  offset = address - region->start;
  return len <= region->size - offset ? region->bytes + offset : NULL;
}

static void
forget (FgSimRegion *region, guint32 offset, guint32 len)
{
  /* an instruction that begins two bytes before may reach into it */
  guint32 first = MAX (offset, 2) - 2;

  for (guint32 i = first; i < offset + len; i++)
    region->decoded[i].kind = FG_SIM_INSN_UNDECODED;
  if (offset == 0 && len == region->size)
    region->has_run = FALSE;
}

/** fg_sim_cpu_forget_code: whoever writes to memory past the processor says so. */
void
fg_sim_cpu_forget_code (FgSimCpu *self, guint32 address, guint32 len)
{
  FgSimRegion *region = find_region (self, address);

  self->changes++;
  if (region != NULL && region->has_run)
    forget (region, address - region->start, MIN (len, region->size - (address - region->start)));
}

static guint32
get_bytes (const guint8 *bytes, guint size)
{
  guint32 word;
  guint16 half;

  if (size == 1)
    return *bytes;
  if (size == 2) {
    memcpy (&half, bytes, sizeof half);
    return GUINT16_FROM_LE (half);
  }
  memcpy (&word, bytes, sizeof word);
  return GUINT32_FROM_LE (word);
}

/**
 * fg_sim_cpu_load:
 * @size: 1, 2 or 4
 *
 * Returns: %FALSE when an exception was raised instead
 */
gboolean
fg_sim_cpu_load (FgSimCpu *self, guint32 address, guint size, guint32 *value)
{
  const FgSimRegion *region = find_region (self, address);

  if (address % size != 0) {
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_UNALIGNED, address);
    return FALSE;
  }
  if (region == NULL ? !self->ops->is_mapped (self->owner, address) : region->words && size != 4) {
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_LOAD_STORE, address);
    return FALSE;
  }
  if (region != NULL)
    *value = get_bytes (region->bytes + (address - region->start), size);
  else
    *value = self->ops->read (self->owner, address & ~3u) >> (8 * (address % 4));
  if (size < 4)
    *value &= (1u << (8 * size)) - 1;
  return TRUE;
}

/* What is there already is no change: a loop that saves the same again does not get anywhere. */
static void
store (FgSimCpu *self, FgSimRegion *region, guint32 offset, guint size, guint32 value)
{
  if (region->read_only || get_bytes (region->bytes + offset, size) == value)
    return;
  self->changes++;
  for (guint i = 0; i < size; i++)
    region->bytes[offset + i] = (guint8) (value >> (8 * i));
  if (region->has_run)
    forget (region, offset, size);
}

/** fg_sim_cpu_store: Returns: %FALSE when an exception was raised instead */
gboolean
fg_sim_cpu_store (FgSimCpu *self, guint32 address, guint size, guint32 value)
{
  FgSimRegion *region = find_region (self, address);

  if (address % size != 0) {
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_UNALIGNED, address);
    return FALSE;
  }
  if (region == NULL ? !self->ops->is_mapped (self->owner, address) : region->words && size != 4) {
    fg_sim_cpu_raise (self, FG_SIM_CAUSE_LOAD_STORE, address);
    return FALSE;
  }
  if (size < 4)
    value &= (1u << (8 * size)) - 1;
  if (region != NULL) {
    store (self, region, address - region->start, size, value);
  } else {
    self->changes++;
    self->ops->write (self->owner, address & ~3u, value);
  }
  return TRUE;
}
