/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Brings a stub into the chip's RAM through its ROM loader, and starts it. */

#include "fg-loader.h"
#include "fg-stub-image.h"

G_BEGIN_DECLS

gboolean fg_stub_upload (FgLoader *loader, const FgStubImage *image, GError **error);

G_END_DECLS
