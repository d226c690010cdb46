/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-slip.h"

#include <string.h>

/* A frame that was taken out is within the limit, and comes out again when it is encoded. */

static void
check_round_trip (const GByteArray *frame)
{
  g_autoptr (GByteArray) encoded = g_byte_array_new ();
  FgSlipDecoder decoder;
  FgSlipResult result = FG_SLIP_MORE;

  fg_slip_encode (frame->data, frame->len, encoded);
  fg_slip_decoder_init (&decoder);
  for (guint i = 0; i < encoded->len; i++) {
    g_assert_cmpint (result, ==, FG_SLIP_MORE);
    result = fg_slip_decoder_push (&decoder, encoded->data[i]);
  }
  g_assert_cmpint (result, ==, FG_SLIP_FRAME);
  g_assert_cmpmem (decoder.frame->data, decoder.frame->len, frame->data, frame->len);
  fg_slip_decoder_clear (&decoder);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FgSlipDecoder decoder;

  fg_slip_decoder_init (&decoder);
  for (size_t i = 0; i < size; i++) {
    FgSlipResult result = fg_slip_decoder_push (&decoder, data[i]);

    g_assert_cmpuint (decoder.frame->len, <=, FG_SLIP_MAX_FRAME);
    if (result == FG_SLIP_FRAME && decoder.frame->len > 0)
      check_round_trip (decoder.frame);
  }
  fg_slip_decoder_clear (&decoder);
  return 0;
}
