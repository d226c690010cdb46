/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Lists of files with their offsets: ESP-IDF's flasher_args.json and the manifest.json of ESP Web
 * Tools. The text alone; nothing that it names is opened here.
 */

#include "fg-chip.h"

G_BEGIN_DECLS

typedef struct {
  char *path; /* (owned) relative to the manifest, without ".." */
  guint32 offset;
} FgManifestPart;

typedef struct {
  GPtrArray *parts;    /* (owned) (element-type FgManifestPart) */
  const FgChip *chip;  /* (unowned) (nullable) they are for */
  gboolean needs_chip; /* there are builds for several chips: `parts` is empty */
} FgManifest;

gboolean fg_manifest_is (GBytes *bytes);
/* @chip: (nullable) the board's. FG_ERROR_FILE_KIND names the member, FG_ERROR_WRONG_CHIP the
 * chips that there are builds for. */
FgManifest *fg_manifest_read (GBytes *bytes, const FgChip *chip, GError **error);
void fg_manifest_free (FgManifest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgManifest, fg_manifest_free)

G_END_DECLS
