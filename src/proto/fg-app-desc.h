/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What an ESP-IDF program or bootloader says about itself, in a descriptor at the start of one of
 * its segments. Reads nothing outside the bytes it is given.
 */

#include "fg-image.h"

G_BEGIN_DECLS

typedef struct {
  gsize offset;  /* of the descriptor in the file, bytes */
  char *project; /* (owned) (nullable) "esp32_nat_router" */
  char *version; /* (owned) (nullable) "2.4.14"; of a bootloader a number */
  char *idf;     /* (owned) (nullable) "v5.5.4" */
  char *built;   /* (owned) (nullable) "Jan  1 2025 12:00:00" */
  guint32 secure_version;
  char *elf_sha256; /* (owned) (nullable) in hexadecimal */
} FgAppDesc;

FgAppDesc *fg_app_desc_find (const FgImageInfo *image, const guint8 *data, gsize len);
FgAppDesc *fg_boot_desc_find (const FgImageInfo *image, const guint8 *data, gsize len);
char *fg_dup_fixed_text (const guint8 *field, gsize size);
void fg_app_desc_free (FgAppDesc *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgAppDesc, fg_app_desc_free)

G_END_DECLS
