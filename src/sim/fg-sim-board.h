/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A simulated board: bytes in, bytes out. It owns no thread and no descriptor: whoever drives it
 * says what time it is (microseconds, never going back; fg_sim_board_now() for real time), hands it
 * what the host sent and fetches what it answers. Not thread-safe. It shares no protocol code with
 * src/proto.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FgSimBoard FgSimBoard;

/* @spec: what follows "sim:", such as "esp8266,flash=4M,image=FILE,timing=none" */
FgSimBoard *fg_sim_board_new (const char *spec, GError **error);
void fg_sim_board_free (FgSimBoard *self);

/* Real time, which slips where this machine is too slow to simulate the board in it. */
gint64 fg_sim_board_now (FgSimBoard *self);
gint64 fg_sim_board_to_real (const FgSimBoard *self, gint64 board_us);
void fg_sim_board_set_real_clock (FgSimBoard *self, gint64 (*get_real_us) (void));

/* The serial adapter's side. */
void fg_sim_board_set_lines (FgSimBoard *self, gboolean dtr, gboolean rts, gint64 now_us);
void fg_sim_board_set_host_baud (FgSimBoard *self, guint baud, gint64 now_us);
/* 0: a host without a rate (TCP): it always has the chip's. */
void fg_sim_board_put (FgSimBoard *self, const guint8 *data, gsize len, gint64 now_us);
gsize fg_sim_board_get (FgSimBoard *self, guint8 *data, gsize len, gint64 now_us);

/* When fg_sim_board_get() may have something new; G_MAXINT64: only after more input. */
gint64 fg_sim_board_next_event (FgSimBoard *self, gint64 now_us);
/* When all that was put has left the host's side of the wire (for tcdrain). */
gint64 fg_sim_board_drained (FgSimBoard *self, gint64 now_us);
/* TRUE once a fault has pulled the plug, until fg_sim_board_replug(). */
gboolean fg_sim_board_is_unplugged (FgSimBoard *self);
void fg_sim_board_unplug (FgSimBoard *self, gint64 now_us);
/* Back with power, in the state the specification gives for power-on, and both lines released. */
void fg_sim_board_replug (FgSimBoard *self, gint64 now_us);
gboolean fg_sim_board_has_lines (const FgSimBoard *self);
/* Of the chip's own USB port; both 0 when the board has an adapter. */
void fg_sim_board_get_usb_ids (const FgSimBoard *self, guint16 *vendor, guint16 *product);
const char *fg_sim_board_get_title (const FgSimBoard *self);

/* For tests: the flash itself. */
const guint8 *fg_sim_board_get_flash (const FgSimBoard *self, gsize *size);
/* "off", "booted", "loader", "running" (a program from RAM) or "silent"; what the chip does at the
 * time last given. */
const char *fg_sim_board_get_state (const FgSimBoard *self);
/* The chip's present rate, bit/s. */
guint fg_sim_board_get_chip_baud (const FgSimBoard *self);
/* (transfer full) State, rate, lines and counters in words, for people and for tests. */
char *fg_sim_board_describe (const FgSimBoard *self);
/* Bytes lost because the loader was busy. */
guint64 fg_sim_board_get_overflows (const FgSimBoard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgSimBoard, fg_sim_board_free)

G_END_DECLS
