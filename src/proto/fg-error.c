/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-error.h"

#include <gio/gio.h>

G_DEFINE_QUARK (fg_error_quark, fg_error)

static const char *const code_names[] = {
  [FG_ERROR_PORT_MISSING] = "port-missing",
  [FG_ERROR_PORT_BUSY] = "port-busy",
  [FG_ERROR_PORT_FORBIDDEN] = "port-forbidden",
  [FG_ERROR_PORT_FAILED] = "port-failed",
  [FG_ERROR_DISCONNECTED] = "disconnected",
  [FG_ERROR_NO_ANSWER] = "no-answer",
  [FG_ERROR_NOT_IN_LOADER] = "not-in-loader",
  [FG_ERROR_TIMEOUT] = "timeout",
  [FG_ERROR_PROTOCOL] = "protocol",
  [FG_ERROR_REJECTED] = "rejected",
  [FG_ERROR_UNSUPPORTED] = "unsupported",
  [FG_ERROR_UNKNOWN_CHIP] = "unknown-chip",
  [FG_ERROR_FLASH_CHIP] = "flash-chip",
  [FG_ERROR_FILE] = "file",
  [FG_ERROR_FILE_EMPTY] = "file-empty",
  [FG_ERROR_FILE_KIND] = "file-kind",
  [FG_ERROR_WRONG_CHIP] = "wrong-chip",
  [FG_ERROR_TOO_LARGE] = "too-large",
  [FG_ERROR_OVERLAP] = "overlap",
  [FG_ERROR_RANGE] = "range",
  [FG_ERROR_ERASE] = "erase",
  [FG_ERROR_VERIFY] = "verify",
  [FG_ERROR_IN_USE] = "in-use",
  [FG_ERROR_USAGE] = "usage",
};

/**
 * fg_error_code_name:
 * @error: an error of any domain
 *
 * The stable, untranslated name that the command line prints as `code`.
 *
 * Returns: "cancelled" for %G_IO_ERROR_CANCELLED, "error" for other domains
 */
const char *
fg_error_code_name (const GError *error)
{
  if (error->domain == FG_ERROR && error->code >= 0
      && error->code < (int) G_N_ELEMENTS (code_names))
    return code_names[error->code];
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  return "error";
}
