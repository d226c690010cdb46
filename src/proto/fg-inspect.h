/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one question of both front ends: what is this file? By its content alone, without any I/O,
 * and without reading outside the bytes, whatever they hold.
 */

#include "fg-content.h"

G_BEGIN_DECLS

FgContent *fg_inspect (GBytes *bytes);

G_END_DECLS
