/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Why a server could not be used, told from what it sent. */

#include "fg-rfc2217-link.h"

G_BEGIN_DECLS

/* Whether the other side only sends back what it gets. */
gboolean fg_rfc2217_is_echo (const FgComLink *link);
/* @cause: (nullable): what broke off the opening; without one the negotiation led to nothing. Sets
 * FG_ERROR_PORT_BUSY, FG_ERROR_PORT_FAILED, or @cause when that says it all. */
void fg_rfc2217_explain (const FgComLink *link, const GError *cause, GError **error);

G_END_DECLS
