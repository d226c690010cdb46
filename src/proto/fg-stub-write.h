/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Sends a stream to the stub, and makes sure that all of it is on the flash. */

#include "fg-stub-stream.h"
#include "fg-stub.h"

G_BEGIN_DECLS

typedef struct {
  guint packets;        /* sent, those that were sent again included */
  guint resent;         /* of these */
  guint sectors_erased; /* one by one */
  guint blocks_erased;  /* of 64 KB */
  guint sectors_blank;  /* that were not erased */
} FgStubReport;

gboolean fg_stub_write (FgStub *self,
                        const FgStubStream *stream,
                        FgStubProgress progress,
                        gpointer data,
                        FgStubReport *report,
                        GError **error);
gboolean fg_stub_abandon (FgStub *self, GError **error);

G_END_DECLS
