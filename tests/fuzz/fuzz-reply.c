/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-command.h"

#include <string.h>

/* Input: the command that was sent, the bytes of data that it expects, and the frame that came. */

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *frame = NULL;
  FgReply reply = { 0 };
  guint reason = 0;

  if (size < 2)
    return 0;
  frame = g_memdup2 (data + 2, size - 2); /* on its own, so that a read past its end is seen */
  if (!fg_reply_parse (frame, size - 2, &reply))
    return 0;
  g_assert_true (reply.data >= frame && reply.data + reply.len <= frame + size - 2);
  if (fg_reply_match (&reply, data[0], data[1], &reason) == FG_MATCH_REFUSED)
    g_assert_cmpuint (strlen (fg_reason_text (reason)), >, 0);
  return 0;
}
