/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A simulated board whose flash is full of something else, and our stub on it. */

#include "fg-bad-line.h"
#include "fg-stub-upload.h"
#include "fg-stub.h"
#include "fg-test-board.h"

typedef struct {
  FgTestBoard board;
  guint8 *old; /* (owned) what was on the flash */
  gsize size;  /* of the flash, bytes */
  FgTransport *wire;
  GCancellable *cancellable;
  FgLoader loader;
  FgStub stub;
} FgStubRig;

/* @spec: more of the board, such as "timing=none"; its flash has 1 MB. In sync with the ROM. */
void fg_stub_rig_open (FgStubRig *self, const char *spec);
/* With our stub running and asked. */
void fg_stub_rig_start (FgStubRig *self, const char *spec);
void fg_stub_rig_close (FgStubRig *self);
/* The flash must hold what is in `old` now. */
void fg_stub_rig_assert_flash (FgStubRig *self);
/* (transfer full) Bytes that can be packed, but not well. */
guint8 *fg_stub_rig_contents (gsize len, guint32 seed);
