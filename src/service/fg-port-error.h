/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * From what the system says about a port to an FgError with a message. Any thread.
 */

#include "fg-error.h"

G_BEGIN_DECLS

/* An open() that failed with @errnum. */
void fg_port_error_set_open (GError **error, const char *path, int errnum);
/* Another program, or another job of ours, has the port. */
void fg_port_error_set_busy (GError **error, const char *path);
/* A read, write or ioctl on an open port that failed with @errnum; @action: "Reading from". */
void fg_port_error_set_io (GError **error, const char *name, const char *action, int errnum);
void fg_port_error_set_disconnected (GError **error, const char *name);

/* (transfer full) (nullable) "minicom (process 1234)": who has @path open, as far as /proc tells.
 */
char *fg_port_holder (const char *path);
/* (transfer full) the group that may open @path; "dialout" when nothing better is known. */
char *fg_port_group (const char *path);

G_END_DECLS
