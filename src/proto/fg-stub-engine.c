/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-engine.h"

#include "fg-baud.h"
#include "fg-erase.h"
#include "fg-rom.h"
#include "fg-stub-flash.h"
#include "fg-stub-upload.h"

#define SAMPLE_TRIES 3
#define LEAVE_MS 60
#define CAREFUL_BAUD 230400u

typedef struct {
  FgStub stub;
  FgStubStream *packed; /* (owned) (nullable) everything, made while it was compared */
} State;

/** fg_stub_engine_get: Returns: (transfer none): the stub that runs */
FgStub *
fg_stub_engine_get (const FgSession *session)
{
  return &((State *) session->engine_state)->stub;
}

/** fg_stub_engine_packed: Returns: (transfer none): the place for a stream that is made early */
FgStubStream **
fg_stub_engine_packed (const FgSession *session)
{
  return &((State *) session->engine_state)->packed;
}

static void
state_free (gpointer data)
{
  State *self = data;

  g_clear_pointer (&self->packed, fg_stub_stream_free);
  g_free (self);
}

static gboolean
sample_by_rom (FgSession *session, guint8 *sample, GError **error)
{
  if (session->board->chip->id != FG_CHIP_ESP8266)
    return fg_rom_read (&session->loader, 0, sample, FG_STUB_SAMPLE_LEN, error);
  return fg_spi_flash_read (&session->spi, 0, sample, FG_STUB_SAMPLE_LEN, error)
         && fg_spi_flash_restore (&session->spi, error);
}

/* The first bytes of the flash as the ROM reads them. */
static gboolean
read_sample (FgSession *session, guint8 sample[FG_STUB_SAMPLE_LEN], GError **error)
{
  for (guint i = 1;; i++) {
    GError *failure = NULL;

    if (sample_by_rom (session, sample, &failure))
      return TRUE;
    if (i == SAMPLE_TRIES) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (!fg_session_recover (session, failure, error))
      return FALSE;
  }
}

/* Our stub is loaded as fast as the ROM can take it, because nothing else can begin before; a board
 * that was in trouble, and a user who wants it slow, get what they want at once. Espressif's second
 * stub changes its rate only from the one that every chip begins with. */
static guint
loading_baud (const FgSession *session)
{
  gboolean careful = session->failed_engines > 0 || session->stepped_down || session->limited
                     || session->long_baud < CAREFUL_BAUD;

  if (session->job->loader == FG_LOADER_FILE)
    return session->long_baud <= FG_BAUD_ROM_MAX ? session->long_baud : FG_BAUD_CONNECT;
  return careful ? session->long_baud : MAX (session->long_baud, FG_BAUD_ROM_MAX);
}

/**
 * fg_stub_engine_load:
 * @sample: (out): what the ROM reads at the start of the flash, to test the stub by
 *
 * From a ROM that is connected to @image running, at a rate that the ROM can do.
 *
 * Returns: %FALSE with an error of fg_session_raise_baud(), fg_stub_upload() or the loader set
 */
gboolean
fg_stub_engine_load (FgSession *session,
                     const FgStubImage *image,
                     guint8 sample[FG_STUB_SAMPLE_LEN],
                     GError **error)
{
  session->long_baud = loading_baud (session);
  if (!fg_session_raise_baud (session, error) || !read_sample (session, sample, error)
      || !fg_stub_upload (&session->loader, image, error))
    return FALSE;
  session->engine_ran = TRUE;
  session->engine_state = g_new0 (State, 1);
  session->engine_free = state_free;
  fg_stub_init (fg_stub_engine_get (session), &session->loader);
  return TRUE;
}

/**
 * fg_stub_engine_set_baud:
 * @wanted: bit/s: may be a rate that only a stub can do, or less than it was loaded at
 */
gboolean
fg_stub_engine_set_baud (FgSession *session, guint wanted, GError **error)
{
  guint now = session->loader.baud;

  if (!fg_transport_has_baud (session->loader.wire)
      || fg_transport_kind (session->loader.wire) != FG_WIRE_PLAIN || wanted == now
      || (wanted > now && session->stepped_down)) /* that much was found to be too fast */
    return TRUE;
  if (!fg_stub_set_baud (fg_stub_engine_get (session), now, wanted, error))
    return FALSE;
  session->meter.now.baud = wanted;
  session->long_baud = wanted;
  return TRUE;
}

/** fg_stub_engine_line_rate: Returns: bytes/s that the line carries */
double
fg_stub_engine_line_rate (const FgSession *session)
{
  guint baud =
      fg_transport_has_baud (session->loader.wire) ? session->loader.baud : FG_BAUD_CONNECT;

  return baud / 10.0;
}

/** fg_stub_engine_on_progress: @data: a #FgStubSteps */
void
fg_stub_engine_on_progress (guint32 address, guint64 done, gpointer data)
{
  FgStubSteps *self = data;

  fg_meter_advance (&self->session->meter, done - self->done, address);
  self->done = done;
}

static void
on_erased (guint32 address, guint64 done, gpointer data)
{
  FgStubSteps *self = data;
  const FgReporter *reporter = self->session->reporter;
  guint32 length = (guint32) (done - self->done);

  if (reporter != NULL && reporter->sectors != NULL)
    reporter->sectors (address - length, length, FG_SECTOR_ERASED, reporter->data);
  fg_stub_engine_on_progress (address, done, data);
}

/** fg_stub_engine_erase: whole sectors, with their progress */
gboolean
fg_stub_engine_erase (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  FgStubSteps steps = { session, 0 };

  fg_meter_expect (&session->meter, FG_PHASE_ERASE, fg_erase_seconds (length));
  fg_meter_enter (&session->meter, FG_PHASE_ERASE, length);
  return fg_stub_erase (fg_stub_engine_get (session), offset, length, on_erased, &steps, error);
}

/* An ESP8266 that was reset by its program stays in the ROM's loader, whose boot mode is latched;
 * only RUN_USER_CODE starts what is on the flash: PROTOCOL-FACTS 10.3. */
gboolean
fg_stub_engine_leave (FgSession *session, gboolean restart)
{
  FgLoader *loader = &session->loader;
  const guint8 nothing[16] = { 0 };

  /* a SYNC also ends a stream that a cancel has left open */
  if (!fg_loader_drain (loader, 0, NULL) || !fg_loader_sync (loader, LEAVE_MS, NULL, NULL))
    return FALSE;
  if (restart) {
    fg_command_build (FG_OP_RUN_USER_CODE, NULL, 0, 0, loader->out);
    return fg_loader_send (loader, NULL);
  }
  if (fg_loader_command (loader, FG_OP_FLASH_BEGIN, nothing, sizeof nothing, LEAVE_MS, NULL, NULL))
    fg_loader_command (loader, FG_OP_FLASH_END, nothing, 4, LEAVE_MS, NULL, NULL);
  return FALSE;
}
