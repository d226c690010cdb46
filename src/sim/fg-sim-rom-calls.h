/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A stand-in for the functions of the mask ROM: when a program calls one of their addresses, it is
 * done here, in the time it would take. What waits (for the flash, for a delay, for the line) lets
 * interrupts in.
 */

#include "fg-sim-bus.h"
#include "fg-sim-clock.h"
#include "fg-sim-cpu.h"
#include "fg-sim-rom-ops.h"

G_BEGIN_DECLS

typedef enum {
  FG_SIM_PROGRAM_RUNS,
  FG_SIM_PROGRAM_HANGS,        /* it did what cannot be done; see fault */
  FG_SIM_PROGRAM_RESETS,       /* the chip */
  FG_SIM_PROGRAM_BITTEN,       /* by the watchdog: the chip is reset */
  FG_SIM_PROGRAM_STARTS_FLASH, /* it returned to the ROM, which starts what is in the flash */
} FgSimProgramState;

/* Where handlers of interrupts and exceptions, and programs, return to. */
#define FG_SIM_ROM_RETURN_FROM_HANDLER 0x4000dc54u /* _xtos_return_from_exc */
#define FG_SIM_ROM_RETURN_TO_MAIN 0x40001100u

#define FG_SIM_INTERRUPTS 16
#define FG_SIM_CAUSES 64
#define FG_SIM_CALL_DEPTH 4 /* a call that waits, and those of interrupt handlers above it */

/* A call that has not returned. */
typedef struct {
  guint32 pc, sp; /* which it is */
  guint step;
  guint32 address, pointer, left; /* in the flash, in memory; bytes to do */
  guint64 until;                  /* cycles */
} FgSimCallFrame;

typedef struct {
  guint32 code, argument;
} FgSimHandler;

typedef struct {
  FgSimCpu *cpu;   /* (unowned) */
  FgSimBus *bus;   /* (unowned) */
  FgSimSpi *spi;   /* (unowned) */
  FgSimUart *uart; /* (unowned) */
  FgSimClock clock;
  guint ticks_per_us; /* as the ROM believes, whatever the clock is */
  gboolean timed;     /* FALSE: what is not the processor's takes no time */
  FgSimProgramState state;
  char *fault; /* (owned) (nullable) why it hangs, in words */
  FgSimHandler interrupts[FG_SIM_INTERRUPTS];
  guint32 exceptions[FG_SIM_CAUSES]; /* handlers; 0: none */
  FgSimCallFrame frames[FG_SIM_CALL_DEPTH];
  guint n_frames;
  GHashTable *digests; /* (owned) (element-type guint32 GChecksum) by address of the context */
} FgSimRomCalls;

typedef enum {
  FG_SIM_CALL_RETURN, /* to the caller */
  FG_SIM_CALL_WAIT,   /* call again: after sleeping, or after an interrupt */
  FG_SIM_CALL_GONE,   /* the handler has set where to go on, or there is nowhere */
} FgSimCallResult;

void fg_sim_rom_calls_init (FgSimRomCalls *self,
                            FgSimCpu *cpu,
                            FgSimBus *bus,
                            FgSimSpi *spi,
                            FgSimUart *uart,
                            gboolean timed);
void fg_sim_rom_calls_clear (FgSimRomCalls *self);
void fg_sim_rom_calls_reset (FgSimRomCalls *self);
void fg_sim_rom_calls_start (FgSimRomCalls *self, guint32 entry, const FgSimRomFlash *flash);
gboolean fg_sim_rom_calls_run (FgSimRomCalls *self);
gboolean fg_sim_rom_calls_exception (FgSimRomCalls *self, FgSimCause cause, guint32 address);

/* For those who do the work. */
void fg_sim_rom_calls_hang (FgSimRomCalls *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint8 *fg_sim_rom_calls_memory (FgSimRomCalls *self, guint32 address, guint32 len);
char *fg_sim_rom_calls_text (FgSimRomCalls *self, guint32 address);
FgSimCallFrame *fg_sim_rom_calls_enter (FgSimRomCalls *self, gboolean *is_new);
FgSimCallResult fg_sim_rom_calls_leave (FgSimRomCalls *self, guint32 value);
FgSimCallResult fg_sim_rom_calls_sleep (FgSimRomCalls *self, guint64 until);
gint64 fg_sim_rom_calls_now_ns (const FgSimRomCalls *self);

/* What is at an address of the ROM. */
typedef struct {
  guint32 address;
  const char *name;
  FgSimCallResult (*run) (FgSimRomCalls *self);
} FgSimRomCall;

const FgSimRomCall *fg_sim_rom_calls_find (guint32 address);
void fg_sim_rom_calls_describe_flash (FgSimRomCalls *self, const FgSimRomFlash *flash);

G_END_DECLS
