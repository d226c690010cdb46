/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A flasher stub as it is uploaded: a program for the chip's RAM, ours or somebody else's.
 * Immutable, reference-counted, for any thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  guint32 entry; /* where MEM_END jumps to */
  guint32 text_address, data_address;
  GBytes *text; /* (owned) */
  GBytes *data; /* (owned) (nullable) */
} FgStubImage;

FgStubImage *fg_stub_image_new (
    guint32 entry, guint32 text_address, GBytes *text, guint32 data_address, GBytes *data);
FgStubImage *fg_stub_image_new_esp8266 (void);
FgStubImage *fg_stub_image_ref (FgStubImage *self);
void fg_stub_image_unref (FgStubImage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgStubImage, fg_stub_image_unref)

G_END_DECLS
