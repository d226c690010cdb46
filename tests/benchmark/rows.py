# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the table: what is done with a board, and how it is checked."""

import os
import pathlib

import workload
from measure import BenchBoard, Failed, flash_of, measure
from model import SECTOR, changed_sectors

FULL = ("dirty", "blank")
KINDS = (*FULL, "changed", "same", "read", "verify")
SHARE = 0.05  # of the sectors, for "changed"
HEADER = (
    f"{'loader':6} {'baud':>7}  {'what':32} {'total':>6} {'connect':>7} {'work':>6} {'KB':>5}"
    f" {'limit':>6} {'by':5} {'ratio':>5} {'wire':>5} {'host':>5} {'board':>5}"
)
LEGEND = """\
total    seconds from the start of the program to its end
connect  seconds until the board's flash is worked on: the loader entered, prepared and at its rate
work     seconds from there until everything is done and verified, without the reset at the end
KB       went over the wire during the work, in the busier one of its two directions
limit    the larger of (these bytes × 10 / baud) and the time that the flash is busy at least
ratio    work / limit
wire     (these bytes × 10 / baud) / work
host     CPU seconds of the program; board: those of the simulator, a process of its own"""


class Image:
    """A firmware in a file."""

    def __init__(self, folder, name, data):
        self.path = pathlib.Path(folder) / name
        self.path.write_bytes(data)
        self.data = data
        self.flashed = workload.flashed(data)
        self.sectors = len(self.flashed) // SECTOR


class Row:
    """One line of the table."""

    def __init__(self, loader, baud, kind, image, timing="datasheet", verified=True):
        self.loader = loader
        self.baud = baud
        self.kind = kind
        self.image = image
        self.timing = timing
        self.verified = verified
        self.before = self._before()
        self.after = image.flashed if self.writes else self.before
        self.run = None
        self.limit = None

    @property
    def writes(self):
        """Whether it is a run of “flash”."""
        return self.kind in (*FULL, "changed", "same")

    @property
    def ratio(self):
        """How many times as long as the limit the work took."""
        return self.run.work / max(self.limit.seconds, 1e-4)  # nothing may have had to be done

    @property
    def title(self):
        """What is done, in words."""
        count = len(changed_sectors(self.before, self.image.flashed))
        titles = {
            "dirty": "full write, dirty flash",
            "blank": "full write, blank flash",
            "changed": f"write, {count} of {self.image.sectors} sectors changed",
            "same": "write, nothing changed",
            "read": "read back",
            "verify": "verify",
        }
        size = "" if self.kind == "changed" else f", {self.image.sectors * SECTOR >> 10} KB"
        if self.kind in FULL and not self.verified:
            return titles[self.kind].replace("flash", "flash*")
        return titles[self.kind] + (size if self.kind not in FULL else "")

    def _before(self):
        size = len(self.image.flashed)
        if self.kind == "dirty":
            return workload.dirty(size)
        if self.kind == "blank":
            return workload.blank(size)
        if self.kind == "changed":
            return workload.changed(self.image.data, SHARE)
        return self.image.flashed

    def _arguments(self, copy):
        size = len(self.image.flashed)
        if self.kind == "read":
            return ["read", 0, size, copy]
        keep = ["--mode", "keep", "--freq", "keep", "--size", "keep"]
        if self.kind == "verify":
            return ["verify", *keep, self.image.path]
        if not self.verified:
            keep += ["--all", "--no-verify"]
        return ["flash", *keep, self.image.path]

    def measure(self):
        """Does it; raises Failed when it is not done, or the flash is not as it should be."""
        copy = self.image.path.with_suffix(".copy")
        with BenchBoard(self.before, self.timing) as board:
            general = ["--json", "--port", board.path, "--loader", self.loader]
            rate = ["--baud", self.baud]
            command = [os.environ["FG_CLI"], *general, *rate, *self._arguments(copy)]
            self.run = measure(board, command)
            self.limit = self.run.limit(self.baud, self.before, self.after)
            self.check(flash_of(board, len(self.after)), copy)

    def check(self, flash, copy):
        """Raises Failed when the board or the file that was read is not as it should be."""
        result = self.run.result()
        if flash != self.after:
            raise Failed(f"the flash is wrong: {changed_sectors(flash, self.after)[:5]}")
        if self.kind == "read" and copy.read_bytes() != self.before:
            raise Failed("what was read back is wrong")
        if result["baud"] != self.baud:
            raise Failed(f"the rate was {result['baud']}")
        regions = result.get("regions", [])
        if self.writes and self.verified and not all(region["verified"] for region in regions):
            raise Failed("not verified")
        if self.kind == "same" and any(region["written"] for region in regions):
            raise Failed("wrote what was there already")

    def __str__(self):
        run, limit = self.run, self.limit
        return (
            f"{self.loader:6} {self.baud:7}  {self.title:32} {run.seconds:6.2f} {run.connect:7.2f}"
            f" {run.work:6.2f} {run.wire_bytes / 1024:5.0f} {limit.seconds:6.2f} {limit.name:5}"
            f" {self.ratio:5.2f}"
            f" {limit.wire / run.work:5.0%} {run.host_cpu:5.2f} {run.board_cpu:5.2f}"
        )
