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
extern const FgResetSequence fg_reset_run; /* reset and run the program */

const FgResetSequence *fg_reset_for_attempt (guint attempt);
gboolean fg_reset_run_sequence (const FgResetSequence *sequence,
                                FgTransport *wire,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
