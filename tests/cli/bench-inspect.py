#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start to exit of “inspect” on a firmware of half a megabyte: the budget is 15 ms."""

import statistics
import subprocess
import time

import firmware
import harness
from cli import PROGRAM, Folder

ROUNDS = 60
BUDGET = 0.015  # seconds


def median(*command):
    """The median time of a program from its start to its exit, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def test_inspect():
    with Folder() as folder:
        path = folder.file("firmware.bin", firmware.nodemcu())
        taken = median(PROGRAM, "inspect", path)
        nothing = median("/bin/true")
        print(f"# {taken * 1000:.1f} ms, {taken / nothing:.1f} times what starting /bin/true takes")
        assert taken <= BUDGET, f"{taken * 1000:.1f} ms"


if __name__ == "__main__":
    harness.main()
