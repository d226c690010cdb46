# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user waits for, apart from the wire: starting, stopping, several boards."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

from cli import lines_until, start
from measure import BenchBoard, cpu_seconds, measure
from simtty import Board, SerialPorts

BOARDS = 8
ROUNDS = 60
TRIES = 3
WINDOW_DEADLINE = 60  # seconds
SILENT_AFTER = 60000  # bytes: in the middle of writing


def inspect_seconds(image):
    """The median seconds from start to exit: of “inspect”, and of a program that does nothing."""
    times = []
    for command in ([os.environ["FG_CLI"], "inspect", image.path], ["/bin/true"]):
        rounds = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            rounds.append(time.perf_counter() - begun)
        times.append(statistics.median(rounds))
    return times


def first_data_seconds(loader, image):
    """From the start of the program to the first byte of the firmware, with the board's own
    program running before: the modem lines reset it. The median."""
    times = []
    for _ in range(TRIES):
        with SerialPorts() as ports:
            ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=datasheet"))
            arguments = ["--port", "/dev/ttyUSB0", "--loader", loader, "--json", "flash"]
            begun = time.monotonic()
            process = start(*arguments, image.path, env=ports.environ())
            lines_until(process, b'"phase":"write"')
            times.append(time.monotonic() - begun)
            process.send_signal(signal.SIGINT)
            process.communicate()
    return statistics.median(times)


def _answer_seconds(loader, image, disturb):
    """How long a run takes to say that it is over, after something has happened to it."""
    times = []
    for _ in range(TRIES):
        with BenchBoard() as board:
            arguments = ["--port", board.path, "--loader", loader, "--baud", 115200, "--json"]
            process = start(*arguments, "flash", image.path)
            lines_until(process, b'"phase":"write"')
            for _ in range(3):
                process.stdout.readline()
            begun = time.monotonic()
            disturb(process, board)
            lines_until(process, b'"event":"error"')
            times.append(time.monotonic() - begun)
            process.communicate()
    return max(times)


def cancel_seconds(loader, image):
    """From Ctrl-C in the middle of writing to the answer. The longest."""
    return _answer_seconds(loader, image, lambda process, _: process.send_signal(signal.SIGINT))


def unplug_seconds(loader, image):
    """From pulling the plug in the middle of writing to the answer. The longest."""
    return _answer_seconds(loader, image, lambda _, board: board.request("unplug"))


def stall_seconds(loader, image):
    """From the last progress of a board that falls silent while it is written to, to the answer:
    all that is tried to get it back is in it."""
    with BenchBoard(faults=f"mute-after={SILENT_AFTER}") as board:
        arguments = ["--port", board.path, "--loader", loader, "--baud", 115200, "--json"]
        process = start(*arguments, "flash", "--all", image.path)
        last, furthest = time.monotonic(), 0
        for event in map(json.loads, process.stdout):
            if event["event"] == "error":
                break
            if event.get("phase") == "write" and event["done"] > furthest:
                last, furthest = time.monotonic(), event["done"]
        process.communicate()
    return time.monotonic() - last


def _flash(board, loader, image):
    command = [os.environ["FG_CLI"], "--json", "--port", board.path, "--loader", loader]
    return measure(board, [*command, "--baud", 115200, "flash", "--all", "--no-verify", image.path])


def together(loader, image):
    """How fast the slowest of eight boards at once is, as a share of how fast one is alone; and
    how many processors' worth of time the eight and their simulators took."""
    with BenchBoard() as board:
        alone = _flash(board, loader, image).work
    with contextlib.ExitStack() as stack:
        boards = [stack.enter_context(BenchBoard()) for _ in range(BOARDS)]
        with concurrent.futures.ThreadPoolExecutor(BOARDS) as pool:
            begun = time.monotonic()
            runs = list(pool.map(lambda board: _flash(board, loader, image), boards))
            taken = time.monotonic() - begun
    used = sum(run.host_cpu + run.board_cpu for run in runs) / taken
    return alone / max(run.work for run in runs), used


def window():
    """(CPU seconds until the window is there, MB of memory in use then)."""
    done = subprocess.run(
        [sys.executable, pathlib.Path(__file__).parent / "first_frame.py"],
        capture_output=True,
        timeout=WINDOW_DEADLINE,
        check=True,
        text=True,
    )
    cpu, resident = done.stdout.split()
    return float(cpu), float(resident)
