/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Words of the command line to values. FG_ERROR_USAGE names the option and what it takes.
 */

#include "fg-cli-options.h"
#include "fg-flash-format.h"
#include "fg-job.h"

G_BEGIN_DECLS

/* Each leaves *value as it is when @text is NULL: the option was not given. */
gboolean fg_cli_parse_before (const char *text, FgBefore *value, char **steps, GError **error);
gboolean fg_cli_parse_after (const char *text, FgAfter *value, GError **error);
gboolean fg_cli_parse_mode (const char *text, FgFlashMode *value, GError **error);
gboolean fg_cli_parse_freq (const char *text, guint *mhz, GError **error);
gboolean fg_cli_parse_flash_size (const char *text, guint32 *bytes, GError **error);
gboolean fg_cli_parse_format (const char *text, FgCliFormat *value, GError **error);
gboolean fg_cli_parse_baud (int number, guint *baud, GError **error);

G_END_DECLS
