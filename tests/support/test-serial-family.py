#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into the loader of later chips, by the modem lines of ports that look real."""

import harness
from board import Board
from cli import cases, run
from simtty import SerialPorts

PORT = "/dev/ttyUSB0"
MAC = "24:0A:C4:3A:91:0E"

# PROTOCOL-FACTS 3.2, with its shorter delay; then DTR and RTS as they are one after the other. The
# classic way changes one line at a time, and so asserts both for a moment.
CLASSIC = "custom:D0|R1|W0.1|D1|R0|W0.05|D0"
CLASSIC_STATES = [(False, True), (True, True), (True, False), (False, False)]
TIGHT = "custom:U0,0|U1,1|U0,1|W0.1|U1,0|W0.05|U0,0|D0"
TIGHT_STATES = [(True, True), (False, True), (True, False), (False, False)]


def states(changes):
    """What the lines were one after the other, without repetitions."""
    result = []
    for change in changes:
        if not result or result[-1] != (change.dtr, change.rts):
            result.append((change.dtr, change.rts))
    return result


def is_among(wanted, found):
    """Whether the states follow each other directly somewhere."""
    starts = range(len(found) - len(wanted) + 1)
    return any(found[start : start + len(wanted)] == wanted for start in starts)


def check_way_in(chip, name, before, wanted):
    """A board that runs its program is found in its loader, and runs again afterwards."""
    with SerialPorts() as ports:
        board = ports.plug("ttyUSB0", Board(f"{chip},flash=4M,timing=none,boot=flash"))
        assert board.state()["state"] != "loader", board.state()
        args = ["--json", "--port", PORT, "--before", before, "detect"]
        found = run(*args, env=ports.environ()).result()
        assert found["chip"] == name and found["mac"] == MAC, found
        changes = states(ports.changes("ttyUSB0"))
        assert is_among(wanted, changes), changes
        harness.wait_for(lambda: board.state()["state"] != "loader", what="leaving the loader")


WAYS = [
    (f"{way}_{chip}", chip, name, before, wanted)
    for chip, name in (("esp32", "ESP32"), ("esp32c3", "ESP32-C3"))
    for way, before, wanted in (
        ("default", "default", TIGHT_STATES),
        ("tight", TIGHT, TIGHT_STATES),
        ("classic", CLASSIC, CLASSIC_STATES),
    )
]
cases(globals(), "way_in", WAYS, check_way_in)


def test_without_a_way_in_there_is_no_loader():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board("esp32,flash=4M,timing=none,boot=flash"))
        args = ["--json", "--port", PORT, "--before", "custom:D0|R0", "detect"]
        done = run(*args, env=ports.environ())
        assert done.status == 1 and not done.events("result"), done


if __name__ == "__main__":
    harness.main()
