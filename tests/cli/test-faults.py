#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad wire, a pulled plug, a silent board: never a hang, never a false “done”, always a message
that says what to do."""

import concurrent.futures
import time

import firmware
import harness
from cli import WORKERS, Folder, image, run, side_by_side

IMAGE = image(9000)
DEADLINE = 40  # seconds: a board that says nothing is given up long before


def sweep(fault, positions, check):
    """Flashes once for each position of the fault, side by side."""

    def one(position):
        with Folder() as folder:
            path = folder.file("a.bin", IMAGE)
            port = folder.port(f"{fault}={position}")
            done = run("--port", port, "--json", "flash", "--all", path, timeout=DEADLINE)
            try:
                return check(done, folder, position)
            except AssertionError as error:
                raise AssertionError(f"{fault}={position}: {error}") from error

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, positions))


def done_or_told(done, folder, _position):
    """Done and right to the byte, or failed with all that an error has. Returns which."""
    if done.status == 0:
        done.result()
        firmware.check_flashed(folder.flash.read_bytes(), IMAGE)
        return True
    last = done.events()[-1]
    done.error(last.get("code"))
    return False


def told_as(codes):
    """Failed with one of the codes, or the fault came too late to matter."""

    def check(done, folder, position):
        if not done_or_told(done, folder, position):
            assert done.events()[-1]["code"] in codes, done
            return False
        return True

    return check


# Bytes from the start of the run: the handshake, the questions, the blocks, the last replies.
EARLY = [1, 2, 7, 40, 44, 45, 90, 150, 333]
RECEIVED = EARLY + [500, 700, 1000, 1500, 2500, 4000, 6143, 6170, 8000, 10000, 12000]
SENT = EARLY + [410, 555, 777, 999, 1500, 2500, 5000, 8000, 12000]


def test_corrupt_byte_to_the_board():
    assert any(sweep("corrupt-rx", RECEIVED, done_or_told)), "some are mended on the way"


def test_corrupt_byte_from_the_board():
    assert any(sweep("corrupt-tx", SENT, done_or_told)), "some are mended on the way"


def test_lost_byte_to_the_board():
    assert any(sweep("drop-rx", RECEIVED, done_or_told)), "some are mended on the way"


def test_lost_byte_from_the_board():
    assert any(sweep("drop-tx", SENT, done_or_told)), "some are mended on the way"


def test_unplugged_at_a_byte_to_the_board():
    outcomes = sweep("unplug", RECEIVED, told_as({"disconnected"}))
    assert outcomes.count(False) >= len(RECEIVED) - 4, outcomes


def test_unplugged_at_a_byte_from_the_board():
    outcomes = sweep("unplug-tx", SENT, told_as({"disconnected"}))
    assert outcomes.count(False) >= len(SENT) - 6, outcomes


def test_silent_after_a_byte():
    codes = {"timeout", "no-answer", "not-in-loader"}
    assert not all(sweep("mute-after", [50, 400, 2000, 7000], told_as(codes)))


def test_silent_board():
    with Folder() as folder:
        start = time.monotonic()
        done = run("--port", folder.port("mute"), "--json", "detect", timeout=DEADLINE)
        error = done.error("no-answer")
        assert time.monotonic() - start < 30, "the deadline of connecting"
        assert "BOOT" in error["remedy"], error


def test_a_program_that_babbles():
    with Folder() as folder:
        port = folder.port("babble", "lines=no", "timing=datasheet")
        error = run("--port", port, "--json", "detect", timeout=DEADLINE).error("not-in-loader")
        assert "BOOT" in error["remedy"], error


def test_dead_flash():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        run("--port", folder.port("flashid=FFFFFF"), "--json", "flash", path).error("flash-chip")


def test_stuck_byte_is_found():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        done = run("--port", folder.port("stuck=0x1234"), "--json", "flash", path)
        code = done.events()[-1].get("code")
        assert code in ("verify", "rejected"), "the ROM sees it itself, or reading back finds it"
        done.error(code)


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
