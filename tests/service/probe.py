# SPDX-License-Identifier: GPL-3.0-or-later
"""The service layer, driven by a test: see serial-probe.c."""

import os
import subprocess


class Probe:
    """The service layer in a process of its own, among the simulated ports."""

    def __init__(self, environ):
        self._process = subprocess.Popen(
            [os.environ["FG_SERIAL_PROBE"]],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        status = self._process.wait(10)
        self._process.stdout.close()
        assert status == 0, f"the probe ended with {status}"

    def __call__(self, command):
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")


def check(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"
