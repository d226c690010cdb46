/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A simulated board on the test's own clock: nothing waits, time is what the test says it is.
 * Bytes are written as hexadecimal text, so that expectations can be read.
 */

#include "fg-sim-board.h"

typedef struct {
  FgSimBoard *board; /* (owned) */
  gint64 now_us;
  GByteArray *heard; /* (owned) what the host got and nobody looked at yet */
  gsize status_len;  /* bytes at the end of a reply: 2 of an ESP8266, 4 of others */
} Rig;

Rig *rig_new (const char *spec);
/* Any chip in its loader, without timing. With FG_ROM_DUMP=FILE in the environment an ESP8266 runs
 * that real ROM, which has measured the rate. */
Rig *rig_new_loader (const char *spec);
/* One that has answered a SYNC already. */
Rig *rig_new_synced (const char *keys);
/* The same with any chip: @spec begins with it. */
Rig *rig_new_chip (const char *spec);
void rig_free (Rig *self);

GBytes *rig_bytes (const char *hex);
char *rig_hex (const guint8 *data, gsize len);

void rig_put (Rig *self, const char *hex);
void rig_put_bytes (Rig *self, const guint8 *data, gsize len);
/* As one frame with @op, the checksum field, and data. */
void rig_request (Rig *self, guint8 op, guint32 checksum, const guint8 *data, gsize len);
void rig_request_words (Rig *self, guint8 op, gsize n, const guint32 *words);
#define rig_command(self, op, ...)                                                                 \
  rig_request_words ((self), (op), sizeof ((guint32[]){ __VA_ARGS__ }) / 4,                        \
                     (guint32[]){ __VA_ARGS__ })
void rig_block (Rig *self, guint8 op, guint32 sequence, const guint8 *payload, gsize len);

/* Follows the board's events for at most @us and collects what it says. */
void rig_run (Rig *self, gint64 us);
/* Until nothing more happens by itself; at most an hour. */
void rig_settle (Rig *self);

/* Next whole frame, unescaped, as hex; "" when there is none. */
char *rig_frame (Rig *self);
/* All that was heard, as text. */
char *rig_text (Rig *self);
guint8 rig_checksum (const guint8 *data, gsize len);

/* The status of the one reply to what was requested: 0, or the failure code. */
guint rig_status (Rig *self);
#define rig_do(self, ...) (rig_command (self, __VA_ARGS__), rig_settle (self), rig_status (self))
/* As rig_status(), and the data that comes before the status, as hex. */
guint rig_data (Rig *self, char **hex);
guint32 rig_read_reg (Rig *self, guint32 address);
void rig_write_reg (Rig *self, guint32 address, guint32 value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)
