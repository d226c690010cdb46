/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How a blocking job tells what it does. The callbacks run in the job's thread and must not block.
 */

#include "fg-board-info.h"

G_BEGIN_DECLS

typedef enum {
  FG_PHASE_NONE,
  FG_PHASE_CONNECT, /* reset into the loader, sync, identify */
  FG_PHASE_PREPARE, /* baud rate, flash chip, plan */
  FG_PHASE_COMPARE, /* which sectors are right already */
  FG_PHASE_ERASE,
  FG_PHASE_WRITE,
  FG_PHASE_READ,
  FG_PHASE_VERIFY,
  FG_PHASE_RESTART, /* leave the loader */
  FG_PHASE_BOOT,    /* listen whether the program starts */
  FG_N_PHASES
} FgPhase;

typedef enum {
  FG_SECTOR_LEFT,      /* not part of the job */
  FG_SECTOR_PLANNED,   /* will be written */
  FG_SECTOR_UNCHANGED, /* compared: holds what it should, or is still old after a failure */
  FG_SECTOR_ERASED,
  FG_SECTOR_WRITTEN,
  FG_SECTOR_VERIFIED,
  FG_SECTOR_FAILED,
  FG_N_SECTOR_STATES
} FgSectorState;

typedef enum { FG_LOG_DEBUG, FG_LOG_INFO, FG_LOG_WARNING, FG_LOG_ERROR } FgLogLevel;

#define FG_SECTOR_SIZE 4096u

typedef struct {
  FgPhase phase;
  guint64 done;        /* bytes of this phase; attempts in FG_PHASE_CONNECT */
  guint64 total;       /* bytes; 0: not known */
  guint32 address;     /* where the chip is now, bytes from the start of the flash */
  double fraction;     /* of the whole job, 0 to 1; never goes back */
  double rate;         /* bytes/s in this phase; 0: not known */
  double eta;          /* seconds left of the whole job; negative: not known */
  guint baud;          /* bit/s in force; 0: not known */
  const char *loader;  /* (nullable) static: which program does the work: "rom", "stub", "file" */
  guint sectors_total; /* sectors of the plan; 0: not known */
  guint sectors_same;  /* of these: compared and right already */
} FgProgress;

/* What does not work with one board. */
typedef struct {
  gboolean rom_only; /* a stub */
  guint baud;        /* bit/s: anything faster */
} FgBoardLimit;

typedef struct {
  void (*progress) (const FgProgress *progress, gpointer data);
  void (*log) (FgLogLevel level, const char *line, gpointer data);
  /* @offset and @length are whole sectors, in bytes */
  void (*sectors) (guint32 offset, guint32 length, FgSectorState state, gpointer data);
  /* as soon as the chip is identified; the callee takes its own reference */
  void (*board) (FgBoardInfo *info, gpointer data);
  /* what an earlier job has found out about this board; FALSE: nothing */
  gboolean (*recall) (const FgBoardInfo *info, FgBoardLimit *limit, gpointer data);
  /* for the next job */
  void (*remember) (const FgBoardInfo *info, const FgBoardLimit *limit, gpointer data);
  gpointer data;
} FgReporter; /* any member may be NULL */

const char *fg_phase_name (FgPhase phase);
void fg_report_log (const FgReporter *self, FgLogLevel level, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
