/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a chip's security state means for whoever has the board. Pure. */

#include "fg-security.h"

G_BEGIN_DECLS

/* (transfer full) One translated sentence for each thing that is switched on, saying what still
 * works; an empty list: nothing is. */
char **fg_security_words (const FgSecurity *security);

G_END_DECLS
