/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The command line as values. Parsing does no I/O; every mistake is FG_ERROR_USAGE with a message
 * that names the option and what it takes.
 */

#include "fg-job.h"

G_BEGIN_DECLS

typedef struct _FgCliCommand FgCliCommand;

typedef enum { FG_CLI_FORMAT_RAW, FG_CLI_FORMAT_HEX, FG_CLI_FORMAT_UF2 } FgCliFormat;

typedef struct {
  const FgCliCommand *command; /* (unowned) (nullable) NULL: none was given */
  char **args;                 /* (owned) what follows the command's name */

  char *port; /* (owned) */
  guint baud; /* bit/s; 0: the job's own choice */
  FgBefore before;
  char *before_steps; /* (owned) (nullable) with FG_BEFORE_CUSTOM */
  FgAfter after;
  char *loader; /* (owned) "auto", "rom", "stub" or a file */
  gboolean json, verbose, quiet, help, version;

  gboolean erase, all, no_verify; /* flash, verify */
  FgFlashMode mode;
  guint freq_mhz;         /* FG_FLASH_FREQ_KEEP or MHz */
  guint32 flash_size;     /* FG_FLASH_SIZE_AUTO, FG_FLASH_SIZE_KEEP or bytes */
  char *backup;           /* (owned) (nullable) */
  gboolean no_boot_check; /* flash */
  gboolean dry_run;       /* flash: only tell what would be written */

  gboolean timestamps, raw, reset, no_reset; /* monitor */
  char *eol;                                 /* (owned) (nullable) monitor: "lf", "cr" or "crlf" */

  char *output; /* (owned) (nullable) merge: the file to write */
  FgCliFormat format;
  gboolean pad; /* merge: up to the end of the flash */
} FgCliOptions;

gboolean fg_cli_options_parse (FgCliOptions *self, char **argv, GError **error);
void fg_cli_options_clear (FgCliOptions *self);
char *fg_cli_options_dup_help (const FgCliCommand *command);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FgCliOptions, fg_cli_options_clear)

G_END_DECLS
