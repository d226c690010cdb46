/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-connect.h"

#include "fg-baud.h"
#include "fg-boot-text.h"
#include "fg-error.h"
#include "fg-reset.h"

#include <string.h>

/* While the chip still starts, a SYNC is lost: asking often finds the moment. Then as patiently as
 * esptool does (loader.py, _connect_attempt). */
#define QUICK_SYNCS 4
#define QUICK_SYNC_MS 30
#define SYNCS_PER_ATTEMPT 8
#define SYNC_PAUSE_MS 50
/* How long a port may be gone for a reset. */
#define RETURN_MS 3000
#define QUIET_MS 25
#define LISTEN_MS 400
#define LISTEN_TIMES 3
/* The ESP8266's ROM prints its boot line at 115200 * 26 / 40 with the usual 26 MHz crystal. */
#define BOOT_TEXT_BAUD 74880

typedef struct {
  FgLoader *loader;
  const FgJob *job;
  gboolean lines;          /* DTR and RTS can be used */
  FgResetSequence *custom; /* (owned) (nullable) the user's own way into the loader */
  gboolean came_back;      /* the port was gone for a reset: no other one now */
  gboolean stub;           /* a stub answered, and not a ROM */
  GString *heard;          /* (owned) what the last attempt that heard anything has heard */
} Connection;

/* Without modem lines an earlier job may have left the loader at another rate. */
static guint
baud_for_attempt (const Connection *self, guint attempt)
{
  guint first = MIN (self->job->baud, FG_BAUD_CONNECT);

  if (self->lines || attempt % 2 == 0 || self->job->baud <= FG_BAUD_CONNECT)
    return first;
  return attempt % 4 == 1 ? MIN (self->job->baud, FG_BAUD_ROM_MAX) : FG_BAUD_ROM_MAX;
}

/* An adapter without control lines is no reason to give up: somebody may press the buttons. */
static gboolean
enter_loader (Connection *self, guint attempt, GError **error)
{
  const FgResetSequence *sequence = self->custom != NULL ? self->custom
                                    : self->job->before == FG_BEFORE_USB
                                        ? &fg_reset_usb
                                        : fg_reset_for_attempt (self->loader->wire, attempt);
  g_autoptr (GError) failure = NULL;

  if (!self->lines || self->came_back) {
    self->came_back = FALSE;
    return TRUE;
  }
  if (fg_reset_run_sequence (sequence, self->loader->wire, self->loader->cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, FG_ERROR, FG_ERROR_UNSUPPORTED)) {
    self->lines = FALSE;
    fg_report_log (
        self->loader->reporter, FG_LOG_WARNING,
        "%s: hold BOOT and tap RESET to start the loader by hand (BOOT is GPIO0; GPIO9 on "
        "most RISC-V chips)",
        failure->message);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* TRUE without a sync: nobody answered, and nothing is wrong with the port. */
static gboolean
try_once (Connection *self, guint attempt, gboolean *synced, GError **error)
{
  FgLoader *loader = self->loader;

  *synced = FALSE;
  loader->baud = baud_for_attempt (self, attempt);
  if (fg_transport_has_baud (loader->wire)
      && !fg_transport_set_baud (loader->wire, loader->baud, error))
    return FALSE;
  if (!fg_loader_drain (loader, 0, error) || !enter_loader (self, attempt, error))
    return FALSE;
  for (guint i = 0; i < SYNCS_PER_ATTEMPT; i++) {
    g_autoptr (GError) failure = NULL;

    gboolean quick = i < QUICK_SYNCS;

    if (!fg_loader_drain (loader, quick ? 0 : SYNC_PAUSE_MS, error))
      return FALSE;
    if (fg_loader_sync (loader, quick ? QUICK_SYNC_MS : 0, &self->stub, &failure)) {
      *synced = !self->stub;
      return fg_loader_drain (loader, QUIET_MS, error);
    }
    if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return TRUE;
}

/* A program may be silent just while the last attempt listens. What comes at the usual rate counts
 * most: at another it is garbage. */
static void
remember_noise (Connection *self)
{
  const GString *noise = self->loader->noise;

  if (noise->len == 0 || (self->heard->len > 0 && self->loader->baud != FG_BAUD_CONNECT))
    return;
  g_string_truncate (self->heard, 0);
  g_string_append_len (self->heard, noise->str, (gssize) noise->len);
}

/* Lets the board start once more and listens at the rate of its boot line, which at any other rate
 * is garbage. What came before is kept when nothing comes now. */
static void
listen_to_boot (Connection *self)
{
  FgLoader *loader = self->loader;
  g_autofree char *before = g_memdup2 (loader->noise->str, loader->noise->len);
  gsize len = loader->noise->len;

  if (!self->lines || !fg_transport_has_baud (loader->wire))
    return;
  if (!fg_transport_set_baud (loader->wire, BOOT_TEXT_BAUD, NULL)
      || !fg_reset_run_sequence (fg_reset_for_running (loader->wire), loader->wire,
                                 loader->cancellable, NULL))
    return;
  g_string_truncate (loader->noise, 0);
  for (guint i = 0; i < LISTEN_TIMES && loader->noise->len == 0; i++)
    fg_loader_drain (loader, LISTEN_MS, NULL);
  if (loader->noise->len == 0)
    g_string_append_len (loader->noise, before, (gssize) len);
}

static gboolean
explain_failure (Connection *self, GError **error)
{
  FgLoader *loader = self->loader;

  if (self->stub) {
    g_set_error (error, FG_ERROR, FG_ERROR_NOT_IN_LOADER,
                 "another program's flasher stub is running on the board and not the ROM's loader");
    return FALSE;
  }
  g_string_truncate (loader->noise, 0);
  g_string_append_len (loader->noise, self->heard->str, (gssize) self->heard->len);
  if (memmem (loader->noise->str, loader->noise->len, "boot mode:", 10) == NULL
      && memmem (loader->noise->str, loader->noise->len, "boot:0x", 7) == NULL)
    listen_to_boot (self);
  return fg_boot_text_explain (loader->noise->str, loader->noise->len, error);
}

/* The chip's own USB port goes with the chip when that is reset, and comes back, maybe under
 * another name. Takes @failure. */
static gboolean
wait_for_port (Connection *self, GError *failure, GError **error)
{
  FgTransport *wire = self->loader->wire;

  if (fg_transport_kind (wire) == FG_WIRE_PLAIN
      || !g_error_matches (failure, FG_ERROR, FG_ERROR_DISCONNECTED)) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  g_error_free (failure);
  fg_report_log (self->loader->reporter, FG_LOG_DEBUG, "%s is gone: waiting for it", wire->name);
  if (!fg_transport_reopen (wire, RETURN_MS, self->loader->cancellable, error))
    return FALSE;
  fg_report_log (self->loader->reporter, FG_LOG_DEBUG, "It is back as %s", wire->name);
  self->came_back = TRUE;
  return TRUE;
}

static gboolean
connect_repeatedly (Connection *self, guint attempts, FgMeter *meter, GError **error)
{
  FgLoader *loader = self->loader;

  for (guint attempt = 0; attempts == 0 || attempt < attempts; attempt++) {
    gboolean synced;
    GError *failure = NULL;

    if (attempt > 0)
      fg_meter_update (meter, attempt, 0);
    g_string_truncate (loader->noise, 0);
    if (!try_once (self, attempt, &synced, &failure)) {
      if (!wait_for_port (self, failure, error))
        return FALSE;
      continue;
    }
    if (synced) {
      fg_report_log (loader->reporter, FG_LOG_DEBUG, "Loader answered at %u baud", loader->baud);
      return TRUE;
    }
    remember_noise (self);
    fg_report_log (loader->reporter, FG_LOG_DEBUG,
                   "Attempt %u: no loader (%" G_GSIZE_FORMAT " bytes of other output)", attempt + 1,
                   loader->noise->len);
  }
  return explain_failure (self, error);
}

/**
 * fg_connect:
 * @attempts: 0: until cancelled
 *
 * Resets the board into its loader and syncs.
 *
 * Returns: %FALSE with %FG_ERROR_NO_ANSWER, %FG_ERROR_NOT_IN_LOADER or an error of the transport
 * set
 */
gboolean
fg_connect (FgLoader *loader, const FgJob *job, guint attempts, FgMeter *meter, GError **error)
{
  Connection self = { .loader = loader, .job = job, .heard = g_string_new (NULL) };
  gboolean ok;

  self.lines = job->before != FG_BEFORE_NONE && fg_transport_has_lines (loader->wire);
  if (job->before == FG_BEFORE_CUSTOM)
    self.custom = fg_reset_parse (job->before_steps, error);
  if (job->before == FG_BEFORE_CUSTOM && self.custom == NULL) {
    g_string_free (self.heard, TRUE);
    return FALSE;
  }
  ok = connect_repeatedly (&self, attempts, meter, error);
  g_string_free (self.heard, TRUE);
  fg_reset_free (self.custom);
  return ok;
}
