# SPDX-License-Identifier: GPL-3.0-or-later
"""fulgurite-cli as its users run it, and firmware to give it."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import firmware
import harness
from child import die_with_parent

PROGRAM = os.environ["FG_CLI"]
DEADLINE = 60 * harness.PATIENCE  # seconds; a run that takes longer hangs
WORKERS = 12  # a run mostly waits for the board
FLASH_SIZE = 4 << 20
SECTOR = 4096


class Run:
    """What one run left behind."""

    def __init__(self, status, stdout, stderr):
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    def events(self, kind=None):
        """The JSON lines, or those of one kind. Every line must be one object with an event."""
        found = [json.loads(line) for line in self.stdout.splitlines()]
        assert all(isinstance(event, dict) and "event" in event for event in found), found
        return [event for event in found if kind in (None, event["event"])]

    def result(self):
        """The result of a run that must have done what it was asked for."""
        assert self.status == 0, self
        assert self.stderr == "", self
        last = self.events()[-1]
        assert last["event"] == "result" and last["ok"] is True, last
        return last

    def error(self, code, status=1):
        """The error of a run that must have failed with this code, and must tell what to do."""
        assert self.status == status, self
        last = self.events()[-1]
        assert last["event"] == "error" and last["code"] == code, last
        assert last["message"] and last["remedy"], last
        assert not self.events("result"), self
        return last

    def __str__(self):
        return f"status {self.status}\n{self.stdout[-2000:]}\n{self.stderr[-2000:]}"


def environ(**changes):
    """The environment of a run; None takes a variable away."""
    merged = {**os.environ, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def run(*args, timeout=DEADLINE, env=None, cwd=None):
    """Runs the program to its end."""
    done = subprocess.run(
        [PROGRAM, *map(str, args)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        env=env,
        cwd=cwd,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def start(*args, env=None):
    """Starts a run whose lines are read as they come."""
    return subprocess.Popen(
        [PROGRAM, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        preexec_fn=die_with_parent,
    )


def lines_until(process, part):
    """Reads the output of a started run up to the first line with this part."""
    head = b""
    for line in process.stdout:
        head += line
        if part in line:
            return head
    raise AssertionError(f"{part} was not among {head[-2000:]}")


def image(length=20000, mode=2, size_freq=0x40):
    """An ESP8266 image with these header bytes 2 and 3: 2 and 40 are DIO, 40 MHz, 4 MB."""
    data = bytearray(firmware.esp8266(length))
    data[2:4] = mode, size_freq
    return bytes(data)


class Folder:
    """A folder for one test, with a board in it and files for it."""

    def __init__(self, flash_size=FLASH_SIZE):
        self.flash_size = flash_size
        self._folder = tempfile.TemporaryDirectory(prefix="cli-")
        self.path = pathlib.Path(self._folder.name)
        self.flash = self.path / "flash.img"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def file(self, name, data):
        """Writes a file and returns its path."""
        path = self.path / name
        path.write_bytes(data)
        return path

    def port(self, *options):
        """A simulated board whose flash is kept in the folder."""
        fixed = ["sim:esp8266", f"flash={self.flash_size}", f"image={self.flash}"]
        timing = [] if any(option.startswith("timing=") for option in options) else ["timing=none"]
        return ",".join([*fixed, *timing, *options])

    def fill(self, byte=0xA5):
        """Gives the board a flash full of something."""
        self.flash.write_bytes(bytes([byte]) * self.flash_size)


def cases(namespace, prefix, table, check):
    """Makes a test of each row: the row's first column names it, the others go to check()."""
    for name, *columns in table:
        namespace[f"test_{prefix}_{name}"] = lambda columns=columns: check(*columns)


def side_by_side(namespace):
    """Lets the tests of a module run at once: each must have a board of its own."""
    if len(sys.argv) > 1:  # some were chosen by name
        return
    tests = {name: test for name, test in namespace.items() if name.startswith("test_")}
    pool = concurrent.futures.ThreadPoolExecutor(WORKERS)
    started = {}

    def wait(name):
        if not started:
            started.update((other, pool.submit(test)) for other, test in tests.items())
        started[name].result()

    for name in tests:
        namespace[name] = lambda name=name: wait(name)
