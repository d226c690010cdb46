/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An advice as a row, with a button where one click can help. */

#include "fg-advice.h"
#include "fg-note.h"

G_BEGIN_DECLS

/*
 * The button does "row.move" (u: bytes), "form.remedy" (u: an FgRemedy) or "win.detect".
 * @name: (nullable) the file it is about, for the button's accessible name.
 */
GtkWidget *fg_advice_note_new (const FgAdvice *advice, const char *name);
/* (transfer full) equal for lists that look the same. */
char *fg_advice_note_dup_key (const GPtrArray *list);

G_END_DECLS
