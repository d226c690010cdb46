/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-reset.h"

#include "fg-error.h"

#include <math.h>
#include <string.h>

#define SLICE_MS 50
#define STEPS_MAX 64
#define WAIT_MAX_SECONDS 10.0

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
static const FgResetStep held_steps[] = { { 0, 0, 0 }, { 1, 1, 0 }, { 0, 1, 100 }, { 1, 0, 50 } };
static const FgResetStep held_slow_steps[] = {
  { 0, 0, 0 },
  { 1, 1, 0 },
  { 0, 1, 100 },
  { 1, 0, 550 },
};
/* Not through (0, 0) between: the chip itself watches the lines (reset.py, USBJTAGSerialReset). */
static const FgResetStep usb_steps[] = {
  { -1, 0, 0 }, { 0, -1, 100 }, { 1, -1, 0 }, { -1, 0, 100 }, { -1, 1, 0 },
  { 0, -1, 0 }, { -1, 1, 100 }, { 0, -1, 0 }, { -1, 0, 0 },
};
static const FgResetStep run_steps[] = { { 0, 1, 100 }, { 0, 0, 0 } };
static const FgResetStep run_held_steps[] = {
  { 0, -1, 0 },
  { -1, 1, 100 },
  { 1, -1, 100 },
  { -1, 0, 0 },
};
static const FgResetStep run_usb_steps[] = { { 0, 1, 200 }, { 0, 0, 200 } };

#define SEQUENCE(text, array)                                                                      \
  {                                                                                                \
    .name = (text), .steps = (array), .n_steps = G_N_ELEMENTS (array)                              \
  }

const FgResetSequence fg_reset_tight = SEQUENCE ("tight", tight_steps);
const FgResetSequence fg_reset_tight_slow = SEQUENCE ("tight, slow", tight_slow_steps);
const FgResetSequence fg_reset_classic = SEQUENCE ("classic", classic_steps);
const FgResetSequence fg_reset_classic_slow = SEQUENCE ("classic, slow", classic_slow_steps);
const FgResetSequence fg_reset_held = SEQUENCE ("held", held_steps);
const FgResetSequence fg_reset_held_slow = SEQUENCE ("held, slow", held_slow_steps);
const FgResetSequence fg_reset_usb = SEQUENCE ("USB", usb_steps);
const FgResetSequence fg_reset_run = SEQUENCE ("run", run_steps);
const FgResetSequence fg_reset_run_held = SEQUENCE ("run, held", run_held_steps);
const FgResetSequence fg_reset_run_usb = SEQUENCE ("run, USB", run_usb_steps);

/* An adapter of the CP2102C's type: esptool reset.py. */
#define USB_SILABS 0x10c4
#define USB_CP2102C 0xea64

static gboolean
is_cp2102c (const FgTransport *wire)
{
  return wire->usb_vendor == USB_SILABS && wire->usb_product == USB_CP2102C;
}

/**
 * fg_reset_for_attempt:
 * @attempt: from 0
 *
 * What takes turns depends on what is between us and the chip. Where each change of a line travels
 * through a network, both lines cannot be changed at once.
 *
 * Returns: (transfer none): the sequence to try
 */
const FgResetSequence *
fg_reset_for_attempt (const FgTransport *wire, guint attempt)
{
  static const FgResetSequence *const near[] = { &fg_reset_tight, &fg_reset_tight_slow,
                                                 &fg_reset_classic, &fg_reset_classic_slow };
  static const FgResetSequence *const far[] = { &fg_reset_classic, &fg_reset_classic_slow };
  static const FgResetSequence *const held[] = { &fg_reset_held, &fg_reset_held_slow };

  if (fg_transport_kind (wire) == FG_WIRE_USB_JTAG)
    return &fg_reset_usb;
  if (is_cp2102c (wire))
    return held[attempt % G_N_ELEMENTS (held)];
  if (wire->is_remote)
    return far[attempt % G_N_ELEMENTS (far)];
  return near[attempt % G_N_ELEMENTS (near)];
}

/** fg_reset_for_running: Returns: (transfer none): what resets the board so that it runs */
const FgResetSequence *
fg_reset_for_running (const FgTransport *wire)
{
  if (fg_transport_kind (wire) != FG_WIRE_PLAIN)
    return &fg_reset_run_usb;
  return is_cp2102c (wire) ? &fg_reset_run_held : &fg_reset_run;
}

static gboolean
parse_line (const char *text, gint8 *line)
{
  if ((text[0] != '0' && text[0] != '1') || text[1] != '\0')
    return FALSE;
  *line = text[0] == '1';
  return TRUE;
}

static gboolean
parse_wait (const char *text, FgResetStep *step)
{
  char *end;
  double seconds = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (seconds) || seconds < 0
      || seconds > WAIT_MAX_SECONDS)
    return FALSE;
  step->wait_ms = (guint16) (seconds * 1000 + 0.5);
  return TRUE;
}

static gboolean
parse_step (const char *text, FgResetStep *step)
{
  *step = (FgResetStep){ -1, -1, 0 };
  switch (text[0]) {
  case 'D':
    return parse_line (text + 1, &step->dtr);
  case 'R':
    return parse_line (text + 1, &step->rts);
  case 'W':
    return parse_wait (text + 1, step);
  case 'U':
    if (strlen (text) != 4 || text[2] != ',')
      return FALSE;
    return parse_line ((char[2]){ text[1], '\0' }, &step->dtr) && parse_line (text + 3, &step->rts);
  default:
    return FALSE;
  }
}

/**
 * fg_reset_parse:
 * @text: steps with | between them: D or R with 0 or 1 releases or asserts DTR or RTS, U1,0 sets
 *   both at once, W0.1 waits so many seconds, at most 10: the grammar of esptool's configuration
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_USAGE set
 */
FgResetSequence *
fg_reset_parse (const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "|", STEPS_MAX + 1);
  guint n = g_strv_length (parts);
  g_autofree FgResetStep *steps = g_new0 (FgResetStep, n + 1);
  FgResetSequence *self;

  for (guint i = 0; i < MAX (n, 1); i++)
    if (n == 0 || n > STEPS_MAX || !parse_step (parts[i], &steps[i])) {
      g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
                   "“%s” is not a step of a reset: write D0 or D1 (DTR), R0 or R1 (RTS), U1,0 "
                   "(both), W0.1 (wait), with | between them",
                   n == 0 ? "" : parts[MIN (i, n - 1)]);
      return NULL;
    }
  self = g_new0 (FgResetSequence, 1);
  self->name = "custom";
  self->steps = g_steal_pointer (&steps);
  self->n_steps = n;
  return self;
}

/** fg_reset_free: @self: (nullable): from fg_reset_parse() */
void
fg_reset_free (FgResetSequence *self)
{
  if (self == NULL)
    return;
  g_free ((gpointer) self->steps);
  g_free (self);
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
