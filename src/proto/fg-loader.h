/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One session with one loader: commands and their replies. Blocking and not thread-safe: one worker
 * owns it. Every wait has a deadline and looks at the cancellable every 50 ms.
 */

#include "fg-command.h"
#include "fg-progress.h"
#include "fg-slip.h"
#include "fg-transport.h"

G_BEGIN_DECLS

typedef struct {
  FgTransport *wire;          /* (unowned) outlives the loader */
  GCancellable *cancellable;  /* (unowned) (nullable) */
  const FgReporter *reporter; /* (unowned) */
  FgSlipDecoder slip;
  GByteArray *out; /* (owned) the request being built */
  GString *noise;  /* (owned) what came between frames, the last 4 KB of it */
  guint8 in[4096]; /* bytes received and not yet decoded: in_pos to in_len */
  gsize in_pos, in_len;
  guint baud;            /* bit/s in force */
  guint refusal;         /* reason code of the last one */
  gboolean foreign_stub; /* a stub from a file answers, and not a ROM */
} FgLoader;

typedef struct {
  guint32 address;
  guint32 value;
  guint32 mask;
  guint32 delay_us; /* waited before this write; 16 bits wide in a ROM */
} FgRegWrite;

void fg_loader_init (FgLoader *self,
                     FgTransport *wire,
                     const FgReporter *reporter,
                     GCancellable *cancellable);
void fg_loader_clear (FgLoader *self);

gboolean fg_loader_send (FgLoader *self, GError **error);
gboolean fg_loader_next_frame (FgLoader *self, gint64 deadline_us, GError **error);
gboolean fg_loader_receive (FgLoader *self, gint64 deadline_us, FgReply *reply, GError **error);
gboolean fg_loader_drain (FgLoader *self, guint quiet_ms, GError **error);

gboolean fg_loader_sync (FgLoader *self, guint timeout_ms, gboolean *is_stub, GError **error);
gboolean fg_loader_command (FgLoader *self,
                            guint8 op,
                            const guint8 *data,
                            gsize len,
                            guint timeout_ms,
                            guint32 *value,
                            GError **error);
gboolean fg_loader_await_data (FgLoader *self,
                               guint8 op,
                               gsize expected_len,
                               guint timeout_ms,
                               FgReply *reply,
                               GError **error);
gboolean
fg_loader_await (FgLoader *self, guint8 op, guint timeout_ms, guint32 *value, GError **error);
gboolean fg_loader_read_reg (FgLoader *self, guint32 address, guint32 *value, GError **error);
gboolean fg_loader_write_regs (FgLoader *self, const FgRegWrite *writes, guint n, GError **error);
void fg_loader_build_read_reg (FgLoader *self, guint32 address);
void fg_loader_build_write_regs (FgLoader *self, const FgRegWrite *writes, guint n);
gboolean fg_loader_flash_begin (FgLoader *self,
                                guint32 erase_size,
                                guint32 n_blocks,
                                guint32 block_size,
                                guint32 offset,
                                GError **error);
gboolean fg_loader_flash_data (
    FgLoader *self, guint32 seq, const guint8 *payload, gsize len, GError **error);

G_END_DECLS
