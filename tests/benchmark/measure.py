# SPDX-License-Identifier: GPL-3.0-or-later
"""One program at work on one simulated board, and what it took."""

import json
import os
import subprocess
import threading
import time

from board import Board
from child import die_with_parent
from model import BUFFER, Limit, flash_seconds, wire_seconds
from workload import FLASH_SIZE

PREPARING = ("connect", "prepare")
RESTARTING = "restart"
DEADLINE = 600  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A program did not do what it was asked for."""


class TooBusy(Failed):
    """The simulator could not keep up."""


def json_phase(line):
    """The phase that a line of “fulgurite-cli --json” is from, or None."""
    event = json.loads(line)
    return event["phase"] if event["event"] == "progress" else None


def cpu_seconds(pid):
    """What a running process has used, of all processors."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Moment:
    """The clock and the board's counters."""

    def __init__(self, board):
        self.time = time.monotonic()
        try:
            state = board.state()
        except TimeoutError:
            raise TooBusy("the simulator does not answer: this machine is too busy") from None
        self.to_board = int(state["received"])
        self.to_host = int(state["sent"])
        self.flash_us = int(state["flash-us"])
        self.board_cpu = cpu_seconds(board.pid)


class Run:
    """What a run took.

    seconds: from the start of the program to its end. connect: up to the first phase that compares,
    writes or reads, with the loader prepared and at its rate. work: from there until the board is
    reset, or the program ends. to_board, to_host: bytes on the wire during the work. host_cpu and
    board_cpu: seconds of the program and of the simulator, for the whole run.
    """

    def __init__(self, start, working, done, end, host_cpu):
        self.seconds = end.time - start.time
        self.connect = working.time - start.time
        self.work = max(done.time - working.time, 1e-4)  # events come in bundles
        self.to_board = done.to_board - working.to_board
        self.to_host = done.to_host - working.to_host
        self.flash = (done.flash_us - working.flash_us) / 1e6
        self.host_cpu = host_cpu
        self.board_cpu = end.board_cpu - start.board_cpu
        self.output = []

    def result(self):
        """The last event of fulgurite-cli."""
        return json.loads(self.output[-1])

    @property
    def wire_bytes(self):
        """Bytes of the busier direction of the wire."""
        return max(self.to_board, self.to_host)

    def limit(self, baud, before, after):
        """What the work takes at least."""
        buffer = BUFFER[self.result()["loader"]]
        return Limit(wire_seconds(self.wire_bytes, baud), flash_seconds(before, after, buffer))


class BenchBoard:
    """A board behind a pseudo-terminal, with these contents at the start of its flash."""

    def __init__(self, contents=b"", timing="datasheet", faults=""):
        spec = f"esp8266,flash={FLASH_SIZE},timing={timing},boot=loader"
        self.board = Board(",".join(filter(None, [spec, faults])))
        self.put(contents)

    def __enter__(self):
        return self.board

    def __exit__(self, *_):
        self.board.unplug()
        self.board.remove()

    def put(self, contents):
        """Changes the flash behind the board's back; the rest of it is blank."""
        with open(self.board.image, "r+b") as file:
            file.write(contents)


def flash_of(board, length):
    """What the flash of a board begins with."""
    with open(board.image, "rb") as file:
        return file.read(length)


def measure(board, command, phase_of=json_phase, env=None):
    """Runs a program to its end; raises Failed when that is not a success.

    phase_of: what tells the phase of a line of its output, or None
    """
    start = Moment(board)
    working = done = None
    output = []
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        preexec_fn=die_with_parent,
    )
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            output.append(line.rstrip())
            phase = phase_of(line)
            if working is None and phase not in (None, *PREPARING):
                working = Moment(board)
            if working is not None and done is None and phase == RESTARTING:
                done = Moment(board)
    except Failed:
        process.kill()
        raise
    finally:
        _, status, usage = os.wait4(process.pid, 0)
        watchdog.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
    end = Moment(board)
    if process.returncode != 0 or working is None:
        raise Failed("\n".join([f"{command[0]} ended with {process.returncode}", *output[-5:]]))
    run = Run(start, working, done or end, end, usage.ru_utime + usage.ru_stime)
    run.output = output
    return run
