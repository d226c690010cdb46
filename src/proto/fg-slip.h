/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * SLIP framing: C0, escaped payload, C0. Does no I/O: bytes are pushed in, frames come out. A frame
 * over the limit or with a wrong escape is a fault, never cut short.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Longest payload taken: a READ_FLASH block or a FLASH_DATA request, with room to spare. */
#define FG_SLIP_MAX_FRAME 0x5000u

typedef enum {
  FG_SLIP_MORE,  /* nothing yet */
  FG_SLIP_NOISE, /* the byte lies between frames: boot text, a program's output */
  FG_SLIP_FRAME, /* a frame is complete: read it before the next push */
  FG_SLIP_BAD,   /* the frame was dropped: a wrong escape, or too long */
} FgSlipResult;

typedef struct {
  GByteArray *frame; /* (owned) the payload so far; complete after FG_SLIP_FRAME */
  gboolean in_frame;
  gboolean escaped;
} FgSlipDecoder;

void fg_slip_encode (const guint8 *data, gsize len, GByteArray *out);

void fg_slip_decoder_init (FgSlipDecoder *self);
void fg_slip_decoder_clear (FgSlipDecoder *self);
void fg_slip_decoder_reset (FgSlipDecoder *self);
FgSlipResult fg_slip_decoder_push (FgSlipDecoder *self, guint8 byte);

G_END_DECLS
