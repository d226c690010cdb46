/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What there is to say about the files of the form, each with a remedy where one click can help:
 * what is wrong with a file, with its place, with it on this board, with two files together. What
 * only the whole plan can tell comes from the plan. Pure: no widgets.
 */

#include "fg-error.h"
#include "fg-firmware-item.h"

G_BEGIN_DECLS

typedef enum {
  FG_REMEDY_NONE,
  FG_REMEDY_MOVE,   /* the file to `offset` */
  FG_REMEDY_ERASE,  /* the whole flash first */
  FG_REMEDY_DOUT,   /* as the flash mode */
  FG_REMEDY_DETECT, /* the chip */
} FgRemedy;

typedef struct {
  FgSeverity severity;
  FgError code;         /* of an error: its title is that of the status line */
  char *message;        /* (owned) a sentence */
  gboolean about_place; /* where the file goes, and not what it is */
  FgRemedy remedy;
  guint32 offset; /* bytes, for %FG_REMEDY_MOVE */
} FgAdvice;

/* What it depends on besides the files. */
typedef struct {
  const FgBoardInfo *board; /* (unowned) (nullable) */
  FgPlaceHints hints;       /* of all files together */
  FgFlashMode mode;         /* that is chosen */
  gboolean erase_all;
} FgAdviceContext;

/* (transfer full) (element-type FgAdvice) about items[index], the worst first. */
GPtrArray *fg_advice_about_item (GListModel *items, guint index, const FgAdviceContext *context);
/* (transfer full) (element-type FgAdvice) about all files together. */
GPtrArray *fg_advice_about_all (GListModel *items, const FgAdviceContext *context);
/* (transfer full) (nullable) what the button of the remedy says. */
char *fg_advice_dup_remedy_label (const FgAdvice *self);

G_END_DECLS
