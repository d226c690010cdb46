#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast it is, beside how fast it could be: “./dev benchmark”, “meson test --benchmark”.

usage: benchmark.py [--loader rom|stub]… [--baud N]… [--peers FOLDER] [--no-budgets] [--quick]

Prints figures and judges none: the exit status is 1 only when a board was not flashed, read or
verified as it should. Boards are simulated, each by a process of its own behind a pseudo-terminal.
ESPTOOL="esptool" names Espressif's tool, to be measured as well.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import budgets
import peers
import workload
from measure import BenchBoard, Failed, TooBusy, flash_of, measure
from rows import FULL, HEADER, KINDS, LEGEND, Image, Row

RATES = {"rom": (115200, 460800, 921600), "stub": (115200, 460800, 921600, 2000000)}
# Reading through the ROM is slow: what reads does so with a smaller image.
ROM_PIECE = {115200: 4 * 4096, 460800: 20 * 4096, 921600: 20 * 4096}
SMALL = 5 * 4096
ISSUES = []


def say(text=""):
    print(text, flush=True)


def section(title):
    say(f"\n{title}\n")


class Images:
    """The firmware files of a run."""

    def __init__(self, folder, quick):
        self.folder = folder
        self.name, data = ("a small image", workload.piece(SMALL)) if quick else workload.nodemcu()
        self.full = Image(folder, "full.bin", data)
        self._pieces = {}

    def piece(self, size):
        """An image of this size."""
        if size not in self._pieces:
            self._pieces[size] = Image(self.folder, f"{size}.bin", workload.piece(size))
        return self._pieces[size]


def rows_of(loader, baud, images, quick):
    """The rows of one loader at one rate."""
    for kind in KINDS:
        if quick:
            yield Row(loader, baud, kind, images.full, timing="none")
        elif loader == "stub":
            yield Row(loader, baud, kind, images.full)
        elif kind in FULL:
            yield Row(loader, baud, kind, images.full, verified=False)
        else:
            yield Row(loader, baud, kind, images.piece(ROM_PIECE[baud]))


def failed(what, error):
    """Notes what went wrong, and goes on."""
    ISSUES.append(what)
    say(f"{what} FAILED: {error}")


def measure_rows(loaders, rates, images, quick):
    """Prints the table; returns the rows that were done, by loader, rate and kind."""
    done = {}
    say(HEADER)
    for loader in loaders:
        for baud in [rate for rate in RATES[loader] if rate in (rates or RATES[loader])]:
            for row in rows_of(loader, baud, images, quick):
                try:
                    row.measure()
                except Failed as error:
                    failed(f"{loader} {baud} {row.title}", error)
                    continue
                done[loader, baud, row.kind] = row
                say(str(row))
    if not quick and "rom" in loaders:
        say("* without verifying; what reads through the ROM does so with a smaller image")
    return done


def measure_peers(folder, rates, images, done):
    """The full write on dirty flash by other programs, beside ours."""
    found, missing = peers.find_peers(folder)
    section("The same full write on dirty flash by other programs, with their stub, verified")
    if found:
        say(
            f"{'program':20} {'baud':>7} {'total':>7} {'connect':>7} {'work':>7} {'ratio':>5}"
            f" {'host':>5} {'ours: total':>11} {'work':>7} {'times as long: total':>21} {'work':>5}"
        )
    image = images.full
    before = workload.dirty(len(image.flashed))
    for peer in found:
        for baud in rates or RATES["stub"]:
            with BenchBoard(before) as board:
                command = peer.command(board.path, baud, image.path)
                try:
                    run = measure(board, command, peer.phase, peers.environ())
                except Failed as error:  # of another program: no failure of ours
                    say(f"{peer.name} at {baud} did not do it: {error}")
                    continue
                if flash_of(board, len(image.flashed)) != image.flashed:
                    say(f"{peer.name} at {baud} left something else in the flash")
            ratio = run.work / run.limit(baud, before, image.flashed).seconds
            line = f"{peer.name:20} {baud:7} {run.seconds:7.2f} {run.connect:7.2f} {run.work:7.2f}"
            line += f" {ratio:5.2f} {run.host_cpu:5.2f}"
            ours = done.get(("stub", baud, "dirty"))
            if ours:
                line += f" {ours.run.seconds:11.2f} {ours.run.work:7.2f}"
                line += f" {run.seconds / ours.run.seconds:21.2f} {run.work / ours.run.work:5.2f}"
            say(line)
    for sentence in missing:
        say(sentence)


class Budgets:
    """The lines of the last table."""

    def __init__(self):
        section("Budgets")

    @staticmethod
    def line(what, budget, measured, within):
        say(f"{'within' if within else 'MISSED'}  {what:50} {budget:>14} {measured:>14}")

    def at_most(self, what, limit, value, unit):
        """unit: a format, such as "{:.0f} ms"."""
        self.line(what, "≤ " + unit.format(limit), unit.format(value), value <= limit)

    def at_least(self, what, limit, value, unit):
        self.line(what, "≥ " + unit.format(limit), unit.format(value), value >= limit)


def judge_rows(table, done):
    """The budgets that follow from the rows."""
    for (loader, baud, kind), row in done.items():
        if loader == "stub" and kind in FULL:
            table.at_most(f"{row.title} at {baud}, times the limit", 1.10, row.ratio, "{:.2f}")
    for (loader, baud, kind), row in done.items():
        full = done.get((loader, baud, "dirty"))
        if loader == "stub" and kind == "changed" and full:
            share = row.run.work / full.run.work
            best = row.limit.seconds / full.run.work
            title = f"5 % of the sectors at {baud} (limit: {best:.3f})"
            table.at_most(title, 1 / 8, share, "{:.3f} of full")
    for (loader, baud, kind), row in done.items():
        if loader == "stub" and kind == "read":
            rate = len(row.after) * 10 / baud / row.run.work
            table.at_least(f"read-back at {baud}, of the line rate", 0.95, rate, "{:.1%}")


def judge_together(table, loader, image):
    """Eight simulators run on one machine, and a program in RAM needs a share of it."""
    title = f"eight boards, {loader}, 115200: the slowest, of one"
    try:
        share, used = budgets.together(loader, image)
    except TooBusy as error:
        say(f"        {title}: not measured, {error}")
        return
    except Failed as error:
        failed(title, error)
        return
    table.at_least(title, 0.95, share, "{:.1%}")
    say(
        f"        (they and their simulators kept {used:.1f} processors busy;"
        f" this machine has {os.cpu_count()})"
    )


def judge_others(table, loader, images):
    """The budgets that have measurements of their own; with the loader that is used by default."""
    image = images.piece(100000)
    value = budgets.first_data_seconds(loader, image)
    table.at_most("connect to first data byte, reset included", 0.6, value, "{:.2f} s")
    value = budgets.cancel_seconds(loader, image)
    table.at_most("cancel, the longest of three", 200, value * 1000, "{:.0f} ms")
    value = budgets.unplug_seconds(loader, image)
    table.at_most("unplug, the longest of three", 1000, value * 1000, "{:.0f} ms")
    value = budgets.stall_seconds(loader, image)
    say(f"        (a silent board is given up after {value:.1f} s, and all that is tried)")
    for way in RATES:
        judge_together(table, way, image)
    taken, nothing = budgets.inspect_seconds(images.full)
    table.at_most("inspect, start to exit", 15, taken * 1000, "{:.1f} ms")
    say(f"        (that is {taken / nothing:.1f} times what starting /bin/true takes)")
    try:
        cpu, resident = budgets.window()
    except (subprocess.SubprocessError, ValueError) as error:
        say(f"        the window was not measured: {error}")
        return
    table.at_most("the window's first frame, CPU time", 150, cpu * 1000, "{:.0f} ms")
    table.at_most("memory of the window, resident", 60, resident, "{:.0f} MB")


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loader", action="append", choices=list(RATES))
    parser.add_argument("--baud", action="append", type=int)
    parser.add_argument("--peers", metavar="FOLDER", help="where npm may put esptool-js")
    parser.add_argument("--no-budgets", action="store_true")
    parser.add_argument("--quick", action="store_true", help="small, and in no time")
    return parser.parse_args()


def main():
    options = parse()
    loaders = options.loader or list(RATES)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        images = Images(folder, options.quick)
        say(f"Writing {images.name}: {len(images.full.data)} bytes, {images.full.sectors} sectors.")
        say(f"Simulated ESP8266, timing of the data sheet; {os.cpu_count()} processors, load")
        say(f"{os.getloadavg()[0]:.1f}. Figures of one run; those of a busy machine are worse.")
        section(LEGEND)
        done = measure_rows(loaders, options.baud, images, options.quick)
        if options.peers:
            measure_peers(options.peers, options.baud, images, done)
        if not options.no_budgets:
            table = Budgets()
            judge_rows(table, done)
            judge_others(table, loaders[-1], images)
    say(f"\nTook {time.monotonic() - begun:.0f} s.")
    if ISSUES:
        say("Not done: " + "; ".join(ISSUES))
    sys.exit(1 if ISSUES else 0)


if __name__ == "__main__":
    main()
