#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the benchmark reckons right, notices what goes wrong, and runs at all."""

import math
import os
import pathlib
import subprocess
import sys
import tempfile

import harness
import peers
import workload
from measure import BenchBoard, Failed, measure
from model import BLOCK, PAGE, SECTOR, Limit, changed_sectors, flash_seconds, wire_seconds
from rows import KINDS, Image, Row

HERE = pathlib.Path(__file__).parent
LOADERS = sys.argv.pop(1).split(",")
FULL_PAGE = b"\x5a" * PAGE
BLANK_PAGE = b"\xff" * PAGE


def pages(*counts):
    """Contents: so many full pages, so many blank ones, and so on."""
    return b"".join(
        (FULL_PAGE if turn % 2 == 0 else BLANK_PAGE) * count for turn, count in enumerate(counts)
    )


def test_wire():
    assert wire_seconds(11520, 115200) == 1.0
    assert Limit(2.0, 1.0).name == "wire" and Limit(1.0, 2.0).seconds == 2.0


def test_flash():
    sector, block = SECTOR // PAGE, BLOCK // PAGE
    other = bytes(byte ^ 1 for byte in pages(block))
    cases = [
        ("same", pages(sector), pages(sector), 0.0),
        ("blank", pages(0, sector), pages(sector), 16 * 0.0004),
        ("half", pages(0, sector), pages(8, 8), 8 * 0.0004),
        ("dirty", other[:SECTOR], pages(sector), 0.045 + 16 * 0.0004),
        ("erased", pages(sector), pages(0, sector), 0.045),
        ("block", other, pages(block), 0.150 + 256 * 0.0004),
        ("most of a block", other[:-SECTOR], pages(block - sector), 15 * (0.045 + 0.0064)),
        ("dirt in a block", pages(3 * sector, block - 3 * sector), other, 0.135 + 256 * 0.0004),
        ("end", other + other[:SECTOR], pages(block) + pages(sector), 0.195 + 272 * 0.0004),
    ]
    for name, before, after, expected in cases:
        found = flash_seconds(before, after)
        assert math.isclose(found, expected, abs_tol=1e-9), f"{name}: {found}, not {expected}"
    content = (FULL_PAGE + b"\x00" * 65).ljust(SECTOR, b"\xff")
    parts = flash_seconds(pages(0, sector), content, 64)
    assert math.isclose(parts, 6 * 0.0001875), parts


def test_workload():
    data = workload.piece(100000)
    after = workload.flashed(data)
    before = workload.changed(data, 0.05)
    assert changed_sectors(before, after) == [0] and len(before) == len(after)
    assert 99000 < len(data) <= 100000 and len(after) % SECTOR == 0


def test_a_row():
    """The simulator's own figures agree with the model's."""
    with tempfile.TemporaryDirectory() as folder:
        image = Image(folder, "a.bin", workload.piece(3 * SECTOR))
        row = Row("rom", 921600, "dirty", image, verified=False)
        row.measure()
        run = row.run
        assert 0 < run.to_board - len(image.flashed) < 10000, run.to_board
        assert math.isclose(run.flash, row.limit.flash, rel_tol=0.02), (run.flash, row.limit.flash)
        assert row.ratio > 1, "faster than possible"
        assert run.connect + run.work <= run.seconds
        assert f"{row.ratio:.2f}" in str(row)


def test_failures_are_noticed():
    with tempfile.TemporaryDirectory() as folder, BenchBoard(timing="none") as board:
        image = Image(folder, "a.bin", workload.piece(3 * SECTOR))
        arguments = ["--json", "--port", f"{folder}/nothing", "flash", image.path]
        refused(measure, board, [os.environ["FG_CLI"], *arguments])
        row = Row("rom", 921600, "dirty", image, timing="none")
        row.measure()
        refused(row.check, row.before, None)
        row.check(row.after, None)


def refused(call, *arguments):
    """Makes the call, which must fail."""
    try:
        call(*arguments)
    except Failed:
        return
    raise AssertionError("no failure was noticed")


def benchmark(**environ):
    """The program in its shortest form."""
    options = ["--quick", "--no-budgets", "--baud", "921600"]
    for loader in LOADERS:
        options += ["--loader", loader]
    return subprocess.run(
        [sys.executable, HERE / "benchmark.py", *options],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_whole():
    done = benchmark()
    rows = [line for line in done.stdout.splitlines() if line.startswith(tuple(LOADERS))]
    assert done.returncode == 0 and len(rows) == len(LOADERS) * len(KINDS), done.stdout


def test_whole_that_fails():
    done = benchmark(FG_CLI="/bin/false")
    assert done.returncode == 1 and "FAILED" in done.stdout, done.stdout


def test_peers():
    assert peers.Esptool.phase("Compressed 416522 bytes to 280000...") == "write"
    assert peers.Esptool.phase("Uploading stub...") is None
    assert peers.EsptoolJs.phase('{"event":"progress","phase":"connect"}') == "connect"
    with tempfile.TemporaryDirectory() as folder:
        path, esptool = os.environ["PATH"], os.environ.pop("ESPTOOL", None)
        os.environ["PATH"] = folder
        try:
            found, missing = peers.find_peers(folder)
        finally:
            os.environ["PATH"] = path
            if esptool:
                os.environ["ESPTOOL"] = esptool
        assert not found and len(missing) == 2, missing


if __name__ == "__main__":
    harness.main()
