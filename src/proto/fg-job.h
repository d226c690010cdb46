/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A job: what shall be done with which board. Built by one thread, then immutable and shared by
 * reference. And its result.
 */

#include "fg-boot-check.h"
#include "fg-progress.h"
#include "fg-stub-image.h"

G_BEGIN_DECLS

typedef enum { FG_JOB_DETECT, FG_JOB_FLASH, FG_JOB_ERASE, FG_JOB_READ, FG_JOB_VERIFY } FgJobKind;
typedef enum {
  FG_BEFORE_DEFAULT, /* what suits the port */
  FG_BEFORE_NONE,    /* the board is in its loader already */
  FG_BEFORE_USB,     /* as through the chip's own USB port */
  FG_BEFORE_CUSTOM,  /* before_steps */
} FgBefore;
typedef enum { FG_AFTER_RESET, FG_AFTER_STAY } FgAfter;
/* Which program on the chip does the work. Automatic: the best that works. */
typedef enum { FG_LOADER_AUTO, FG_LOADER_ROM, FG_LOADER_STUB, FG_LOADER_FILE } FgLoaderChoice;

/* One file and where it goes. */
typedef struct {
  char *name;     /* (owned) for messages: the base name */
  guint32 offset; /* bytes from the start of the flash */
  GBytes *bytes;  /* (owned) */
} FgFirmware;

typedef struct {
  FgJobKind kind;
  char *port; /* (owned) as in DESIGN section 3: "/dev/ttyUSB0", "sim:esp8266" */
  guint baud; /* bit/s for the long phases; connecting is at most 115200 */
  FgBefore before;
  char *before_steps; /* (owned) (nullable) for fg_reset_parse() */
  FgAfter after;
  FgLoaderChoice loader;
  FgStubImage *stub; /* (owned) (nullable) the one of FG_LOADER_FILE */
  guint attempts;    /* tries to enter the loader; 0: until cancelled */
  FgFlashMode mode;
  guint freq_mhz;      /* FG_FLASH_FREQ_KEEP: the image's own */
  guint32 flash_size;  /* FG_FLASH_SIZE_AUTO, FG_FLASH_SIZE_KEEP or bytes */
  gboolean erase_all;  /* wipe the whole flash first */
  gboolean write_all;  /* also write sectors that are right already */
  gboolean verify;     /* read back what was written; FALSE is said plainly in the result */
  gboolean boot_check; /* flash: listen afterwards whether the program starts */
  GPtrArray *firmware; /* (owned) (element-type FgFirmware) flash, verify */
  guint32 offset;      /* erase, read: bytes */
  guint32 length;      /* erase, read: bytes; 0: all */
} FgJob;

typedef struct {
  guint32 offset;
  guint32 length;  /* bytes of the file, without padding */
  guint32 written; /* bytes, whole sectors; right already: the rest */
  guint32 skipped;
  gboolean verified;
} FgRegionResult;

typedef struct {
  FgJobKind kind;
  FgBoardInfo *board; /* (owned) (nullable) */
  GArray *regions;    /* (owned) (element-type FgRegionResult) flash, verify */
  GBytes *bytes;      /* (owned) (nullable) read */
  FgBootReport *boot; /* (owned) (nullable) flash, when it was checked */
  double seconds[FG_N_PHASES];
  double total_seconds;
  const char *loader;    /* (unowned) static: the engine that did the work, "rom" */
  guint baud;            /* bit/s that the long phases ran at */
  guint64 bytes_on_wire; /* both directions */
} FgResult;

FgFirmware *fg_firmware_new (const char *name, guint32 offset, GBytes *bytes);
void fg_firmware_free (FgFirmware *self);

FgJob *fg_job_new (FgJobKind kind, const char *port);
FgJob *fg_job_ref (FgJob *self);
void fg_job_unref (FgJob *self);
void fg_job_add_firmware (FgJob *self, const char *name, guint32 offset, GBytes *bytes);

FgResult *fg_result_new (FgJobKind kind);
FgResult *fg_result_ref (FgResult *self);
void fg_result_unref (FgResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgFirmware, fg_firmware_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgJob, fg_job_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgResult, fg_result_unref)

G_END_DECLS
