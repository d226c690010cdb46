/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The bold and the dim line of the action bar while a job runs, in words.
 */

#include "fg-progress.h"

G_BEGIN_DECLS

/* (transfer full) "Writing nodemcu.bin"; @file: nullable; @erase_all: the job wipes the whole
 * flash. */
char *fg_status_title (const FgProgress *progress, const char *file, gboolean erase_all);
/* (transfer full) "216 of 340 KB · 61 KB/s · 3 s left"; may be empty. */
char *fg_status_detail (const FgProgress *progress);

G_END_DECLS
