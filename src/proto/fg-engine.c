/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which engine does the work, and which one when it fails: our stub, our stub at a lower rate, the
 * chip's own loader. Whoever chose a loader gets that one or an error.
 */

#include "fg-engine.h"

#include "fg-baud.h"
#include "fg-error.h"

/* A stub that was started as often and failed will not do better the next time. */
#define FAILURES_MAX 3

static const FgEngine *
rom_engine (const FgSession *session)
{
  return session->board->chip->id == FG_CHIP_ESP8266 ? &fg_engine_rom : &fg_engine_family;
}

static void
drop_engine (FgSession *session)
{
  if (session->engine_state != NULL)
    session->engine_free (session->engine_state);
  session->engine_state = NULL;
  session->loader.foreign_stub = FALSE;
  session->engine = rom_engine (session);
}

static gboolean
has_stub (const FgSession *session)
{
  return session->board->chip->id == FG_CHIP_ESP8266;
}

/* Who asked for our stub shall not get another loader without knowing. */
static gboolean
check_choice (const FgSession *session, GError **error)
{
  if (session->job->loader != FG_LOADER_STUB || has_stub (session))
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
               "there is no stub for the %s: choose the loader “auto” or “rom”",
               session->board->chip->name);
  return FALSE;
}

static const FgEngine *
preferred_engine (const FgSession *session)
{
  if (session->job->loader == FG_LOADER_FILE)
    return &fg_engine_file;
  return has_stub (session) && session->job->loader != FG_LOADER_ROM ? &fg_engine_stub
                                                                     : rom_engine (session);
}

/* What an earlier job has found out need not be found out again; a choice of the user's stands. */
static void
heed_limit (FgSession *session)
{
  const FgReporter *reporter = session->reporter;
  FgBoardLimit limit;

  if (session->job->loader != FG_LOADER_AUTO || reporter == NULL || reporter->recall == NULL
      || !reporter->recall (session->board, &limit, reporter->data))
    return;
  session->limited = TRUE;
  if (limit.rom_only)
    session->engine = rom_engine (session);
  if (limit.baud != 0)
    session->long_baud = MIN (session->long_baud, limit.baud);
  fg_report_log (reporter, FG_LOG_INFO, "This board was in trouble lately: %s, %u baud at most",
                 session->engine->name, session->long_baud);
}

static void
remember_limit (const FgSession *session)
{
  const FgReporter *reporter = session->reporter;
  const FgBoardLimit limit = { session->engine == rom_engine (session),
                               fg_transport_has_baud (session->loader.wire) ? session->loader.baud
                                                                            : 0 };

  if (reporter != NULL && reporter->remember != NULL)
    reporter->remember (session->board, &limit, reporter->data);
}

/**
 * fg_engine_start:
 *
 * Phase prepare: the best engine that this job allows and that works.
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED or the error of the last engine set
 */
gboolean
fg_engine_start (FgSession *session, GError **error)
{
  GError *failure = NULL;

  if (!check_choice (session, error))
    return FALSE;
  session->engine = preferred_engine (session);
  heed_limit (session);
  session->meter.now.loader = session->engine->id;
  if (session->engine->start (session, &failure))
    return TRUE;
  return fg_engine_fall_back (session, failure, error);
}

/**
 * fg_engine_leave:
 * @done: the job did what it should
 *
 * Ends the engine where it must end itself: the next job on a board with modem lines begins with a
 * reset anyway. To be followed by fg_session_leave().
 */
void
fg_engine_leave (FgSession *session, gboolean done)
{
  if (session->engine == NULL)
    return;
  if (done && (session->failed_engines > 0 || session->stepped_down))
    remember_limit (session);
  if ((fg_session_has_lines (session) && (!done || session->job->after == FG_AFTER_RESET)))
    return;
  session->loader.cancellable = NULL;
  session->restarted = session->engine->leave (session, fg_session_may_restart (session, done));
}

static gboolean
may_be_the_engine (const GError *error)
{
  return error->domain == FG_ERROR
         && (error->code == FG_ERROR_TIMEOUT || error->code == FG_ERROR_PROTOCOL
             || error->code == FG_ERROR_REJECTED || error->code == FG_ERROR_UNSUPPORTED
             || error->code == FG_ERROR_ERASE || error->code == FG_ERROR_VERIFY);
}

/* A stub that ran may do better at a lower rate, unless it says that the flash is bad: that is for
 * another program to judge. %NULL: nothing is left to try. */
static const FgEngine *
next_engine (FgSession *session, const GError *cause)
{
  gboolean line = cause->code == FG_ERROR_TIMEOUT || cause->code == FG_ERROR_PROTOCOL;
  guint lower = fg_baud_below (session->loader.baud);

  session->failed_engines++;
  if (line && session->engine_ran && lower != 0 && fg_transport_has_baud (session->loader.wire)
      && session->failed_engines < FAILURES_MAX) {
    session->long_baud = lower;
    return session->engine;
  }
  return session->job->loader == FG_LOADER_AUTO ? rom_engine (session) : NULL;
}

static gboolean
start_next (FgSession *session, const FgEngine *next, GError **error)
{
  if (!fg_session_reconnect (session, error))
    return FALSE;
  session->engine = next;
  session->engine_ran = FALSE;
  session->meter.now.loader = next->id;
  return next->start (session, error);
}

/**
 * fg_engine_fall_back:
 * @cause: (transfer full): why the engine gave up
 *
 * Starts the next engine, on a chip that was reset. What the sectors of a job say stays true.
 *
 * Returns: %FALSE with @cause, or what made going on impossible, set
 */
gboolean
fg_engine_fall_back (FgSession *session, GError *cause, GError **error)
{
  while (session->engine != rom_engine (session) && may_be_the_engine (cause)) {
    const FgEngine *next = next_engine (session, cause);
    const char *name = session->engine->name;
    GError *failure = NULL;

    if (next == NULL)
      break;
    if (!fg_session_has_lines (session))
      session->engine->leave (session, FALSE);
    drop_engine (session);
    fg_report_log (session->reporter, FG_LOG_WARNING, "%s: %s. Going on with: %s, %u baud at most",
                   name, cause->message, next->name, session->long_baud);
    if (start_next (session, next, &failure)) {
      g_error_free (cause);
      return TRUE;
    }
    if (failure->domain == FG_ERROR && session->engine == rom_engine (session)) {
      g_error_free (failure); /* the chip answered before, so the first fault says more */
      break;
    }
    g_error_free (cause);
    cause = failure;
  }
  g_propagate_error (error, cause);
  return FALSE;
}
