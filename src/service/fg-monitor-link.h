/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the monitor's object and its worker have in common: what was heard, on its way to the main
 * thread; what is to be sent, and wishes, on their way to the worker. Bounded: when the main thread
 * does not keep up, the oldest text is dropped and counted. Any thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  FG_MONITOR_STOPPED,   /* the port is free */
  FG_MONITOR_OPENING,   /* for the first time */
  FG_MONITOR_LISTENING, /* the port is open */
  FG_MONITOR_WAITING,   /* the board is gone; opened again as soon as it is back */
} FgMonitorState;

/* What the worker shall do with the open port, once each; together they are done in this order. */
typedef enum {
  FG_MONITOR_WISH_BAUD = 1 << 0,
  FG_MONITOR_WISH_RESET = 1 << 1,
  FG_MONITOR_WISH_LOADER = 1 << 2,
} FgMonitorWish;

typedef struct _FgMonitorLink FgMonitorLink;

/* Called in the main context that the link was made for. */
typedef struct {
  void (*text) (GBytes *bytes, gint64 time_us, gpointer data);
  void (*status) (FgMonitorState state, const char *message, gpointer data);
} FgMonitorReader;

/* Bytes that wait for the main thread, and for the board, at most. */
#define FG_MONITOR_HEARD_MAX (4u * 1024 * 1024)
#define FG_MONITOR_SEND_MAX (64u * 1024)

FgMonitorLink *fg_monitor_link_new (guint baud, const FgMonitorReader *reader, gpointer data);
FgMonitorLink *fg_monitor_link_ref (FgMonitorLink *self);
void fg_monitor_link_unref (FgMonitorLink *self);

/* The worker's side. @message: (nullable) */
void fg_monitor_link_hear (FgMonitorLink *self, const guint8 *bytes, gsize len);
void fg_monitor_link_tell (FgMonitorLink *self, FgMonitorState state, const char *message);
/* (transfer full) (nullable): a piece of what is to be sent; NULL: nothing */
GBytes *fg_monitor_link_take_send (FgMonitorLink *self);
/* @baud: (out): the rate that is wanted, in bit/s */
guint fg_monitor_link_take_wishes (FgMonitorLink *self, guint *baud);

/* The main thread's side. FALSE: too much is waiting, and nothing of it was taken. */
gboolean fg_monitor_link_send (FgMonitorLink *self, const guint8 *bytes, gsize len);
void fg_monitor_link_wish (FgMonitorLink *self, FgMonitorWish wish, guint baud);
guint64 fg_monitor_link_get_dropped (FgMonitorLink *self);
/* Delivers what is left, then never calls the reader again. */
void fg_monitor_link_close (FgMonitorLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgMonitorLink, fg_monitor_link_unref)

G_END_DECLS
