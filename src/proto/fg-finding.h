/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Something to tell about a file or a plan: how bad it is, a stable name for programs, a sentence
 * in English for people, and where in the file it is. Plain data; nothing here does I/O.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_SEVERITY_INFO,    /* worth knowing */
  FG_SEVERITY_WARNING, /* may be meant so */
  FG_SEVERITY_ERROR,   /* the file cannot be right */
} FgSeverity;

#define FG_FINDING_NOWHERE (-1)

typedef struct {
  FgSeverity severity;
  const char *code; /* static: "checksum", "truncated" */
  gint64 position;  /* byte in the file; FG_FINDING_NOWHERE: the file as a whole */
  char *message;    /* (owned) */
} FgFinding;

GPtrArray *fg_findings_new (void);
void fg_findings_add (GPtrArray *self,
                      FgSeverity severity,
                      const char *code,
                      gint64 position,
                      const char *format,
                      ...) G_GNUC_PRINTF (5, 6);
const FgFinding *fg_findings_worst (const GPtrArray *self);
const char *fg_severity_name (FgSeverity severity);

G_END_DECLS
