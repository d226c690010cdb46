/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Numbers and names of boot text in words: why a chip was reset, where it starts from, why a
 * program crashed. Static strings in English, parts of a sentence. */

#include <glib.h>

G_BEGIN_DECLS

/* The “rst cause” of an ESP8266's ROM: "a watchdog"; @by_itself: (out) */
const char *fg_boot_words_esp8266_reset (guint cause, gboolean *by_itself);
/* The first number of its “boot mode”: "from its flash" */
const char *fg_boot_words_esp8266_mode (guint mode);
/* The name in brackets after “rst:”: "POWERON_RESET" */
const char *fg_boot_words_reset (const char *name, gboolean *by_itself);
/* EXCCAUSE of an Xtensa processor; the name that ESP-IDF gives a crash: "LoadProhibited" */
const char *fg_boot_words_exception (guint cause);
const char *fg_boot_words_panic (const char *name);

G_END_DECLS
