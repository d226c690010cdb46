/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How the long work is done: one table of functions for each kind of program that may run on the
 * chip. An engine recovers from faults of the line by itself as far as it can. When it fails for
 * good, the state of each sector says what is proven, and the next engine goes on from there: see
 * fg_engine_fall_back().
 */

#include "fg-sectors.h"
#include "fg-session.h"

G_BEGIN_DECLS

struct _FgEngine {
  const char *id;   /* "rom", as in --loader */
  const char *name; /* "Chip's own loader" */
  /* From a chip that is connected and runs its ROM to one that does the work at the session's
   * rate, and has shown that it can. */
  gboolean (*start) (FgSession *session, GError **error);
  /* Seconds that @phase is expected to take for @bytes; 0: this engine has no such phase. */
  double (*seconds) (const FgSession *session, FgPhase phase, double bytes);
  /* Planned sectors that hold what they should become what the list calls right. */
  gboolean (*compare) (FgSession *session, FgSectors *sectors, GError **error);
  /* Planned sectors are erased, then these and the erased ones are written. */
  gboolean (*write) (FgSession *session, FgSectors *sectors, GError **error);
  /* Written sectors become verified, or failed; @all: also after the first that failed. */
  gboolean (*verify) (FgSession *session, FgSectors *sectors, gboolean all, GError **error);
  /* Whole sectors, and nothing else. */
  gboolean (*erase) (FgSession *session, guint32 offset, guint32 length, GError **error);
  /* @found: (out): an address that is not blank, -1: there is none among those looked at. */
  gboolean (*check_blank) (
      FgSession *session, guint32 offset, guint32 length, gint64 *found, GError **error);
  /* Whole sectors. */
  gboolean (*read) (
      FgSession *session, guint32 offset, guint8 *buf, guint32 length, GError **error);
  /* The work is over, on a board that nothing can reset: let it run, or answer to the next program
   * that looks for a loader. Takes at most 200 ms. Returns: whether it runs. */
  gboolean (*leave) (FgSession *session, gboolean restart);
};

extern const FgEngine fg_engine_rom;    /* of the ESP8266 */
extern const FgEngine fg_engine_family; /* of all later chips */
extern const FgEngine fg_engine_stub;   /* ours */
extern const FgEngine fg_engine_file;   /* a stub of somebody else */

gboolean fg_engine_start (FgSession *session, GError **error);
void fg_engine_leave (FgSession *session, gboolean done);
gboolean fg_engine_fall_back (FgSession *session, GError *cause, GError **error);

G_END_DECLS
