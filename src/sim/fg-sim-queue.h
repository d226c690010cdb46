/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Bytes in order of arrival. Unbounded: its owner knows the limit. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GByteArray *bytes; /* (owned) */
  gsize head;        /* what comes before it has been taken */
} FgSimQueue;

void fg_sim_queue_init (FgSimQueue *self);
void fg_sim_queue_clear (FgSimQueue *self);
void fg_sim_queue_free_contents (FgSimQueue *self);
gsize fg_sim_queue_len (const FgSimQueue *self);
const guint8 *fg_sim_queue_peek (const FgSimQueue *self);
void fg_sim_queue_push (FgSimQueue *self, const guint8 *data, gsize len);
guint8 fg_sim_queue_pop (FgSimQueue *self);
gsize fg_sim_queue_take (FgSimQueue *self, guint8 *data, gsize len);

G_END_DECLS
