/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An LX106: the processor of the ESP8266, with its memories. It knows nothing of what surrounds
 * it: registers of peripherals, code it has no bytes of (the mask ROM) and exceptions without a
 * handler are its owner's. Time is in cycles.
 */

#include "fg-sim-insn.h"

G_BEGIN_DECLS

typedef struct _FgSimCpu FgSimCpu;

/* Numbers of special registers. */
#define FG_SIM_SR_SAR 3
#define FG_SIM_SR_EPC 176 /* + level */
#define FG_SIM_SR_DEPC 192
#define FG_SIM_SR_EPS 192       /* + level */
#define FG_SIM_SR_EXCSAVE 208   /* + level */
#define FG_SIM_SR_INTERRUPT 226 /* read; written as INTSET */
#define FG_SIM_SR_INTCLEAR 227
#define FG_SIM_SR_INTENABLE 228
#define FG_SIM_SR_PS 230
#define FG_SIM_SR_VECBASE 231
#define FG_SIM_SR_EXCCAUSE 232
#define FG_SIM_SR_CCOUNT 234
#define FG_SIM_SR_PRID 235
#define FG_SIM_SR_EXCVADDR 238
#define FG_SIM_SR_CCOMPARE 240

#define FG_SIM_PS_INTLEVEL 0x0fu
#define FG_SIM_PS_EXCM 0x10u
#define FG_SIM_PS_UM 0x20u

typedef enum {
  FG_SIM_CAUSE_ILLEGAL = 0,
  FG_SIM_CAUSE_SYSCALL = 1,
  FG_SIM_CAUSE_FETCH = 2,
  FG_SIM_CAUSE_LOAD_STORE = 3, /* nothing there, or a part of a word where only words are */
  FG_SIM_CAUSE_INTERRUPT = 4,
  FG_SIM_CAUSE_DIVISION = 6,
  FG_SIM_CAUSE_UNALIGNED = 9,
} FgSimCause;

/* A memory. */
typedef struct {
  guint32 start, size;
  guint8 *bytes;      /* (unowned) */
  gboolean words;     /* it can be accessed in aligned words only */
  gboolean read_only; /* stores are ignored */
  FgSimInsn *decoded; /* (owned) (nullable) one for each byte; where code can run */
  gboolean has_run;   /* something is decoded */
} FgSimRegion;

#define FG_SIM_REGIONS_MAX 4

typedef struct {
  /* @address is outside of all memories, a multiple of 4, and mapped. */
  guint32 (*read) (gpointer owner, guint32 address);
  void (*write) (gpointer owner, guint32 address, guint32 value);
  gboolean (*is_mapped) (gpointer owner, guint32 address);
  /* Code is to run where there are no bytes. FALSE: that is an exception. */
  gboolean (*call) (gpointer owner);
  /* TRUE: dealt with; else the vectors are used. */
  gboolean (*exception) (gpointer owner, FgSimCause cause, guint32 address);
} FgSimCpuOps;

struct _FgSimCpu {
  guint32 a[16], pc;
  guint32 sr[256];
  guint64 cycles;
  guint64 asleep_until; /* cycles; up to then nothing but an interrupt makes it go on */
  gboolean attention;   /* an interrupt is to be taken */
  gboolean waiting;     /* in a WAITI */
  gboolean stop;        /* fg_sim_cpu_run() is to return after this instruction */
  gboolean moved;       /* it returned because a timer was set: look again when that is due */
  guint64 timer_at;     /* cycle at which CCOUNT reaches CCOMPARE */
  const FgSimCpuOps *ops;
  gpointer owner; /* for @ops */
  FgSimRegion regions[FG_SIM_REGIONS_MAX];
  guint n_regions;
  FgSimRegion *code; /* (nullable) the region that ran last */
  guint64 changes;   /* of anything outside of its registers */
  /* The last jump back, to notice that nothing will change any more. */
  guint32 loop_pc, loop_a[16];
  guint64 loop_changes;
  guint loop_age; /* jumps back since then */
};

#define FG_SIM_ASLEEP G_MAXUINT64 /* until something happens */

void fg_sim_cpu_init (FgSimCpu *self, const FgSimCpuOps *ops, gpointer owner);
void fg_sim_cpu_clear (FgSimCpu *self);
FgSimRegion *fg_sim_cpu_add_region (FgSimCpu *self, const FgSimRegion *region, gboolean code);
void fg_sim_cpu_reset (FgSimCpu *self, guint32 pc);
void fg_sim_cpu_run (FgSimCpu *self, guint64 until);
void fg_sim_cpu_wake (FgSimCpu *self);
void fg_sim_cpu_check_timer (FgSimCpu *self);

void fg_sim_cpu_set_interrupt (FgSimCpu *self, guint number, gboolean level);
void fg_sim_cpu_raise (FgSimCpu *self, FgSimCause cause, guint32 address);
guint32 fg_sim_cpu_get_special (FgSimCpu *self, guint number);
void fg_sim_cpu_set_special (FgSimCpu *self, guint number, guint32 value);

guint8 *fg_sim_cpu_find (FgSimCpu *self, guint32 address, guint32 len);
void fg_sim_cpu_forget_code (FgSimCpu *self, guint32 address, guint32 len);
gboolean fg_sim_cpu_load (FgSimCpu *self, guint32 address, guint size, guint32 *value);
gboolean fg_sim_cpu_store (FgSimCpu *self, guint32 address, guint size, guint32 value);

/* For those who execute and change what interrupts depend on. */
void fg_sim_cpu_check_interrupts (FgSimCpu *self);

G_END_DECLS
