/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-file-read.h"

#include "fg-error.h"
#include "fg-slip.h"
#include "fg-wire.h"

#include <string.h>

#define BLOCK 0x1000u /* esptool loader.py, read_flash(): FLASH_SECTOR_SIZE */
/* Stubs differ in what they count: blocks in ours, bytes in version 1; version 2 does not look. */
#define IN_FLIGHT 64u
#define DIGEST_LEN 16
#define REPLY_MS 1000u /* besides the time on the line */

static gboolean
ask (FgLoader *loader, guint32 offset, guint32 length, GError **error)
{
  guint8 data[16];

  fg_put_u32 (data, offset);
  fg_put_u32 (data + 4, length);
  fg_put_u32 (data + 8, BLOCK);
  fg_put_u32 (data + 12, IN_FLIGHT);
  return fg_loader_command (loader, FG_OP_READ_FLASH, data, sizeof data, 0, NULL, error);
}

/* Says how many bytes have arrived, whole. */
static gboolean
acknowledge (FgLoader *loader, guint32 done, GError **error)
{
  guint8 data[4];

  fg_put_u32 (data, done);
  fg_slip_encode (data, sizeof data, loader->out);
  return fg_loader_send (loader, error);
}

/* A frame of exactly @len bytes. */
static gboolean
take_frame (FgLoader *loader, guint8 *buf, guint32 len, GError **error)
{
  guint line_ms = loader->baud == 0 ? 0 : (guint) ((guint64) BLOCK * 20 * 1000 / loader->baud);
  gint64 deadline_us = g_get_monotonic_time () + (gint64) (REPLY_MS + line_ms) * 1000;
  g_autoptr (GError) failure = NULL;

  if (!fg_loader_next_frame (loader, deadline_us, &failure)) {
    if (failure != NULL)
      g_propagate_error (error, g_steal_pointer (&failure));
    else
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "the stub stopped sending");
    return FALSE;
  }
  if (loader->slip.frame->len != len) {
    g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "%u bytes came where %u were due",
                 loader->slip.frame->len, len);
    return FALSE;
  }
  memcpy (buf, loader->slip.frame->data, len);
  return TRUE;
}

/**
 * fg_file_read:
 * @loader: synchronised with a stub
 *
 * What arrives is proven by the digest that the stub sends at the end.
 *
 * Returns: %FALSE with an error of the loader set; it must be synchronised then
 */
gboolean
fg_file_read (FgLoader *loader, guint32 offset, guint8 *buf, guint32 length, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  guint8 want[DIGEST_LEN], got[DIGEST_LEN];
  gsize want_len = sizeof want;

  if (!ask (loader, offset, length, error))
    return FALSE;
  for (guint32 done = 0, n; done < length; done += n) {
    n = MIN (BLOCK, length - done);
    if (!take_frame (loader, buf + done, n, error) || !acknowledge (loader, done + n, error))
      return FALSE;
  }
  if (!take_frame (loader, got, sizeof got, error))
    return FALSE;
  g_checksum_update (checksum, buf, length);
  g_checksum_get_digest (checksum, want, &want_len);
  if (memcmp (want, got, sizeof got) == 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "what was read was damaged on the way");
  return FALSE;
}
