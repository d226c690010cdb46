/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-loader.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>

#define NOISE_MAX 4096
#define MAX_FRAMES 100 /* looked at for one reply: esptool loader.py, command() */
#define SYNC_REPLIES 8
#define DRAIN_MAX_MS 500
/* What comes through a network comes in lumps: ser2net holds bytes back for up to 20 ms, and the
 * way may take longer at times. */
#define REMOTE_LUMP_MS 100
#define SYNC_LEN 36

/**
 * fg_loader_init:
 * @wire: (unowned): an open transport; outlives the loader
 * @reporter: (unowned) (nullable)
 */
void
fg_loader_init (FgLoader *self,
                FgTransport *wire,
                const FgReporter *reporter,
                GCancellable *cancellable)
{
  *self = (FgLoader){ .wire = wire, .reporter = reporter, .cancellable = cancellable };
  self->out = g_byte_array_new ();
  self->noise = g_string_new (NULL);
  fg_slip_decoder_init (&self->slip);
}

void
fg_loader_clear (FgLoader *self)
{
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_string_free (g_steal_pointer (&self->noise), TRUE);
  fg_slip_decoder_clear (&self->slip);
}

/** fg_loader_send: sends what the build functions have put into `out`, and empties it. */
gboolean
fg_loader_send (FgLoader *self, GError **error)
{
  gboolean ok = fg_transport_write (self->wire, self->out->data, self->out->len, error);

  g_byte_array_set_size (self->out, 0);
  return ok;
}

static void
keep_noise (FgLoader *self, guint8 byte)
{
  if (self->noise->len >= NOISE_MAX)
    g_string_erase (self->noise, 0, NOISE_MAX / 2);
  g_string_append_c (self->noise, (char) byte);
}

/**
 * fg_loader_next_frame:
 * @deadline_us: monotonic time in microseconds
 *
 * The next frame, a reply or not, into `slip.frame`; never an empty one.
 *
 * Returns: %FALSE without an error when the deadline passed, else with the transport's
 */
gboolean
fg_loader_next_frame (FgLoader *self, gint64 deadline_us, GError **error)
{
  while (TRUE) {
    gssize n;

    while (self->in_pos < self->in_len) {
      guint8 byte = self->in[self->in_pos++];
      FgSlipResult result = fg_slip_decoder_push (&self->slip, byte);

      if (result == FG_SLIP_FRAME)
        return TRUE;
      if (result == FG_SLIP_NOISE)
        keep_noise (self, byte);
    }
    n = fg_transport_read (self->wire, self->in, sizeof self->in, deadline_us, self->cancellable,
                           error);
    if (n <= 0)
      return FALSE;
    self->in_pos = 0;
    self->in_len = (gsize) n;
  }
}

static void
set_timeout (const FgLoader *self, GError **error)
{
  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "no answer from %s in time", self->wire->name);
}

/**
 * fg_loader_receive:
 * @deadline_us: monotonic time in microseconds
 * @reply: (out): points into the loader until the next call
 *
 * The next reply of whatever command; other frames are passed over.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_loader_receive (FgLoader *self, gint64 deadline_us, FgReply *reply, GError **error)
{
  g_autoptr (GError) failure = NULL;

  while (fg_loader_next_frame (self, deadline_us, &failure))
    if (fg_reply_parse (self->slip.frame->data, self->slip.frame->len, reply))
      return TRUE;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    set_timeout (self, error);
  return FALSE;
}

/**
 * fg_loader_drain:
 * @quiet_ms: silence that ends it
 *
 * Throws away what is under way to us, at most for half a second.
 */
gboolean
fg_loader_drain (FgLoader *self, guint quiet_ms, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + DRAIN_MAX_MS * 1000;

  self->in_pos = self->in_len = 0;
  fg_slip_decoder_reset (&self->slip);
  if (self->wire->is_remote && quiet_ms > 0)
    quiet_ms += REMOTE_LUMP_MS;
  while (TRUE) {
    gint64 now_us = g_get_monotonic_time ();
    gssize n = fg_transport_read (self->wire, self->in, sizeof self->in,
                                  MIN (now_us + quiet_ms * 1000, end_us), self->cancellable, error);

    if (n < 0)
      return FALSE;
    for (gssize i = 0; i < n; i++)
      keep_noise (self, self->in[i]);
    if (n == 0 || now_us >= end_us)
      return TRUE;
  }
}

/**
 * fg_loader_sync:
 * @timeout_ms: 0: the command's own
 * @is_stub: (out) (optional): whether a stub answered; a ROM echoes the first payload word as value
 *
 * One SYNC, answered eight times; all eight are taken, so that none trails into the next command.
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_loader_sync (FgLoader *self, guint timeout_ms, gboolean *is_stub, GError **error)
{
  guint8 data[SYNC_LEN] = { 0x07, 0x07, 0x12, 0x20 };
  gint64 deadline_us;
  FgReply reply;
  guint n = 0;

  memset (data + 4, 0x55, sizeof data - 4);
  fg_command_build (FG_OP_SYNC, data, sizeof data, 0, self->out);
  if (!fg_loader_send (self, error))
    return FALSE;
  deadline_us = g_get_monotonic_time ()
                + (timeout_ms != 0 ? timeout_ms : fg_op_timeout_ms (FG_OP_SYNC)) * 1000;
  while (n < SYNC_REPLIES) {
    g_autoptr (GError) failure = NULL;

    if (!fg_loader_receive (self, deadline_us, &reply, &failure)) {
      if (n > 0 && g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT))
        break; /* some of the eight were lost: it is a loader all the same */
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (fg_reply_match (&reply, FG_OP_SYNC, 0, NULL) != FG_MATCH_OK)
      continue;
    if (n++ == 0 && is_stub != NULL)
      *is_stub = reply.value == 0;
  }
  return TRUE;
}

/**
 * fg_loader_await_data:
 * @op: what was sent
 * @expected_len: bytes of data that a success carries
 * @reply: (out): points into the loader until it receives the next frame
 *
 * Waits for the reply to @op, passing over what does not belong to it.
 *
 * Returns: %FALSE with %FG_ERROR_REJECTED, %FG_ERROR_UNSUPPORTED, %FG_ERROR_PROTOCOL,
 *   %FG_ERROR_TIMEOUT or the transport's error set
 */
gboolean
fg_loader_await_data (
    FgLoader *self, guint8 op, gsize expected_len, guint timeout_ms, FgReply *reply, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  for (guint i = 0; i < MAX_FRAMES; i++) {
    guint reason = 0;

    if (!fg_loader_receive (self, deadline_us, reply, error))
      return FALSE;
    switch (fg_reply_match (reply, op, expected_len, &reason)) {
    case FG_MATCH_OK:
      return TRUE;
    case FG_MATCH_REFUSED:
      self->refusal = reason;
      g_set_error (error, FG_ERROR, FG_ERROR_REJECTED, "%s: the loader refused it: %s (code %04X)",
                   fg_op_name (op), fg_reason_text (reason), reason);
      return FALSE;
    case FG_MATCH_UNSUPPORTED:
      g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
                   "%s: the loader does not know this command", fg_op_name (op));
      return FALSE;
    case FG_MATCH_OTHER:
    default:
      break;
    }
  }
  g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "%s: the answers do not belong to the question",
               fg_op_name (op));
  return FALSE;
}

/** fg_loader_await: @value: (out) (optional): the reply's value field. fg_loader_await_data() else.
 */
gboolean
fg_loader_await (FgLoader *self, guint8 op, guint timeout_ms, guint32 *value, GError **error)
{
  FgReply reply;

  if (!fg_loader_await_data (self, op, 0, timeout_ms, &reply, error))
    return FALSE;
  if (value != NULL)
    *value = reply.value;
  return TRUE;
}

/**
 * fg_loader_command:
 * @timeout_ms: 0: the command's own
 * @value: (out) (optional)
 *
 * Sends one command without a checksum and waits for its reply; see fg_loader_await().
 */
gboolean
fg_loader_command (FgLoader *self,
                   guint8 op,
                   const guint8 *data,
                   gsize len,
                   guint timeout_ms,
                   guint32 *value,
                   GError **error)
{
  fg_command_build (op, data, len, 0, self->out);
  if (!fg_loader_send (self, error))
    return FALSE;
  return fg_loader_await (self, op, timeout_ms != 0 ? timeout_ms : fg_op_timeout_ms (op), value,
                          error);
}

/** fg_loader_build_read_reg: appends a READ_REG to `out`. @address must be a multiple of 4: an
 * ESP8266 ROM hangs on any other until it is reset. */
void
fg_loader_build_read_reg (FgLoader *self, guint32 address)
{
  guint8 data[4];

  g_return_if_fail (address % 4 == 0);
  fg_put_u32 (data, address);
  fg_command_build (FG_OP_READ_REG, data, sizeof data, 0, self->out);
}

/** fg_loader_build_write_regs: appends one WRITE_REG with all @n writes to `out`. */
void
fg_loader_build_write_regs (FgLoader *self, const FgRegWrite *writes, guint n)
{
  g_autofree guint8 *data = g_malloc (n * 16);

  for (guint i = 0; i < n; i++) {
    fg_put_u32 (data + i * 16, writes[i].address);
    fg_put_u32 (data + i * 16 + 4, writes[i].value);
    fg_put_u32 (data + i * 16 + 8, writes[i].mask);
    fg_put_u32 (data + i * 16 + 12, writes[i].delay_us);
  }
  fg_command_build (FG_OP_WRITE_REG, data, n * 16, 0, self->out);
}

/** fg_loader_read_reg: one register. See fg_loader_await() for the errors. */
gboolean
fg_loader_read_reg (FgLoader *self, guint32 address, guint32 *value, GError **error)
{
  fg_loader_build_read_reg (self, address);
  if (!fg_loader_send (self, error))
    return FALSE;
  return fg_loader_await (self, FG_OP_READ_REG, fg_op_timeout_ms (FG_OP_READ_REG), value, error);
}

/** fg_loader_write_regs: several registers in order, in one command. */
gboolean
fg_loader_write_regs (FgLoader *self, const FgRegWrite *writes, guint n, GError **error)
{
  fg_loader_build_write_regs (self, writes, n);
  if (!fg_loader_send (self, error))
    return FALSE;
  return fg_loader_await (self, FG_OP_WRITE_REG, fg_op_timeout_ms (FG_OP_WRITE_REG), NULL, error);
}

/**
 * fg_loader_flash_begin:
 * @erase_size: bytes the loader erases before it answers; see fg_rom_erase_size() for the ESP8266
 * @block_size: bytes of a block, at most 0x1800 with a ROM
 *
 * The form with 16 bytes, for the ROMs of ESP8266 and ESP32.
 */
gboolean
fg_loader_flash_begin (FgLoader *self,
                       guint32 erase_size,
                       guint32 n_blocks,
                       guint32 block_size,
                       guint32 offset,
                       GError **error)
{
  /* 40 s per 10^6 bytes erased, at least 3 s: esptool loader.py, ERASE_REGION_TIMEOUT_PER_MB */
  guint timeout_ms = MAX (3000u, erase_size / 25);
  guint8 data[16];

  fg_put_u32 (data, erase_size);
  fg_put_u32 (data + 4, n_blocks);
  fg_put_u32 (data + 8, block_size);
  fg_put_u32 (data + 12, offset);
  return fg_loader_command (self, FG_OP_FLASH_BEGIN, data, sizeof data, timeout_ms, NULL, error);
}

/** fg_loader_flash_data: block @seq of a write that fg_loader_flash_begin() has begun. */
gboolean
fg_loader_flash_data (FgLoader *self, guint32 seq, const guint8 *payload, gsize len, GError **error)
{
  fg_command_build_data (FG_OP_FLASH_DATA, seq, payload, len, self->out);
  if (!fg_loader_send (self, error))
    return FALSE;
  return fg_loader_await (self, FG_OP_FLASH_DATA, fg_op_timeout_ms (FG_OP_FLASH_DATA), NULL, error);
}
