/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-flash.h"

#include "fg-error.h"
#include "fg-wire.h"

#define OP_ERASE_REGION 0xd1 /* esptool loader.py, ESP_CMDS */

/* In one request: a tenth of a second, so that progress moves. */
#define DIGESTS_AT_ONCE 64u
#define DIGEST_MS 8 /* of one sector, generously; src/stub/README.md says 2 */
#define DIGESTS_MS 250

#define ERASE_UNIT 0x10000u /* in one request: what the flash erases at once, where it can */
#define ERASE_SECTOR_MS 400 /* W25Q32JV data sheet, the longest */
#define ERASE_MS 2500       /* the stub gives up a sector after 2 s, 64 KB after 4 s */
#define ERASE_TRIES 5

static gboolean
get_digests (FgStub *self, guint32 offset, guint n, guint32 *crcs, GError **error)
{
  guint8 data[8];
  FgStubReply reply;
  guint timeout_ms = DIGESTS_MS + n * DIGEST_MS + (guint) (fg_stub_line_us (self, n * 8) / 1000);

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, n);
  if (!fg_stub_request (self, FG_STUB_OP_DIGESTS, data, sizeof data, timeout_ms, &reply, error))
    return FALSE;
  if (reply.status != 0) {
    guint32 address = reply.len >= 4 ? fg_get_u32 (reply.data) : offset;

    fg_stub_set_failure (reply.status, address, "comparing", FG_ERROR_RANGE, error);
    return FALSE;
  }
  if (reply.len != n * 4) {
    g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL,
                 "comparing at 0x%06x: %" G_GSIZE_FORMAT " bytes of digests for %u sectors", offset,
                 reply.len, n);
    return FALSE;
  }
  for (guint i = 0; i < n; i++)
    crcs[i] = fg_get_u32 (reply.data + i * 4);
  return TRUE;
}

/**
 * fg_stub_digests:
 * @offset: a multiple of 4096
 * @crcs: (out) (array length=n_sectors): CRC-32 of each sector, as zlib counts it
 * @progress: (nullable): called after every few sectors
 *
 * Returns: %FALSE with %FG_ERROR_TIMEOUT, %FG_ERROR_RANGE, %FG_ERROR_REJECTED, %FG_ERROR_PROTOCOL
 *   or the transport's error set
 */
gboolean
fg_stub_digests (FgStub *self,
                 guint32 offset,
                 guint n_sectors,
                 guint32 *crcs,
                 FgStubProgress progress,
                 gpointer data,
                 GError **error)
{
  guint at_once = MIN (DIGESTS_AT_ONCE, self->digests_max);

  g_return_val_if_fail (at_once > 0, FALSE);
  for (guint done = 0; done < n_sectors;) {
    guint n = MIN (at_once, n_sectors - done);

    if (!get_digests (self, offset + done * FG_SECTOR_SIZE, n, crcs + done, error))
      return FALSE;
    done += n;
    if (progress != NULL)
      progress (offset + done * FG_SECTOR_SIZE, (guint64) done * FG_SECTOR_SIZE, data);
  }
  return TRUE;
}

/* Anything else than a word about the flash may be damage, of the request or of the reply. */
static gboolean
is_about_flash (guint reason)
{
  return reason == FG_STUB_STATUS_FLASH_FAILED || reason == FG_STUB_STATUS_LOCKED;
}

/* One try. FALSE without an error: worth another one. */
static gboolean
erase_once (FgStub *self, guint32 offset, guint32 length, GError **error)
{
  guint8 data[8];
  gint64 deadline_us;
  g_autoptr (GError) failure = NULL;
  FgReply reply;
  guint reason;

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, length);
  fg_command_build (OP_ERASE_REGION, data, sizeof data,
                    fg_command_crc (OP_ERASE_REGION, data, sizeof data), self->loader->out);
  if (!fg_loader_send (self->loader, error))
    return FALSE;
  deadline_us = g_get_monotonic_time ()
                + (ERASE_MS + length / FG_SECTOR_SIZE * ERASE_SECTOR_MS) * G_TIME_SPAN_MILLISECOND;
  while (fg_loader_receive (self->loader, deadline_us, &reply, &failure)) {
    switch (fg_reply_match (&reply, OP_ERASE_REGION, 0, &reason)) {
    case FG_MATCH_OK:
      return TRUE;
    case FG_MATCH_REFUSED:
      if (!is_about_flash (reason))
        return FALSE;
      fg_stub_set_failure (reason, reply.value != 0 ? reply.value : offset, "erasing",
                           FG_ERROR_ERASE, error);
      return FALSE;
    case FG_MATCH_UNSUPPORTED:
    case FG_MATCH_OTHER:
    default:
      break;
    }
  }
  if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT))
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
erase_piece (FgStub *self, guint32 offset, guint32 length, GError **error)
{
  for (guint i = 0; i < ERASE_TRIES; i++) {
    g_autoptr (GError) failure = NULL;

    if (erase_once (self, offset, length, &failure))
      return TRUE;
    if (failure == NULL)
      fg_stub_fence (self, &failure);
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "erasing at 0x%06x: no answer in time", offset);
  return FALSE;
}

/**
 * fg_stub_erase:
 * @offset: a multiple of 4096
 * @length: a multiple of 4096
 * @progress: (nullable): called after each 64 KB
 *
 * Erases what is not blank, in pieces that can be cancelled between.
 *
 * Returns: %FALSE with %FG_ERROR_ERASE, %FG_ERROR_REJECTED, %FG_ERROR_TIMEOUT or the transport's
 *   error set
 */
gboolean
fg_stub_erase (FgStub *self,
               guint32 offset,
               guint32 length,
               FgStubProgress progress,
               gpointer data,
               GError **error)
{
  for (guint32 done = 0; done < length;) {
    guint32 at = offset + done;
    guint32 n = MIN (length - done, ERASE_UNIT - at % ERASE_UNIT);

    if (!erase_piece (self, at, n, error))
      return FALSE;
    done += n;
    if (progress != NULL)
      progress (at + n, done, data);
  }
  return TRUE;
}
