/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What one line of a board's boot text means, in words. No I/O and no memory of other lines: the
 * monitor explains lines in place with it, and FgBootCheck adds them up.
 */

#include "fg-finding.h"

G_BEGIN_DECLS

typedef enum {
  FG_BOOT_LINE_OTHER,   /* the program's own words, or nothing known */
  FG_BOOT_LINE_RESET,   /* the chip begins again */
  FG_BOOT_LINE_LOADING, /* the ROM, or the second stage, at work */
  FG_BOOT_LINE_STARTED, /* the ROM is content and jumps into the image */
  FG_BOOT_LINE_WAITING, /* the chip waits in its loader */
  FG_BOOT_LINE_FATAL,   /* why it does not start, or does not go on */
  FG_BOOT_LINE_NOTICE,  /* worth knowing */
  FG_BOOT_LINE_BANNER,  /* the program says who it is */
  FG_BOOT_LINE_PROMPT,  /* the program waits for a command */
} FgBootLineKind;

typedef struct {
  FgBootLineKind kind;
  FgSeverity severity;
  const char *code;   /* (unowned) (nullable) static: "checksum"; NULL: nothing to tell */
  const char *remedy; /* (unowned) (nullable) static, a sentence in English */
  char *message;      /* (owned) (nullable) a sentence in English without a full stop */
  gboolean by_itself; /* a reset that the board made, and no person or line */
} FgBootLine;

gboolean fg_boot_line_parse (FgBootLine *self, const char *line);
void fg_boot_line_clear (FgBootLine *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FgBootLine, fg_boot_line_clear)

G_END_DECLS
