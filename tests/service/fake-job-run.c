/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-job-run.h"

static FakeJobRun fake;

void
fake_job_run_set (FakeJobRun run)
{
  fake = run;
}

FgResult *
fg_job_run (const FgJob *job,
            FgTransport *wire,
            const FgReporter *reporter,
            GCancellable *cancellable,
            GError **error)
{
  return fake (job, wire, reporter, cancellable, error);
}
