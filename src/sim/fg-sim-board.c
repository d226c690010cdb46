/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-board-private.h"

#include <string.h>

#define DEFAULT_BAUD 115200
#define FRAME_END 0xc0
#define HOST_BUFFER_MAX 65536 /* as a tty: what nobody reads is lost */
#define TURN_NS 200000        /* while a program computes, or sends: how long to let it */
/* How often a program that dies may still send, or compute for a while: not a whole read-back. */
#define LAST_TURNS 256
#define HOST_CHUNK 32 /* bytes for which the host is woken while more are under way */

/**
 * fg_sim_board_new:
 *
 * Returns: (transfer full): a board without power: it gets it with the first call that has a time.
 *   %NULL with %G_IO_ERROR_INVALID_ARGUMENT for a bad specification, or another %G_IO_ERROR that
 *   names the image file
 */
FgSimBoard *
fg_sim_board_new (const char *spec, GError **error)
{
  g_autoptr (FgSimSpec) parsed = fg_sim_spec_parse (spec, error);
  g_autoptr (FgSimChip) chip = parsed != NULL ? fg_sim_chip_new (parsed, error) : NULL;
  FgSimBoard *self;

  if (chip == NULL)
    return NULL;
  self = g_new0 (FgSimBoard, 1);
  self->chip = g_steal_pointer (&chip);
  self->spec = g_steal_pointer (&parsed);
  self->faults.spec = self->spec;
  self->lines.on_usb = self->spec->usb != FG_SIM_USB_NONE;
  fg_sim_lane_init (&self->rx, &self->faults, FG_SIM_TO_BOARD, self->spec->datasheet);
  fg_sim_lane_init (&self->tx, &self->faults, FG_SIM_TO_HOST, self->spec->datasheet);
  fg_sim_queue_init (&self->to_host);
  fg_sim_pace_init (&self->pace, g_get_monotonic_time);
  self->scratch = g_byte_array_new ();
  self->host_baud = DEFAULT_BAUD;
  self->en_rises_ns = self->press_ns = G_MAXINT64;
  return self;
}

void
fg_sim_board_free (FgSimBoard *self)
{
  if (self == NULL)
    return;
  fg_sim_lane_free_contents (&self->rx);
  fg_sim_lane_free_contents (&self->tx);
  fg_sim_queue_free_contents (&self->to_host);
  g_byte_array_unref (self->scratch);
  fg_sim_chip_free (self->chip);
  fg_sim_spec_free (self->spec);
  g_free (self);
}

static void
power_on (FgSimBoard *self, gint64 now_ns)
{
  self->powered = TRUE;
  if (self->spec->boot == FG_SIM_BOOT_LOADER)
    fg_sim_chip_start_in_loader (self->chip, now_ns);
  else
    fg_sim_chip_start (self->chip, FG_SIM_STRAP_FLASH, FG_SIM_RESET_POWER_ON, now_ns);
  self->resets = fg_sim_chip_get_resets (self->chip); /* the port comes with the power */
  if (self->spec->boot == FG_SIM_BOOT_BUTTON)
    self->press_ns = now_ns + self->spec->hold_us * FG_SIM_NS_PER_US;
}

static void
unplug (FgSimBoard *self)
{
  self->unplugged = TRUE;
  self->powered = FALSE;
  self->back_ns = 0;
  self->rx.cut = self->tx.cut = FALSE;
  fg_sim_lane_clear (&self->rx);
  fg_sim_lane_clear (&self->tx);
  fg_sim_chip_stop (self->chip, TRUE);
  self->en_rises_ns = self->press_ns = G_MAXINT64;
}

static void
hear_from_host (FgSimBoard *self, gint64 now_ns)
{
  double chip_baud = fg_sim_chip_get_baud (self->chip),
         line_baud = fg_sim_board_get_line_baud (self);
  gboolean measuring = fg_sim_chip_is_measuring (self->chip);

  g_byte_array_set_size (self->scratch, 0);
  /* auto-baud measures the line itself; without timing it does so with the first byte already */
  fg_sim_lane_step (&self->rx, line_baud, measuring ? line_baud : chip_baud, self->scratch, now_ns);
  for (guint i = 0; i < self->scratch->len; i++)
    fg_sim_chip_receive (self->chip, self->scratch->data[i], line_baud);
}

static void
speak_to_host (FgSimBoard *self, gint64 now_ns)
{
  gsize room = HOST_BUFFER_MAX - fg_sim_queue_len (&self->to_host);

  g_byte_array_set_size (self->scratch, 0);
  fg_sim_lane_step (&self->tx, fg_sim_chip_get_baud (self->chip), fg_sim_board_get_line_baud (self),
                    self->scratch, now_ns);
  if (!fg_sim_board_is_gone (self))
    fg_sim_queue_push (&self->to_host, self->scratch->data, MIN (self->scratch->len, room));
}

static void
follow_resets (FgSimBoard *self)
{
  if (fg_sim_chip_get_resets (self->chip) == self->resets)
    return;
  self->resets = fg_sim_chip_get_resets (self->chip);
  if (!self->lines.on_usb || self->spec->usb_gone_us == 0)
    return;
  self->back_ns = self->time_ns + self->spec->usb_gone_us * FG_SIM_NS_PER_US;
  fg_sim_lines_release (&self->lines);
  fg_sim_lane_clear (&self->rx);
  fg_sim_queue_clear (&self->to_host);
}

static gint64
next_of_line (const FgSimBoard *self)
{
  gint64 next = MIN (self->en_rises_ns, self->press_ns);

  next = MIN (next, fg_sim_lane_next_event (&self->rx, self->time_ns));
  return MIN (next, fg_sim_lane_next_event (&self->tx, self->time_ns));
}

/* Without timing the host is never too slow: the board waits for it. */
static gboolean
waits_for_host (const FgSimBoard *self)
{
  return !self->spec->datasheet && fg_sim_queue_len (&self->to_host) > HOST_BUFFER_MAX / 2;
}

static gint64
next_of_chip (const FgSimBoard *self)
{
  if (waits_for_host (self))
    return G_MAXINT64;
  return fg_sim_chip_next_event (self->chip, fg_sim_lane_pending (&self->tx));
}

/* @until_ns: the chip may be ahead of everything else until then */
static void
run_chip (FgSimBoard *self, gint64 now_ns, gint64 until_ns)
{
  if (waits_for_host (self))
    return;
  g_byte_array_set_size (self->scratch, 0);
  fg_sim_chip_run (self->chip, fg_sim_lane_pending (&self->tx), self->scratch, now_ns,
                   MIN (until_ns, next_of_line (self)));
  if (self->scratch->len == 0)
    return;
  fg_sim_lane_put (&self->tx, self->scratch->data, self->scratch->len);
  speak_to_host (self, now_ns);
}

static void
run_buttons (FgSimBoard *self, gint64 now_ns)
{
  guint strap = FG_SIM_STRAP_LOADER;

  if (now_ns < MIN (self->en_rises_ns, self->press_ns))
    return;
  if (self->en_rises_ns <= now_ns && !fg_sim_lines_want_loader (&self->lines))
    strap = FG_SIM_STRAP_FLASH;
  self->en_rises_ns = self->press_ns = G_MAXINT64;
  fg_sim_lane_clear (&self->tx);
  fg_sim_chip_start (self->chip, strap, FG_SIM_RESET_EN, now_ns);
}

static gint64
next_step (const FgSimBoard *self)
{
  return MIN (next_of_line (self), next_of_chip (self));
}

static gboolean
chip_is_due (const FgSimBoard *self)
{
  return next_of_chip (self) <= self->time_ns;
}

/* A program in RAM has its own faults. */
static void
follow_program (FgSimBoard *self, gint64 now_ns, gint64 until_ns)
{
  fg_sim_faults_follow_program (&self->faults,
                                fg_sim_chip_get_state (self->chip) == FG_SIM_CHIP_RUNNING);
  if (!self->faults.program_dies)
    return;
  /* without timing, what came before its last byte has had its effect */
  for (guint i = 0; i < LAST_TURNS && self->faults.in_program_counts[FG_SIM_TO_BOARD] > 0
                    && !self->spec->datasheet && chip_is_due (self);
       i++)
    run_chip (self, now_ns, until_ns);
  fg_sim_chip_hang (self->chip);
}

/* Lets happen, in order, what was due up to now. */
static void
advance (FgSimBoard *self, gint64 now_us)
{
  gint64 now_ns = now_us * FG_SIM_NS_PER_US;

  if (!self->powered && !self->unplugged)
    power_on (self, now_ns);
  self->time_ns = MAX (self->time_ns, now_ns - FG_SIM_CATCH_UP_NS);
  while (!self->unplugged) {
    gint64 at = next_step (self);

    if (at > now_ns)
      break;
    self->time_ns = MAX (at, self->time_ns);
    if (fg_sim_lane_next_event (&self->tx, self->time_ns) <= self->time_ns)
      speak_to_host (self, self->time_ns);
    if (fg_sim_lane_next_event (&self->rx, self->time_ns) <= self->time_ns)
      hear_from_host (self, self->time_ns);
    follow_program (self, self->time_ns, now_ns);
    run_buttons (self, self->time_ns);
    run_chip (self, self->time_ns, now_ns);
    follow_resets (self);
    /* without timing, what came before the plug was pulled has had its effect */
    while (self->rx.cut && !self->spec->datasheet && chip_is_due (self))
      run_chip (self, self->time_ns, now_ns);
    if (self->rx.cut || self->tx.cut)
      unplug (self);
  }
  self->time_ns = MAX (now_ns, self->time_ns);
}

/* The ROM's port only resets the core: the pins are not read again (PROTOCOL-FACTS 12). */
static void
reset_by_usb (FgSimBoard *self)
{
  guint strap = fg_sim_lines_want_loader (&self->lines) ? FG_SIM_STRAP_LOADER : FG_SIM_STRAP_FLASH;

  if (self->spec->usb == FG_SIM_USB_OTG)
    strap = fg_sim_chip_get_pins (self->chip);
  fg_sim_lane_clear (&self->tx);
  fg_sim_chip_start (self->chip, strap, FG_SIM_RESET_USB, self->time_ns);
  follow_resets (self);
}

/**
 * fg_sim_board_set_lines:
 * @dtr: %TRUE asserts: alone it asks for the loader
 * @rts: %TRUE asserts: alone it resets
 *
 * Without lines (lines=no) nothing happens.
 */
void
fg_sim_board_set_lines (FgSimBoard *self, gboolean dtr, gboolean rts, gint64 now_us)
{
  advance (self, now_us);
  if (!self->spec->lines || fg_sim_board_is_unplugged (self))
    return;
  switch (fg_sim_lines_set (&self->lines, dtr, rts)) {
  case FG_SIM_LINES_EN_FALLS:
    self->en_rises_ns = G_MAXINT64;
    fg_sim_chip_stop (self->chip, FALSE);
    fg_sim_lane_clear (&self->tx);
    break;
  case FG_SIM_LINES_EN_RISES:
    /* the capacitor on EN: the straps are read only when it is charged */
    self->en_rises_ns = self->time_ns + self->spec->en_delay_us * FG_SIM_NS_PER_US;
    break;
  case FG_SIM_LINES_RESET:
    reset_by_usb (self);
    break;
  case FG_SIM_LINES_NOTHING:
  default:
    break;
  }
}

void
fg_sim_board_set_host_baud (FgSimBoard *self, guint baud, gint64 now_us)
{
  advance (self, now_us);
  self->host_baud = baud;
}

/** fg_sim_board_put: the host's adapter gets @data to send; it sends at its own rate. */
void
fg_sim_board_put (FgSimBoard *self, const guint8 *data, gsize len, gint64 now_us)
{
  advance (self, now_us);
  if (fg_sim_board_is_unplugged (self))
    return;
  fg_sim_lane_put (&self->rx, data, len);
  advance (self, now_us);
}

/** fg_sim_board_get: Returns: how many bytes have arrived at the host and were stored */
gsize
fg_sim_board_get (FgSimBoard *self, guint8 *data, gsize len, gint64 now_us)
{
  advance (self, now_us);
  return fg_sim_queue_take (&self->to_host, data, len);
}

/* When the next end of a frame reaches the chip: before it the loader does not answer. */
static gint64
next_frame (const FgSimBoard *self)
{
  gsize pending = fg_sim_lane_pending (&self->rx);
  const guint8 *bytes = fg_sim_queue_peek (&self->rx.waiting);
  const guint8 *end;

  if (self->rx.travelling && (self->rx.byte == FRAME_END || pending == 0))
    return self->rx.arrival_ns;
  if (pending == 0)
    return G_MAXINT64;
  end = memchr (bytes, FRAME_END, pending);
  if (end != NULL)
    pending = (gsize) (end - bytes) + 1;
  return fg_sim_lane_drained (&self->rx, pending, fg_sim_board_get_line_baud (self), self->time_ns);
}

gint64
fg_sim_board_next_event (FgSimBoard *self, gint64 now_us)
{
  gsize pending;
  gint64 next;

  advance (self, now_us);
  if (self->unplugged)
    return G_MAXINT64;
  if (fg_sim_queue_len (&self->to_host) > 0)
    return now_us;
  pending = fg_sim_lane_pending (&self->tx);
  next = next_of_chip (self);
  if (fg_sim_board_is_gone (self))
    next = MIN (next, self->back_ns);
  if (fg_sim_chip_is_computing (self->chip) || fg_sim_chip_get_tx_waiting (self->chip) > 0)
    next = MAX (next, self->time_ns + TURN_NS);
  pending += fg_sim_chip_get_tx_waiting (self->chip);
  next = MIN (next, next_frame (self));
  next = MIN (next, MIN (self->en_rises_ns, self->press_ns));
  if (self->tx.travelling)
    next = MIN (next, fg_sim_lane_drained (&self->tx, MIN (pending, HOST_CHUNK - 1),
                                           fg_sim_chip_get_baud (self->chip), self->time_ns));
  if (next == G_MAXINT64)
    return next;
  return MAX (now_us, (next + FG_SIM_NS_PER_US - 1) / FG_SIM_NS_PER_US);
}

gint64
fg_sim_board_drained (FgSimBoard *self, gint64 now_us)
{
  gint64 drained_ns;

  advance (self, now_us);
  if (self->unplugged || (!self->rx.travelling && fg_sim_lane_pending (&self->rx) == 0))
    return now_us;
  drained_ns = fg_sim_lane_drained (&self->rx, fg_sim_lane_pending (&self->rx),
                                    fg_sim_board_get_line_baud (self), self->time_ns);
  return (drained_ns + FG_SIM_NS_PER_US - 1) / FG_SIM_NS_PER_US;
}

gboolean
fg_sim_board_is_unplugged (FgSimBoard *self)
{
  return self->unplugged || fg_sim_board_is_gone (self);
}

/** fg_sim_board_unplug: pulls the plug now: the board loses its power. */
void
fg_sim_board_unplug (FgSimBoard *self, gint64 now_us)
{
  advance (self, now_us);
  unplug (self);
}

/**
 * fg_sim_board_replug:
 *
 * Plugs it in again; if it never was unplugged, for a moment it is. A port that is only gone for a
 * reset is back at once, and the chip is not disturbed.
 */
void
fg_sim_board_replug (FgSimBoard *self, gint64 now_us)
{
  advance (self, now_us);
  if (fg_sim_board_is_gone (self) && !self->unplugged) {
    self->back_ns = 0;
    return;
  }
  unplug (self);
  self->unplugged = FALSE;
  self->lines = (FgSimLines){ .on_usb = self->lines.on_usb };
  fg_sim_queue_clear (&self->to_host);
  advance (self, now_us);
}
