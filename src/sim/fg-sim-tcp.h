/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A TCP port on 127.0.0.1, one client at a time; also what servers of other protocols stand on. */

#include "fg-sim-port.h"

G_BEGIN_DECLS

typedef struct {
  FgSimPort port;
  const char *scheme; /* (unowned) */
  guint16 number;     /* as asked; after the first plug, as got */
} FgSimTcp;

extern const FgSimPortOps fg_sim_tcp_ops;

/* @scheme: a literal, as in "SCHEME://127.0.0.1:PORT" */
void fg_sim_tcp_init (FgSimTcp *self, const FgSimPortOps *ops, const char *scheme, guint16 number);

G_END_DECLS
