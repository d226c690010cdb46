/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where a file goes by what it is, and by what is known about the others and about the board. */

#include "fg-content.h"

G_BEGIN_DECLS

typedef struct {
  const FgPartitionTable *table; /* (unowned) (nullable) that will be on the board */
  guint32 flash_size;            /* bytes; 0: not known */
  guint sdk_major;               /* of the NodeMCU build that goes with it; 0: not known */
} FgPlaceHints;

void fg_place_hints_learn (FgPlaceHints *self, const FgContent *content);
gboolean fg_place_find (const FgContent *content, const FgPlaceHints *hints, guint32 *offset);
gboolean fg_place_needs_flash_size (const FgContent *content, const FgPlaceHints *hints);

G_END_DECLS
