/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Runs one job over one open transport. Blocking: for a worker thread. It does not free the
 * transport. Every wait has a deadline and looks at the cancellable every 50 ms.
 */

#include "fg-job.h"
#include "fg-transport.h"

G_BEGIN_DECLS

FgResult *fg_job_run (const FgJob *job,
                      FgTransport *wire,
                      const FgReporter *reporter,
                      GCancellable *cancellable,
                      GError **error);

G_END_DECLS
