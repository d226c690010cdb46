/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Flash mode, frequency and size in the header of an image that boots. Pure: no I/O. */

#include "fg-image.h"
#include "fg-job.h"

G_BEGIN_DECLS

void fg_patch_header (guint8 *data,
                      gsize len,
                      const FgImageInfo *image,
                      const FgJob *job,
                      const FgBoardInfo *board,
                      const FgChip *chip);

G_END_DECLS
