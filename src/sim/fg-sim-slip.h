/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The framing of PROTOCOL-FACTS 1.1 as the ESP8266 ROM does it (section 17, "Framing"). */

#include <glib.h>

G_BEGIN_DECLS

/* 16 bytes of data header and a block of 0x1800, behind 8 bytes of command header. */
#define FG_SIM_FRAME_MAX (8u + 16u + 0x1800u)

typedef struct {
  guint8 bytes[FG_SIM_FRAME_MAX];
  gsize len;
  gboolean escaped;
  gboolean too_long;
} FgSimSlip;

void fg_sim_slip_reset (FgSimSlip *self);
gboolean fg_sim_slip_push (FgSimSlip *self, guint8 byte);
void fg_sim_slip_append (GByteArray *out, const guint8 *payload, gsize len);

G_END_DECLS
