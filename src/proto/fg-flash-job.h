/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The jobs that change or compare the flash according to a plan. Blocking. */

#include "fg-plan.h"
#include "fg-session.h"

G_BEGIN_DECLS

gboolean fg_flash_job_run (FgSession *session, FgResult *result, GError **error);
gboolean fg_verify_job_run (FgSession *session, FgResult *result, GError **error);

G_END_DECLS
