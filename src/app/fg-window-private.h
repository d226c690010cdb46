/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the parts of the window share: fg-window.c (state and pages),
 * fg-window-actions.c (what can be done now), fg-window-run.c (jobs),
 * fg-window-files.c (files, drops and addresses), fg-window-ask.c (questions).
 */

#include "fg-window.h"

#include "fg-action-bar.h"
#include "fg-done-page.h"
#include "fg-failed-page.h"
#include "fg-flasher.h"
#include "fg-log-panel.h"
#include "fg-port-monitor.h"
#include "fg-running-page.h"
#include "fg-setup-page.h"

G_BEGIN_DECLS

/* What the page stack shows; what is shown while no port is there follows from FG_VIEW_SETUP, what
 * is shown while the board does not answer from `holding`. */
typedef enum { FG_VIEW_SETUP, FG_VIEW_RUNNING, FG_VIEW_DONE, FG_VIEW_FAILED } FgView;

struct _FgWindow {
  GtkApplicationWindow parent_instance;
  GSettings *settings;  /* (owned) */
  FgPortMonitor *ports; /* (owned) */
  FgFlasher *flasher;   /* (owned) */
  FgFlashMap *map;      /* (owned) */
  FgView view;
  gboolean any_port; /* the user wants to choose from all ports */
  gboolean narrow;
  guint narrow_id; /* a pending change of it */
  gboolean log_shown;

  /* the job that runs, or ran last */
  GCancellable *cancellable; /* (owned) (nullable) NULL: nothing runs */
  FgJob *job;                /* (owned) (nullable) */
  FgPort *job_port;          /* (owned) (nullable) */
  char *job_what;            /* (owned) (nullable) what is flashed: "NodeMCU 2.2.1" */
  char *board_path;          /* (owned) (nullable) the port of the board that is known */
  FgProgress progress;       /* the last one */
  gint64 started_us;         /* monotonic */
  gint64 shown_us;           /* monotonic; when the texts were last brought up to date */
  guint tick_id;
  guint inhibit_cookie;
  gboolean holding; /* the board needs a hand to enter its loader */
  gboolean close_when_done;
  char *note, *note_detail; /* (owned) (nullable) status that stays until the form changes */
  GtkWindow *question;      /* (owned) (nullable) the open question about closing */

  GtkStack *pages;
  FgSetupPage *setup;
  FgRunningPage *running;
  FgDonePage *done;
  FgFailedPage *failed;
  FgLogPanel *log;
  GtkRevealer *log_revealer;
  FgActionBar *bar;
};

/* fg-window.c */
gboolean fg_window_is_busy (FgWindow *self);
/* Brings pages, action bar and actions in line with the state. */
void fg_window_update (FgWindow *self);
void fg_window_show_view (FgWindow *self, FgView view);
void fg_window_set_note (FgWindow *self, const char *note, const char *detail);
void fg_window_show_plan (FgWindow *self);
void fg_window_forget_board (FgWindow *self);
/* Forgets what is known about the board if another port is chosen. */
void fg_window_sync_board (FgWindow *self);

/* Whether there is a port that probably has a board, or that the user wants. */
gboolean fg_window_has_board (FgWindow *self);

/* fg-window-actions.c */
void fg_window_install_actions (GtkWidgetClass *widget_class);
void fg_window_add_map_actions (FgWindow *self);
void fg_window_update_actions (FgWindow *self);

/* fg-window-run.c */
void fg_window_detect (FgWindow *self);
void fg_window_flash (FgWindow *self);
void fg_window_retry (FgWindow *self);
void fg_window_cancel (FgWindow *self);
void fg_window_show_progress (FgWindow *self);
void fg_window_connect_flasher (FgWindow *self);

/* fg-window-files.c */
void fg_window_choose_files (FgWindow *self);
void fg_window_enter_address (FgWindow *self);
void fg_window_accept_drops (FgWindow *self);
/* Adds a port that no scan finds and chooses it. */
void fg_window_use_port (FgWindow *self, const char *path, const char *title);

/* fg-window-ask.c */
void fg_window_ask_erase (FgWindow *self, void (*on_yes) (FgWindow *self));
void fg_window_ask_close (FgWindow *self);

G_END_DECLS
