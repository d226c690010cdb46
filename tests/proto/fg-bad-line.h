/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A transport that damages a share of the SLIP frames that pass through it, in either direction. */

#include "fg-transport.h"

/* (transfer full) @inner: (transfer full); frames pass undamaged until a share is set */
FgTransport *fg_bad_line_new (FgTransport *inner);
/* @share: of the frames of both directions, 0 to 1; the damage is a wrong bit or a lost byte */
void fg_bad_line_set_share (FgTransport *self, double share, guint32 seed);
/* Frames damaged since the share was set. */
guint fg_bad_line_get_damaged (FgTransport *self);
