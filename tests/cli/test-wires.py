#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same commands against fulgurite-sim, on a pseudo-terminal and over TCP."""

import os
import re
import subprocess

import harness
from child import die_with_parent
from cli import DEADLINE, Folder, Run, image, lines_until, side_by_side, start
from wires import work_through

FAST = ["--timing=none"]


class Simulator:
    """fulgurite-sim, ready to be talked to at .place."""

    def __init__(self, image_file, *options):
        self._process = subprocess.Popen(
            [os.environ["FG_SIM"], f"--image={image_file}", *options],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        line = self._process.stdout.readline().strip()
        self.place = line.split(" on ")[1].split(" -> ")[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate(timeout=10)


def test_pseudo_terminal():
    with Folder() as folder, Simulator(folder.flash, *FAST, f"--pty={folder.path}/board") as board:
        assert board.place == f"{folder.path}/board"
        work_through(board.place, folder.flash, folder)


def test_tcp():
    with Folder() as folder, Simulator(folder.flash, *FAST, "--listen=0") as board:
        assert re.fullmatch(r"socket://127\.0\.0\.1:\d+", board.place), board.place
        work_through(board.place, folder.flash, folder)


def test_simulator_that_ends_half_way():
    for option in "--pty={}/board", "--listen=0":
        with Folder() as folder:
            options = ["--timing=datasheet", option.format(folder.path)]
            with Simulator(folder.flash, *options) as board:
                path = folder.file("a.bin", image(60000))
                process = start("--port", board.place, "--json", "flash", path)
                head = lines_until(process, b'"phase":"write"')
            stdout, stderr = process.communicate(timeout=DEADLINE)
            Run(process.returncode, (head + stdout).decode(), stderr.decode()).error("disconnected")


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
