/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A row that says one thing: a hint, a warning or what is wrong. Never by colour alone: each kind
 * has its icon, and a screen reader hears the kind before the text.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum { FG_NOTE_HINT, FG_NOTE_WARNING, FG_NOTE_ERROR } FgNoteKind;

#define FG_TYPE_NOTE (fg_note_get_type ())
G_DECLARE_FINAL_TYPE (FgNote, fg_note, FG, NOTE, GtkWidget)

GtkWidget *fg_note_new (FgNoteKind kind, const char *text);
void fg_note_set (FgNote *self, FgNoteKind kind, const char *text);
/* Adds a button behind the text. */
void fg_note_append (FgNote *self, GtkWidget *child);

G_END_DECLS
