/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Opening @port fails with this FgError, and the message holds @words. */
void assert_refused (const char *port, int code, const char *words);
