#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user who changes their mind is answered at once, and the board can be flashed again."""

import signal
import time

import firmware
import harness
from cli import DEADLINE, Folder, Run, image, lines_until, run, start


def interrupt(sign, phase, *args):
    """Sends a signal when a phase begins; returns the run and the seconds until it ended."""
    process = start("--json", *args)
    head = lines_until(process, b'"phase":"%s"' % phase.encode())
    sent = time.monotonic()
    process.send_signal(sign)
    stdout, stderr = process.communicate(timeout=DEADLINE)
    seconds = time.monotonic() - sent
    return Run(process.returncode, (head + stdout).decode(), stderr.decode()), seconds


def test_cancel_half_way():
    with Folder() as folder:
        path = folder.file("a.bin", image(60000))
        flash = ["--port", folder.port("timing=datasheet"), "flash", "--all", path]
        for sign, phase in (
            (signal.SIGINT, "connect"),
            (signal.SIGINT, "write"),
            (signal.SIGTERM, "write"),
            (signal.SIGINT, "verify"),
        ):
            done, seconds = interrupt(sign, phase, *flash)
            done.error("cancelled", 130)
            assert seconds < 1, f"{phase}: answered after {seconds:.2f} s"
        again = run("--port", folder.port(), "--json", "flash", path)
        again.result()
        firmware.check_flashed(folder.flash.read_bytes(), path.read_bytes())


def test_cancel_in_words():
    with Folder() as folder:
        process = start("--port", folder.port("timing=datasheet"), "--verbose", "read", 0, "all",
                        folder.path / "o")  # fmt: skip
        process.stderr.readline()  # it has begun
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=DEADLINE)
        assert process.returncode == 130 and stdout == b"", stderr
        assert b"Cancelling" in stderr and b"fulgurite-cli: " in stderr, stderr
        assert not (folder.path / "o").exists(), "half a file is no file"


def test_a_reader_that_leaves_breaks_nothing_off():
    with Folder() as folder:
        path = folder.file("a.bin", image(9000))
        process = start("--port", folder.port(), "--json", "flash", path)
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(DEADLINE) == 1, "what was not heard is no success"
        firmware.check_flashed(folder.flash.read_bytes(), path.read_bytes())
        process.stderr.close()


if __name__ == "__main__":
    harness.main()
