/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How a worker tells the main thread what it does. Anything may be posted at any speed: at most one
 * wake-up is queued at a time, and progress within a phase is only the latest. Log lines, changes
 * of sectors and the board arrive all and in order.
 */

#include "fg-progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FgMailbox FgMailbox;

/* Called in the main context that the mailbox was made for. */
typedef struct {
  void (*progress) (const FgProgress *progress, gpointer data);
  /* @time_us: when it was posted, wall-clock */
  void (*log) (FgLogLevel level, const char *line, gint64 time_us, gpointer data);
  void (*sectors) (guint32 offset, guint32 length, FgSectorState state, gpointer data);
  void (*board) (FgBoardInfo *board, gpointer data);
} FgMailboxReader;

/* @context: (nullable): where @reader is called; @reader: static; @data: used only there */
FgMailbox *fg_mailbox_new (GMainContext *context, const FgMailboxReader *reader, gpointer data);
FgMailbox *fg_mailbox_ref (FgMailbox *self);
void fg_mailbox_unref (FgMailbox *self);

/* Any thread: a reporter that posts to @self, as long as the caller has a reference. */
FgReporter fg_mailbox_reporter (FgMailbox *self);
/* In the reader's context: delivers what is left, then never calls the reader again. */
void fg_mailbox_close (FgMailbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgMailbox, fg_mailbox_unref)

G_END_DECLS
