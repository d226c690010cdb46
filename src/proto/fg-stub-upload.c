/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-upload.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>

#define BLOCK 0x1800u /* the most that a ROM takes: esptool loader.py, ESP_RAM_BLOCK */
#define PART_TRIES 5
#define START_TRIES 3
#define REPLY_MS 500 /* besides the time on the line */
#define GREETING_MS 600
#define QUIET_MS 30

static const char greeting[] = "OHAI";

/* How long @len bytes are on their way. */
static guint
line_ms (const FgLoader *loader, gsize len)
{
  return loader->baud == 0 ? 0 : (guint) (len * 10 * 1000 / loader->baud + 1);
}

static gboolean
send_block (FgLoader *loader, guint32 seq, const guint8 *block, gsize len, GError **error)
{
  guint timeout_ms;

  fg_command_build_data (FG_OP_MEM_DATA, seq, block, len, loader->out);
  timeout_ms = line_ms (loader, loader->out->len) + REPLY_MS;
  return fg_loader_send (loader, error)
         && fg_loader_await (loader, FG_OP_MEM_DATA, timeout_ms, NULL, error);
}

static gboolean
send_part (FgLoader *loader, guint32 address, GBytes *part, GError **error)
{
  gsize len;
  const guint8 *bytes = g_bytes_get_data (part, &len);
  guint32 n_blocks = (guint32) ((len + BLOCK - 1) / BLOCK);
  guint8 begin[16];

  fg_put_u32 (begin, (guint32) len);
  fg_put_u32 (begin + 4, n_blocks);
  fg_put_u32 (begin + 8, BLOCK);
  fg_put_u32 (begin + 12, address);
  if (!fg_loader_command (loader, FG_OP_MEM_BEGIN, begin, sizeof begin, REPLY_MS, NULL, error))
    return FALSE;
  for (guint32 i = 0; i < n_blocks; i++)
    if (!send_block (loader, i, bytes + i * BLOCK, MIN (BLOCK, len - i * BLOCK), error))
      return FALSE;
  return TRUE;
}

/* Whether a byte that got lost may be the reason. */
static gboolean
may_try_again (const GError *error)
{
  return error->domain == FG_ERROR
         && (error->code == FG_ERROR_TIMEOUT || error->code == FG_ERROR_REJECTED
             || error->code == FG_ERROR_UNSUPPORTED || error->code == FG_ERROR_PROTOCOL);
}

/* A ROM counts a damaged block as one that it has got: only a new MEM_BEGIN helps. */
static gboolean
upload_part (FgLoader *loader, guint32 address, GBytes *part, GError **error)
{
  for (guint i = 0;; i++) {
    g_autoptr (GError) failure = NULL;

    if (send_part (loader, address, part, &failure))
      return TRUE;
    if (i + 1 == PART_TRIES || !may_try_again (failure)) {
      g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                                  "loading the stub to 0x%08x: ", address);
      return FALSE;
    }
    if (!fg_loader_drain (loader, QUIET_MS, error))
      return FALSE;
  }
}

/* Sends MEM_END. Its reply may be lost in the jump, so only a refusal counts. */
static gboolean
start (FgLoader *loader, guint32 entry, gboolean *greeted, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + GREETING_MS * 1000;
  g_autoptr (GError) failure = NULL;
  guint8 end[8];

  *greeted = FALSE;
  fg_put_u32 (end, 0); /* jump */
  fg_put_u32 (end + 4, entry);
  fg_command_build (FG_OP_MEM_END, end, sizeof end, 0, loader->out);
  if (!fg_loader_send (loader, error))
    return FALSE;
  while (fg_loader_next_frame (loader, deadline_us, &failure)) {
    const GByteArray *frame = loader->slip.frame;
    FgReply reply;
    guint reason;

    *greeted = frame->len == strlen (greeting) && memcmp (frame->data, greeting, frame->len) == 0;
    if (*greeted)
      return TRUE;
    if (!fg_reply_parse (frame->data, frame->len, &reply)
        || fg_reply_match (&reply, FG_OP_MEM_END, 0, &reason) != FG_MATCH_REFUSED)
      continue;
    g_set_error (error, FG_ERROR, FG_ERROR_REJECTED,
                 "starting the stub: the loader refused it: %s (code %04X)",
                 fg_reason_text (reason), reason);
    return FALSE;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * fg_stub_upload:
 * @loader: synchronised with a ROM
 *
 * Loads @image and starts it. A greeting that got lost is made up for by a SYNC that a stub
 * answers.
 *
 * Returns: %FALSE with %FG_ERROR_REJECTED when the ROM refuses it, %FG_ERROR_TIMEOUT when it does
 *   not greet (the chip must be reset then), or the transport's error
 */
gboolean
fg_stub_upload (FgLoader *loader, const FgStubImage *image, GError **error)
{
  if (!upload_part (loader, image->text_address, image->text, error)
      || (image->data != NULL && !upload_part (loader, image->data_address, image->data, error)))
    return FALSE;
  for (guint i = 0; i < START_TRIES; i++) {
    g_autoptr (GError) failure = NULL;
    gboolean greeted, is_stub = FALSE;

    if (!start (loader, image->entry, &greeted, error))
      return FALSE;
    if (greeted)
      return TRUE;
    if (fg_loader_sync (loader, 0, &is_stub, &failure)) {
      if (is_stub)
        return TRUE;
      continue; /* still the ROM: it has not understood us */
    }
    if (!g_error_matches (failure, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    break;
  }
  g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "the stub was started and does not greet");
  return FALSE;
}
