/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The options group. All but "Erase before flashing" is kept in the settings: wiping a board is
 * decided anew each time. Signal "changed".
 */

#include "fg-flash-format.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_OPTIONS_CARD (fg_options_card_get_type ())
G_DECLARE_FINAL_TYPE (FgOptionsCard, fg_options_card, FG, OPTIONS_CARD, GtkWidget)

void fg_options_card_bind (FgOptionsCard *self, GSettings *settings);
FgFlashMode fg_options_card_get_mode (FgOptionsCard *self);
void fg_options_card_set_mode (FgOptionsCard *self, FgFlashMode mode);
guint fg_options_card_get_baud (FgOptionsCard *self);
gboolean fg_options_card_get_erase (FgOptionsCard *self);
void fg_options_card_set_erase (FgOptionsCard *self, gboolean erase);
gboolean fg_options_card_get_only_changed (FgOptionsCard *self);
/* What the header will say, "DIO, 40 MHz, 4 MB"; NULL: not known yet. */
void fg_options_card_set_mode_words (FgOptionsCard *self, const char *words);

G_END_DECLS
