/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Whether a board has started well, from what it said after a reset: fed with bytes as they come,
 * asked when enough is known. No I/O and no clock of its own; memory is bounded whatever comes.
 */

#include "fg-boot-line.h"

G_BEGIN_DECLS

typedef enum {
  FG_BOOT_UNKNOWN, /* nothing that tells */
  FG_BOOT_RUNS,    /* the program was started, and nothing speaks against it */
  FG_BOOT_FAILS,
} FgBootVerdict;

typedef struct {
  FgSeverity severity;
  const char *code;   /* (unowned) static: "checksum" */
  char *message;      /* (owned) a sentence in English without a full stop */
  const char *remedy; /* (unowned) (nullable) static, a sentence in English */
  guint count;        /* how often it was seen */
} FgBootFinding;

typedef struct {
  FgBootVerdict verdict;
  GPtrArray *findings; /* (owned) (element-type FgBootFinding) the worst first */
  guint restarts;      /* that nobody had asked for */
  double seconds;      /* how long was listened */
} FgBootReport;

typedef struct _FgBootCheck FgBootCheck;

FgBootCheck *fg_boot_check_new (void);
void fg_boot_check_free (FgBootCheck *self);

void fg_boot_check_feed (FgBootCheck *self, const guint8 *bytes, gsize len, gint64 now_us);
gboolean fg_boot_check_is_clear (const FgBootCheck *self, gint64 now_us);
gboolean fg_boot_check_is_garbled (const FgBootCheck *self);
gboolean fg_boot_check_is_quiet_after_rom (const FgBootCheck *self, gint64 now_us);
void fg_boot_check_changed_rate (FgBootCheck *self);
FgBootReport *fg_boot_check_finish (FgBootCheck *self, double seconds, gboolean is_nodemcu);

FgBootReport *fg_boot_report_new (void);
void fg_boot_report_add (FgBootReport *self,
                         FgSeverity severity,
                         const char *code,
                         const char *remedy,
                         const char *format,
                         ...) G_GNUC_PRINTF (5, 6);
void fg_boot_report_free (FgBootReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgBootCheck, fg_boot_check_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgBootReport, fg_boot_report_free)

G_END_DECLS
