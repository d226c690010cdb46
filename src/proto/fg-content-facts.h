/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The list of an inspector: everything that is known, as labels and values in English. */

#include "fg-content.h"

G_BEGIN_DECLS

void fg_content_add_facts (FgContent *self);

G_END_DECLS
