/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What people have, opened: single files, offsets with files, lists of files, archives, Intel HEX
 * and UF2, together, each piece recognised and placed. Blocking; everything is bounded, nothing is
 * written, and nothing outside the folder of a list is read.
 */

#include "fg-inspect.h"
#include "fg-job.h"
#include "fg-placement.h"

G_BEGIN_DECLS

typedef enum {
  FG_BUNDLE_UNPLACED,   /* nothing tells: `firmware->offset` is 0 */
  FG_BUNDLE_BY_CONTENT, /* what it is tells */
  FG_BUNDLE_BY_NAME,    /* "0x10000.bin" */
  FG_BUNDLE_BY_LIST,    /* a manifest, Intel HEX or UF2 says so */
  FG_BUNDLE_BY_USER,    /* typed */
} FgBundlePlaced;

/* One piece. */
typedef struct {
  FgFirmware *firmware; /* (owned) */
  FgContent *content;   /* (owned) */
  char *source;         /* (owned) for messages and lists: "release.zip: app.bin" */
  FgBundlePlaced placed;
} FgBundleItem;

/* What is known about the board: nothing is all zero. */
typedef struct {
  const FgChip *chip; /* (unowned) (nullable) */
  guint32 flash_size; /* bytes; 0: not known */
} FgBundleBoard;

typedef struct {
  GPtrArray *items;    /* (owned) (element-type FgBundleItem) in the order given */
  const FgChip *chip;  /* (unowned) (nullable) that the pieces are made for */
  gboolean needs_chip; /* a list has builds for several chips; its pieces are not in `items` */
  gboolean needs_flash_size; /* some piece goes to a place that depends on it */
} FgBundle;

/*
 * @whats: FILE, OFFSET=FILE, a list or an archive. @board: (nullable). The error names the file and
 * the place in it: FG_ERROR_FILE, FG_ERROR_FILE_EMPTY, FG_ERROR_FILE_KIND, FG_ERROR_TOO_LARGE,
 * FG_ERROR_WRONG_CHIP, FG_ERROR_USAGE.
 */
FgBundle *fg_bundle_open (const char *const *whats, const FgBundleBoard *board, GError **error);
/* FALSE with FG_ERROR_USAGE set when it is not known where a piece goes. */
gboolean fg_bundle_check_placed (const FgBundle *self, GError **error);
void fg_bundle_free (FgBundle *self);
/* For those who steal a piece from `items`. */
void fg_bundle_item_free (FgBundleItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgBundle, fg_bundle_free)

G_END_DECLS
