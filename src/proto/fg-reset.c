/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-reset.h"

#define SLICE_MS 50

/* Steps and delays: esptool reset.py (ClassicReset, UnixTightReset, HardReset) and loader.py, the
 * order of attempts on Unix. */
static const FgResetStep tight_steps[] = {
  { 0, 0, 0 }, { 1, 1, 0 }, { 0, 1, 100 }, { 1, 0, 50 }, { 0, 0, 0 },
};
static const FgResetStep tight_slow_steps[] = {
  { 0, 0, 0 }, { 1, 1, 0 }, { 0, 1, 100 }, { 1, 0, 550 }, { 0, 0, 0 },
};
static const FgResetStep classic_steps[] = {
  { 0, -1, 0 }, { -1, 1, 100 }, { 1, -1, 0 }, { -1, 0, 50 }, { 0, -1, 0 },
};
static const FgResetStep classic_slow_steps[] = {
  { 0, -1, 0 }, { -1, 1, 100 }, { 1, -1, 0 }, { -1, 0, 550 }, { 0, -1, 0 },
};
static const FgResetStep run_steps[] = { { 0, 1, 100 }, { 0, 0, 0 } };

#define SEQUENCE(text, array)                                                                      \
  {                                                                                                \
    .name = (text), .steps = (array), .n_steps = G_N_ELEMENTS (array)                              \
  }

const FgResetSequence fg_reset_tight = SEQUENCE ("tight", tight_steps);
const FgResetSequence fg_reset_tight_slow = SEQUENCE ("tight, slow", tight_slow_steps);
const FgResetSequence fg_reset_classic = SEQUENCE ("classic", classic_steps);
const FgResetSequence fg_reset_classic_slow = SEQUENCE ("classic, slow", classic_slow_steps);
const FgResetSequence fg_reset_run = SEQUENCE ("run", run_steps);

/**
 * fg_reset_for_attempt:
 * @attempt: from 0
 *
 * Returns: (transfer none): the sequence to try; they take turns
 */
const FgResetSequence *
fg_reset_for_attempt (guint attempt)
{
  static const FgResetSequence *const order[] = { &fg_reset_tight, &fg_reset_tight_slow,
                                                  &fg_reset_classic, &fg_reset_classic_slow };

  return order[attempt % G_N_ELEMENTS (order)];
}

static gboolean
pause_ms (guint ms, GCancellable *cancellable, GError **error)
{
  while (ms > 0) {
    guint slice = MIN (ms, SLICE_MS);

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    g_usleep (slice * 1000u);
    ms -= slice;
  }
  return TRUE;
}

/**
 * fg_reset_run_sequence:
 *
 * Returns: %FALSE with the transport's error, or %G_IO_ERROR_CANCELLED, set; the lines are released
 *   when it was cancelled
 */
gboolean
fg_reset_run_sequence (const FgResetSequence *sequence,
                       FgTransport *wire,
                       GCancellable *cancellable,
                       GError **error)
{
  gboolean dtr = FALSE;
  gboolean rts = FALSE;

  for (guint i = 0; i < sequence->n_steps; i++) {
    const FgResetStep *step = &sequence->steps[i];

    dtr = step->dtr < 0 ? dtr : step->dtr;
    rts = step->rts < 0 ? rts : step->rts;
    if (!fg_transport_set_lines (wire, dtr, rts, error))
      return FALSE;
    if (!pause_ms (step->wait_ms, cancellable, error)) {
      fg_transport_set_lines (wire, FALSE, FALSE, NULL);
      return FALSE;
    }
  }
  return TRUE;
}
