/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Stands in for proto's fg_job_run(): a test says what the worker does.
 */

#include "fg-job-run.h"

G_BEGIN_DECLS

typedef FgResult *(*FakeJobRun) (const FgJob *job,
                                 FgTransport *wire,
                                 const FgReporter *reporter,
                                 GCancellable *cancellable,
                                 GError **error);

/* What the next jobs do. Only while none runs. */
void fake_job_run_set (FakeJobRun run);

G_END_DECLS
