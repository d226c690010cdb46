/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Opens a file or a folder in a thread: whatever firmware is in it. */

#include "fg-firmware-item.h"

G_BEGIN_DECLS

/* @board: what is known about it; copied. */
void fg_firmware_load_async (GFile *file,
                             const FgBundleBoard *board,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/*
 * (transfer full) (element-type FgFirmwareItem). @needs_chip: (out) a list in it has builds for
 * several chips, and the board's is not known: load it again then.
 */
GPtrArray *fg_firmware_load_finish (GAsyncResult *result, gboolean *needs_chip, GError **error);
/* The file that @result is about. */
GFile *fg_firmware_load_result_file (GAsyncResult *result);

G_END_DECLS
