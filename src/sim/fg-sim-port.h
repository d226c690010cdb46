/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where other programs find the simulated board: a pseudo-terminal or a TCP port. One client at a
 * time. Nothing here blocks.
 */

#include "fg-sim-board.h"
#include "fg-sim-queue.h"

G_BEGIN_DECLS

typedef struct _FgSimPort FgSimPort;

typedef struct {
  /* Lets clients in; sets @name. */
  gboolean (*plug) (FgSimPort *self, GError **error);
  /* Throws the client out and lets nobody in. */
  void (*unplug) (FgSimPort *self);
  /* @event_fd is readable: keeps @client up to date. Returns whether a client left; another one may
   * have come since. */
  gboolean (*handle_event) (FgSimPort *self);
  /* The client is gone, or is to go. */
  void (*hang_up) (FgSimPort *self);
  /* bit/s; 0: there is no such thing here */
  guint (*get_baud) (FgSimPort *self);
  void (*free) (FgSimPort *self);
} FgSimPortOps;

/* For a port where more than the board's bytes goes over the connection. */
typedef struct {
  /* A client came; what it is told goes to @out, now and later. */
  void (*greet) (FgSimPort *self, FgSimBoard *board, FgSimQueue *out);
  /* What the client sent: bytes and settings for the board. */
  void (*hear) (FgSimPort *self, const guint8 *data, gsize len, FgSimBoard *board);
  /* What the board said, put as the client understands it. */
  void (*say) (FgSimPort *self, const guint8 *data, gsize len, FgSimQueue *out);
  /* The client is gone. */
  void (*leave) (FgSimPort *self, FgSimBoard *board);
} FgSimPortTalk;

struct _FgSimPort {
  const FgSimPortOps *ops;   /* (unowned) static */
  const FgSimPortTalk *talk; /* (unowned) (nullable) static; NULL: bytes are passed as they are */
  int data_fd;               /* -1: none now */
  int event_fd;              /* -1: none now */
  gboolean client;           /* somebody has it open */
  char *name;                /* (owned) what the user is told */
};

FgSimPort *fg_sim_pty_new (const char *link);
FgSimPort *fg_sim_tcp_new (guint16 port);
FgSimPort *fg_sim_rfc2217_new (guint16 port);
void fg_sim_port_free (FgSimPort *self);
gboolean fg_sim_port_fail (GError **error, const char *what, const char *which);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimPort, fg_sim_port_free)

G_END_DECLS
