/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * DTR/RTS sequences as data. Asserted pulls the pin low; DTR drives GPIO0 (BOOT), RTS drives EN
 * (reset), through the usual two transistors, where both asserted have no effect.
 */

#include "fg-transport.h"

G_BEGIN_DECLS

typedef struct {
  gint8 dtr, rts;  /* 1 asserted, 0 released, -1 as it was; both change in one step */
  guint16 wait_ms; /* afterwards */
} FgResetStep;

typedef struct {
  const char *name;
  const FgResetStep *steps; /* (unowned) */
  guint n_steps;
} FgResetSequence;

extern const FgResetSequence fg_reset_tight;      /* into the loader, both lines at once */
extern const FgResetSequence fg_reset_tight_slow; /* for a large capacitor on EN */
extern const FgResetSequence fg_reset_classic;
extern const FgResetSequence fg_reset_classic_slow;
extern const FgResetSequence fg_reset_held; /* tight; this adapter lets go of DTR by itself */
extern const FgResetSequence fg_reset_held_slow;
extern const FgResetSequence fg_reset_usb;      /* into the loader through USB-Serial-JTAG */
extern const FgResetSequence fg_reset_run;      /* reset and run the program */
extern const FgResetSequence fg_reset_run_held; /* for that adapter */
extern const FgResetSequence fg_reset_run_usb;  /* through the chip's own USB port */

const FgResetSequence *fg_reset_for_attempt (const FgTransport *wire, guint attempt);
const FgResetSequence *fg_reset_for_running (const FgTransport *wire);
FgResetSequence *fg_reset_parse (const char *text, GError **error);
void fg_reset_free (FgResetSequence *self);
gboolean fg_reset_run_sequence (const FgResetSequence *sequence,
                                FgTransport *wire,
                                GCancellable *cancellable,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgResetSequence, fg_reset_free)

G_END_DECLS
