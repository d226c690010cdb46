/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the engines of our stub and of one from a file have in common: from the ROM to a stub that
 * runs, its rate, erasing, and the way out. Blocking; one worker.
 */

#include "fg-engine.h"
#include "fg-stub-image.h"
#include "fg-stub-stream.h"
#include "fg-stub.h"

G_BEGIN_DECLS

#define FG_STUB_SAMPLE_LEN 64 /* bytes from the start of the flash, as the ROM reads them */

/* Turns what is done so far in one call into progress of the phase. */
typedef struct {
  FgSession *session; /* (unowned) */
  guint64 done;       /* bytes of this call */
} FgStubSteps;

FgStub *fg_stub_engine_get (const FgSession *session);
FgStubStream **fg_stub_engine_packed (const FgSession *session);
double fg_stub_engine_line_rate (const FgSession *session);
gboolean fg_stub_engine_load (FgSession *session,
                              const FgStubImage *image,
                              guint8 sample[FG_STUB_SAMPLE_LEN],
                              GError **error);
gboolean fg_stub_engine_set_baud (FgSession *session, guint wanted, GError **error);
gboolean fg_stub_engine_erase (FgSession *session, guint32 offset, guint32 length, GError **error);
gboolean fg_stub_engine_leave (FgSession *session, gboolean restart);
void fg_stub_engine_on_progress (guint32 address, guint64 done, gpointer data);

G_END_DECLS
