/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The bar below every page: the flash strip with its legend, what is going on in one bold and one
 * dim line, and bottom right the one thing to do next.
 */

#include "fg-flash-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A button of the bar: "_Try again" does win.retry. */
typedef struct {
  const char *label;  /* translated, with a mnemonic; NULL: no such button */
  const char *action; /* "win.flash" */
} FgBarButton;

#define FG_TYPE_ACTION_BAR (fg_action_bar_get_type ())
G_DECLARE_FINAL_TYPE (FgActionBar, fg_action_bar, FG, ACTION_BAR, GtkWidget)

void fg_action_bar_set_map (FgActionBar *self, FgFlashMap *map);
void fg_action_bar_set_map_shown (FgActionBar *self, gboolean shown);
void fg_action_bar_set_status (FgActionBar *self, const char *status, const char *substatus);
/* @suggested: the last button is the one that is wanted, and not a way out. */
void fg_action_bar_set_buttons (FgActionBar *self,
                                const FgBarButton *second,
                                const FgBarButton *primary,
                                gboolean suggested);
/* 0 to 1; negative: there is no progress to show. */
void fg_action_bar_set_fraction (FgActionBar *self, double fraction);
void fg_action_bar_set_waiting (FgActionBar *self, gboolean waiting);
/* Stacks the buttons below the status where there are two of them. */
void fg_action_bar_set_narrow (FgActionBar *self, gboolean narrow);
void fg_action_bar_focus_primary (FgActionBar *self);
void fg_action_bar_focus_log (FgActionBar *self);

G_END_DECLS
