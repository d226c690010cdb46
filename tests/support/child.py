# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes that do not outlive a test."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


def die_with_parent():
    """For preexec_fn: a run that is interrupted leaves nothing behind."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
