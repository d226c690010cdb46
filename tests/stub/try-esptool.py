#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets esptool work on simulated boards: what it says, and what is in the flash afterwards.

Not a test of the tree, which holds no foreign program; for whoever has an esptool (4.x).

usage: try-esptool.py [--esptool MODULE-FOLDER] [--stub FILE.json] [--baud N]... [--timing T]...
                      [--whole] FULGURITE-SIM
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from board import Board  # pylint: disable=wrong-import-position

FLASH = 4 << 20
SECTOR = 4096
OFFSET = 0x3000
DEADLINE_S = 600
# Runs esptool with another stub than its own.
LAUNCHER = """
import sys
import esptool, esptool.loader
path = sys.argv.pop(1)
if path:
    assert hasattr(esptool.loader, "get_stub_json_path"), "--stub needs an esptool 4.x"
    esptool.loader.get_stub_json_path = lambda name: path
esptool._main()
"""


class Failed(Exception):
    """With what went wrong."""


def program():
    """Something to write: it can be compressed, and is no image."""
    noise = random.Random(8266)
    words = [noise.randbytes(noise.randrange(3, 12)) for _ in range(400)]
    return b"".join(noise.choice(words) for _ in range(50000))[:300000]


class Trial:
    """One board, and esptool on it."""

    def __init__(self, options, timing, baud, folder):
        self._options = options
        self._baud = baud
        self._folder = pathlib.Path(folder)
        self._slow = timing == "datasheet" and not options.whole
        self._board = Board(f"esp8266,flash=4M,boot=loader,timing={timing}")
        self._data = program()
        self._file = self._folder / "program.bin"
        self._file.write_bytes(self._data)
        self._expected = bytearray(random.Random(1).randbytes(FLASH))
        with open(self._board.image, "r+b") as file:
            file.write(self._expected)

    def close(self):
        """The board is gone, and its flash."""
        self._board.unplug()
        self._board.remove()

    def _esptool(self, *arguments):
        """Its output; fails when it does."""
        environment = dict(os.environ)
        if self._options.esptool:
            environment["PYTHONPATH"] = self._options.esptool
        done = subprocess.run(
            ["/usr/bin/python3", "-c", LAUNCHER, self._options.stub or "", "--chip=esp8266"]
            + [f"--port={self._board.path}", f"--baud={self._baud}"]
            + ["--before=no_reset", "--after=no_reset", *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        if done.returncode != 0:
            raise Failed((done.stdout + done.stderr)[-600:].strip())
        return done.stdout

    def _check(self, start=0, length=FLASH):
        flash = pathlib.Path(self._board.image).read_bytes()
        for at in range(start, start + length, SECTOR):
            if flash[at : at + SECTOR] != self._expected[at : at + SECTOR]:
                raise Failed(f"the flash at {at:#x} is not as it should be")

    def _write(self, *options):
        self._esptool("write_flash", *options, hex(OFFSET), self._file)
        end = OFFSET + len(self._data)
        padded = -(-end // SECTOR) * SECTOR
        self._expected[OFFSET:padded] = self._data + b"\xff" * (padded - end)
        self._check()

    def try_flash_id(self):
        """The flash is known."""
        text = self._esptool("flash_id")
        if "ef" not in text or "4MB" not in text:
            raise Failed(text[-300:])

    def try_write_compressed(self):
        """The default."""
        self._write("-z")

    def try_verify(self):
        """Against the same file, and against another."""
        self._esptool("verify_flash", hex(OFFSET), self._file)
        other = self._folder / "other.bin"
        other.write_bytes(self._data[:-1] + bytes([self._data[-1] ^ 1]))
        try:
            self._esptool("verify_flash", hex(OFFSET), other)
        except Failed:
            return
        raise Failed("another file was verified")

    def try_write_plain(self):
        """Nothing compressed."""
        self._data = bytes(reversed(self._data))
        self._file.write_bytes(self._data)
        self._write("-u")

    def try_read(self):
        """All of the flash, or what does not take minutes."""
        length = FLASH if not self._slow else min(FLASH, self._baud // 2 // SECTOR * SECTOR)
        file = self._folder / "read.bin"
        self._esptool("read_flash", 0, length, file)
        if file.read_bytes() != self._expected[:length]:
            raise Failed("what was read is not what is in the flash")

    def try_erase_region(self):
        """Sectors before, a block, sectors after."""
        start, length = 0xE000, 0x15000
        self._esptool("erase_region", hex(start), hex(length))
        self._expected[start : start + length] = b"\xff" * length
        self._check()

    def try_erase_flash(self):
        """All of it."""
        self._esptool("erase_flash")
        self._expected[:] = b"\xff" * FLASH
        self._check()

    def try_run(self):
        """Leaves the loader."""
        self._esptool("run")


def main():
    """Every step on a board for each rate and timing; the exit status says whether all passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--esptool", help="folder that its Python module is in")
    parser.add_argument("--stub", help="JSON of a stub to use in place of its own")
    parser.add_argument("--baud", type=int, action="append")
    parser.add_argument("--timing", action="append")
    parser.add_argument("--whole", action="store_true", help="read 4 MB at any rate")
    parser.add_argument("sim", help="the fulgurite-sim to use")
    options = parser.parse_args()
    os.environ["FG_SIM"] = options.sim
    steps = [name for name in vars(Trial) if name.startswith("try_")]
    failed = 0
    for timing in options.timing or ["none", "datasheet"]:
        for baud in options.baud or [115200, 921600]:
            with tempfile.TemporaryDirectory(prefix="try-esptool-") as folder:
                trial = Trial(options, timing, baud, folder)
                for step in steps:
                    start = time.monotonic()
                    try:
                        getattr(trial, step)()
                        result = "passed"
                    except (Failed, subprocess.TimeoutExpired) as error:
                        failed += 1
                        result = f"FAILED: {error}"
                    name = step[len("try_") :].replace("_", " ")
                    took = time.monotonic() - start
                    print(f"{timing:9} {baud:7} {name:16} {took:6.1f} s  {result}", flush=True)
                trial.close()
    sys.exit(1 if failed else 0)


main()
