/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One job's session with one board: connected, identified, at its rate, and able to get up again
 * after a lost or corrupted byte. Blocking; one worker owns it.
 */

#include "fg-connect.h"

G_BEGIN_DECLS

typedef struct _FgEngine FgEngine;

typedef struct {
  const FgJob *job;           /* (unowned) */
  const FgReporter *reporter; /* (unowned) (nullable) */
  FgMeter meter;
  FgLoader loader;
  FgSpiFlash spi;
  FgBoardInfo *board;     /* (owned) (nullable) until connected */
  guint32 clkdiv;         /* the divider that the ROM found at synced_baud */
  guint synced_baud;      /* bit/s at which the ROM measured us */
  guint long_baud;        /* bit/s for the long phases; falls when the line is bad */
  guint troubles;         /* recoveries so far */
  guint troubles_at_baud; /* of these at this rate */
  const FgEngine *engine; /* (unowned) static; (nullable) until one is started */
  gpointer engine_state;  /* (owned) (nullable) the engine's own */
  GDestroyNotify engine_free;
  gboolean engine_ran;   /* it was alive at some time */
  gboolean restarted;    /* the program on the chip has ended itself, and the board runs */
  guint failed_engines;  /* that were given up */
  gboolean limited;      /* this board was in trouble lately */
  gboolean stepped_down; /* a rate has failed now */
} FgSession;

void fg_session_init (FgSession *self,
                      const FgJob *job,
                      FgTransport *wire,
                      const FgReporter *reporter,
                      GCancellable *cancellable);
void fg_session_clear (FgSession *self);

gboolean fg_session_connect (FgSession *self, GError **error);
gboolean fg_session_change_baud (FgSession *self, guint baud, GError **error);
gboolean fg_session_raise_baud (FgSession *self, GError **error);
gboolean fg_session_reconnect (FgSession *self, GError **error);
gboolean fg_session_resync (FgSession *self, GError **error);
gboolean fg_session_recover (FgSession *self, GError *cause, GError **error);
gboolean fg_session_has_lines (const FgSession *self);
gboolean fg_session_need_flash_size (const FgSession *self, guint32 *size, GError **error);
gboolean fg_session_may_restart (const FgSession *self, gboolean done);
void fg_session_leave (FgSession *self, gboolean done);

/* The ROM's long work, sector by sector; each recovers by itself. */
gboolean fg_session_unlock (FgSession *self, GError **error);
gboolean fg_session_erase (FgSession *self, guint32 address, guint32 length, GError **error);
gboolean fg_session_compare (FgSession *self,
                             guint32 address,
                             const guint8 *expected,
                             gboolean probe,
                             gint64 *first_difference,
                             GError **error);
gboolean fg_session_read (FgSession *self, guint32 address, guint8 *buf, GError **error);

double fg_session_read_rate (const FgSession *self);
double fg_session_write_rate (const FgSession *self);

G_END_DECLS
