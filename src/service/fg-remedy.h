/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Errors in words people can use, translated. Shared by the window and the command line.
 */

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) A short title: "The board was disconnected". */
char *fg_error_title (const GError *error);
/* (transfer full) What to do now, one or two sentences; never empty. */
char *fg_error_remedy (const GError *error, const char *port);

G_END_DECLS
