/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What archives hold, in memory and bounded: nothing is written anywhere, so that no name in an
 * archive can do harm. Blocking.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes that an archive may hold: four times the flash of a big board. */
#define FG_ARCHIVE_LIMIT (64u * 1024 * 1024)
#define FG_ARCHIVE_MAX_ENTRIES 1000u

typedef struct {
  char *name;    /* (owned) as the archive has it, UTF-8, with "/" */
  GBytes *bytes; /* (owned) */
} FgArchiveEntry;

gboolean fg_archive_is_zip (GBytes *bytes);
gboolean fg_archive_is_gzip (GBytes *bytes);
/* (element-type FgArchiveEntry) the files; FG_ERROR_FILE_KIND, FG_ERROR_TOO_LARGE name the place.
 */
GPtrArray *fg_archive_read_zip (GBytes *bytes, GError **error);
GBytes *fg_archive_read_gzip (GBytes *bytes, GError **error);

G_END_DECLS
