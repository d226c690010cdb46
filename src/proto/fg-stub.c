/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <zlib.h>

#define MAGIC 0x54534746u /* "FGST" */
#define VERSION 2u
#define CAPABILITY_WORDS 11
#define TRIES 5
#define ANSWER_MS 250 /* of what takes the chip no time, besides the time on the line */
/* After its reply the stub waits until the last bit has left, then it changes its divider. */
#define SETTLE_US 4000
#define SETTLE_FOREIGN_US 50000 /* esptool loader.py, change_baud() */
#define BAUD_REPLY_MS 300
#define SOME_ROM_ADDRESS 0x40001000u /* readable on every chip */

enum {
  WORD_MAGIC,
  WORD_VERSION,
  WORD_FEATURES,
  WORD_RING,
  WORD_PACKET_MAX,
  WORD_SLOT_BYTES,
  WORD_RUNS_MAX,
  WORD_DIGESTS_MAX,
  WORD_FLASH_SIZE,
  WORD_OVERFLOWS,
  WORD_LOST_BYTES,
};

/**
 * fg_stub_init:
 * @loader: (unowned): synchronised with a stub
 *
 * The stub has no extensions until fg_stub_ask() has found them.
 */
void
fg_stub_init (FgStub *self, FgLoader *loader)
{
  *self = (FgStub){ .loader = loader };
}

/** fg_stub_line_us: Returns: how long @len bytes take on the line, in microseconds */
guint64
fg_stub_line_us (const FgStub *self, guint64 len)
{
  return self->loader->baud == 0 ? 0 : len * 10 * G_USEC_PER_SEC / self->loader->baud;
}

/** fg_stub_build: appends a request of an extension to the loader's `out`. */
void
fg_stub_build (FgStub *self, FgStubOp op, const guint8 *data, gsize len)
{
  fg_command_build (op, data, len, fg_command_crc (op, data, len), self->loader->out);
}

/* FALSE: not an extension's reply to @op, or damaged: it did not happen then. */
static gboolean
parse (const FgReply *frame, FgStubOp op, FgStubReply *reply)
{
  if (frame->op != op || frame->len < 2
      || frame->value != (guint32) crc32 (0, frame->data, (uInt) frame->len))
    return FALSE;
  reply->data = frame->data;
  reply->len = frame->len - 2;
  reply->status = (guint) frame->data[reply->len] << 8 | frame->data[reply->len + 1];
  return TRUE;
}

/**
 * fg_stub_receive:
 * @deadline_us: monotonic time in microseconds
 *
 * The next undamaged reply to @op, whatever its status; everything else is passed over.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_stub_receive (FgStub *self, FgStubOp op, gint64 deadline_us, FgStubReply *reply, GError **error)
{
  FgReply frame;

  do {
    if (!fg_loader_receive (self->loader, deadline_us, &frame, error))
      return FALSE;
  } while (!parse (&frame, op, reply));
  return TRUE;
}

static gboolean
send_and_receive (FgStub *self,
                  FgStubOp op,
                  const guint8 *data,
                  gsize len,
                  guint timeout_ms,
                  FgStubReply *reply,
                  GError **error)
{
  gint64 deadline_us;

  fg_stub_build (self, op, data, len);
  deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000
                + (gint64) fg_stub_line_us (self, self->loader->out->len);
  return fg_loader_send (self->loader, error)
         && fg_stub_receive (self, op, deadline_us, reply, error);
}

static gboolean
is_timeout (const GError *error)
{
  return g_error_matches (error, FG_ERROR, FG_ERROR_TIMEOUT);
}

static void
take_capabilities (FgStub *self, const FgStubReply *reply)
{
  guint32 words[CAPABILITY_WORDS];

  for (guint i = 0; i < CAPABILITY_WORDS; i++)
    words[i] = fg_get_u32 (reply->data + i * 4);
  self->features = words[WORD_FEATURES];
  self->packet_max = words[WORD_PACKET_MAX];
  self->slot_bytes = words[WORD_SLOT_BYTES];
  self->runs_max = words[WORD_RUNS_MAX];
  self->digests_max = words[WORD_DIGESTS_MAX];
  self->flash_size = words[WORD_FLASH_SIZE];
  self->overflows = words[WORD_OVERFLOWS];
  self->lost_bytes = words[WORD_LOST_BYTES];
}

static gboolean
are_capabilities (const FgStubReply *reply)
{
  return reply->status == 0 && reply->len >= CAPABILITY_WORDS * 4
         && fg_get_u32 (reply->data + WORD_MAGIC * 4) == MAGIC
         && fg_get_u32 (reply->data + WORD_VERSION * 4) == VERSION;
}

/* Whether it is how a stub without extensions answers: with a bare status. */
static gboolean
is_foreign (const FgReply *frame)
{
  FgMatch match = fg_reply_match (frame, FG_STUB_OP_CAPABILITIES, 0, NULL);

  return match == FG_MATCH_UNSUPPORTED || (match == FG_MATCH_REFUSED && frame->len <= 4);
}

/**
 * fg_stub_ask:
 *
 * Asks for the extensions, and how many bytes got lost so far.
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED when it has none, %FG_ERROR_TIMEOUT when it does not
 *   answer, or the transport's error
 */
gboolean
fg_stub_ask (FgStub *self, GError **error)
{
  for (guint i = 0; i < TRIES; i++) {
    g_autoptr (GError) failure = NULL;
    gint64 deadline_us;
    FgReply frame;

    fg_stub_build (self, FG_STUB_OP_CAPABILITIES, NULL, 0);
    if (!fg_loader_send (self->loader, error))
      return FALSE;
    deadline_us = g_get_monotonic_time () + ANSWER_MS * 1000;
    while (fg_loader_receive (self->loader, deadline_us, &frame, &failure)) {
      FgStubReply reply;
      gboolean is_ours = parse (&frame, FG_STUB_OP_CAPABILITIES, &reply);

      if (is_ours && are_capabilities (&reply)) {
        take_capabilities (self, &reply);
        return TRUE;
      }
      if (is_ours && reply.status != 0)
        break; /* our request was damaged */
      if (is_ours || is_foreign (&frame)) {
        g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
                     is_ours ? "this stub has extensions of another version"
                             : "this stub has no extensions");
        return FALSE;
      }
    }
    if (failure != NULL && !is_timeout (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "the stub does not answer");
  return FALSE;
}

/* What every stub answers. */
static gboolean
exchange (FgStub *self, GError **error)
{
  guint32 value;

  fg_loader_build_read_reg (self->loader, SOME_ROM_ADDRESS);
  return fg_loader_send (self->loader, error)
         && fg_loader_await (self->loader, FG_OP_READ_REG, BAUD_REPLY_MS, &value, error);
}

/* As fg_stub_fence(), for a stub without extensions. */
static gboolean
fence_by_register (FgStub *self, GError **error)
{
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;

    if (exchange (self, &failure))
      return TRUE;
    if (i + 1 == TRIES || failure->domain != FG_ERROR || failure->code == FG_ERROR_DISCONNECTED) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
}

/**
 * fg_stub_fence:
 *
 * Makes sure that no answer to an earlier request can follow: replies come in order.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_stub_fence (FgStub *self, GError **error)
{
  FgStubReply reply;

  if (self->features == 0)
    return fence_by_register (self, error);
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;

    if (send_and_receive (self, FG_STUB_OP_CAPABILITIES, NULL, 0, ANSWER_MS, &reply, &failure)) {
      if (are_capabilities (&reply))
        take_capabilities (self, &reply);
      return TRUE;
    }
    if (i + 1 == TRIES || !is_timeout (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
}

/**
 * fg_stub_request:
 * @timeout_ms: how long the chip may work on it
 * @reply: (out): valid until the loader receives the next frame
 *
 * Sends a request that may be repeated, again if need be, and waits for its reply.
 *
 * Returns: whether there is a reply, of whatever status; %FALSE with %FG_ERROR_TIMEOUT or the
 *   transport's error set
 */
gboolean
fg_stub_request (FgStub *self,
                 FgStubOp op,
                 const guint8 *data,
                 gsize len,
                 guint timeout_ms,
                 FgStubReply *reply,
                 GError **error)
{
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;
    gboolean answered = send_and_receive (self, op, data, len, timeout_ms, reply, &failure);
    gboolean is_last = i + 1 == TRIES;

    if (answered
        && (is_last
            || (reply->status != FG_STUB_STATUS_BAD_LENGTH
                && reply->status != FG_STUB_STATUS_BAD_CHECKSUM)))
      return TRUE;
    if (answered)
      continue; /* it arrived damaged */
    if (is_last || !is_timeout (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (!fg_stub_fence (self, error))
      return FALSE;
  }
}

/**
 * fg_stub_set_failure:
 * @address: that the failure is about
 * @doing: such as "writing"
 * @flash_code: the FgError for when the flash is to blame, or its size
 *
 * Sets @flash_code, or %FG_ERROR_REJECTED when it has nothing to do with the flash.
 */
void
fg_stub_set_failure (
    guint status, guint32 address, const char *doing, int flash_code, GError **error)
{
  gboolean flash = status == FG_STUB_STATUS_FLASH_FAILED || status == FG_STUB_STATUS_LOCKED;

  g_set_error (error, FG_ERROR, flash ? flash_code : FG_ERROR_REJECTED,
               "%s at 0x%06x: the stub reports: %s (code %04X)", doing, address,
               fg_reason_text (status), status);
}

/**
 * fg_stub_set_baud:
 * @old_baud: bit/s in force, as our side counts it
 * @new_baud: bit/s
 *
 * Changes both sides, and proves it by an exchange at the new rate. After a failure the two sides
 * may disagree.
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED, %FG_ERROR_REJECTED, %FG_ERROR_TIMEOUT or the
 *   transport's error set
 */
gboolean
fg_stub_set_baud (FgStub *self, guint old_baud, guint new_baud, GError **error)
{
  FgLoader *loader = self->loader;
  g_autoptr (GError) failure = NULL;
  guint8 data[8];

  if (!fg_transport_has_baud (loader->wire))
    return fg_transport_set_baud (loader->wire, new_baud, error); /* says why not */
  fg_put_u32 (data, new_baud);
  fg_put_u32 (data + 4, old_baud);
  if (!fg_loader_command (loader, FG_OP_CHANGE_BAUDRATE, data, sizeof data, BAUD_REPLY_MS, NULL,
                          &failure)
      && !is_timeout (failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  /* Without a reply it may have changed all the same: the proof tells. */
  g_usleep (self->features != 0 ? SETTLE_US : SETTLE_FOREIGN_US);
  if (!fg_transport_set_baud (loader->wire, new_baud, error))
    return FALSE;
  loader->baud = new_baud;
  if (fg_stub_fence (self, error))
    return TRUE;
  g_prefix_error (error, "at %u baud: ", new_baud);
  return FALSE;
}
