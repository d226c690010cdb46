#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""“monitor”: what a board says, on a terminal of the test's own and on simulated boards."""

import json
import os
import pty
import re
import signal
import subprocess
import time
import tty

import harness
from board import Board
from child import die_with_parent
from cli import DEADLINE, PROGRAM, Folder, cases, image, run, side_by_side
from simtty import SerialPorts

BOARD = "esp8266,flash=1M,timing=none"


class Wire:
    """A terminal whose other end is the test."""

    def __init__(self):
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def say(self, data):
        """Sends all of it."""
        while data:
            data = data[os.write(self.master, data) :]

    def hear(self, length):
        """Receives so many bytes."""
        data = b""
        while len(data) < length:
            data += os.read(self.master, length - len(data))
        return data

    def close(self):
        """Hangs up."""
        os.close(self.master)
        os.close(self._slave)


class Monitor:
    """A running monitor."""

    def __init__(self, port, *options, stdin=subprocess.DEVNULL, env=None):
        self.process = subprocess.Popen(
            [PROGRAM, "--port", port, "monitor", *options],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            preexec_fn=die_with_parent,
        )
        self.seen = b""
        if "--json" in options:
            self.until(b'"listening"')
        else:
            self.note(b"Listening")

    def until(self, part):
        """Reads on until this was printed; returns all that was."""
        while part not in self.seen:
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, (part, self.seen[-2000:], self.process.stderr.read())
            self.seen += more
        return self.seen

    def note(self, part):
        """Waits for a remark on standard error."""
        for line in self.process.stderr:
            if part in line:
                return line
        raise AssertionError(part)

    def end(self, sent=signal.SIGINT):
        """Ctrl-C; returns all of standard output. It must end at once, and well."""
        start = time.monotonic()
        self.process.send_signal(sent)
        stdout, stderr = self.process.communicate(timeout=DEADLINE)
        assert time.monotonic() - start < 1 * harness.PATIENCE
        assert self.process.returncode == 0, (self.process.returncode, stderr)
        return self.seen + stdout

    def events(self, kind):
        """The JSON lines of one kind, after the end."""
        found = [json.loads(line) for line in self.end().splitlines()]
        return [event for event in found if event["event"] == kind]


# name, options, what the board says, what is printed
SHOWN = [
    ("lines", [], b"one\r\ntwo\nthree\r\n", "one\ntwo\nthree\n"),
    ("empty_lines", [], b"a\r\n\r\nb\n", "a\n\nb\n"),
    ("words", [], "20 °C, 湿度\n".encode(), "20 °C, 湿度\n"),
    ("noise", [], b"\xff\x01ok\x80\xc3\n", "\\xff\\x01ok\\x80\\xc3\n"),
    ("colours", [], b"\x1b[32mgreen\x1b[0m\n", "\x1b[32mgreen\x1b[0m\n"),
    (
        "reset",
        [],
        b" ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n",
        " ets Jan  8 2013,rst cause:2, boot mode:(3,6)\n"
        "  ↳ the chip was reset by its reset pin and starts from its flash\n",
    ),
    (
        "exception",
        [],
        b"Fatal exception 28(LoadProhibitedCause):\n",
        "Fatal exception 28(LoadProhibitedCause):\n"
        "  ↳ the program crashed: it read from an address where there is no memory "
        "(exception 28). If this happens at every start, erase the whole flash and flash a "
        "firmware that is made for this board; check its power supply, too.\n",
    ),
    ("raw", ["--raw"], bytes(range(256)) + b"csum err\r\n", None),
]


def check_shown(options, said, shown):
    for step in (len(said), 1):
        wire = Wire()
        monitor = Monitor(wire.path, *options)
        for at in range(0, len(said), step):
            wire.say(said[at : at + step])
        wire.say(b"end\n")
        monitor.until(b"end\n")
        expected = said if shown is None else shown.encode()
        assert monitor.end() == expected + b"end\n", monitor.seen
        wire.close()


cases(globals(), "shows", SHOWN, check_shown)


def test_time_stamps():
    wire = Wire()
    monitor = Monitor(wire.path, "--timestamps")
    wire.say(b"one\r\n\r\ntwo\n> ")
    monitor.until(b"> ")
    lines = monitor.end().decode().split("\n")
    shown = [re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  (.*)", line) for line in lines[:-1]]
    assert [line.group(1) for line in shown] == ["one", "", "two", "> "], lines
    wire.close()


def test_a_prompt_is_not_kept_back():
    wire = Wire()
    monitor = Monitor(wire.path)
    wire.say(b"> ")
    assert monitor.until(b"> ") == b"> "
    monitor.end(signal.SIGTERM)
    wire.close()


# name, options, what is typed, what the board gets
SENT = [
    ("crlf", [], b"print(1)\n\nx\n", b"print(1)\r\n\r\nx\r\n"),
    ("lf", ["--eol", "lf"], b"a\nb\n", b"a\nb\n"),
    ("cr", ["--eol", "cr"], b"a\nb", b"a\rb"),
    ("much", ["--eol", "lf"], b"0123456789abcde\n" * 8192, b"0123456789abcde\n" * 8192),
]


def check_sent(options, typed, received):
    wire = Wire()
    monitor = Monitor(wire.path, *options, stdin=subprocess.PIPE)
    writer = subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, stdout=monitor.process.stdin, preexec_fn=die_with_parent
    )
    monitor.process.stdin.close()
    monitor.process.stdin = None
    if len(typed) < 4096:
        writer.communicate(typed)
        assert wire.hear(len(received)) == received
    else:
        with writer.stdin as file:
            for at in range(0, len(typed), 4096):
                file.write(typed[at : at + 4096])
                file.flush()
                assert wire.hear(4096) == received[at : at + 4096]
        writer.wait()
    wire.say(b"still there\n")
    monitor.until(b"still there\n")
    monitor.end()
    wire.close()


cases(globals(), "sends", SENT, check_sent)


def test_json():
    wire = Wire()
    monitor = Monitor(wire.path, "--json")
    wire.say(b"hello \xff\r\ncsum err\r\n> ")
    monitor.until(b"csum err")
    time_before = time.time()
    monitor.until(b'"checksum"')
    events = [json.loads(line) for line in monitor.end().splitlines()]
    lines = [event for event in events if event["event"] == "line"]
    assert [line["text"] for line in lines] == ["hello \\xff", "csum err", "> "], lines
    assert abs(lines[0]["time"] - time_before) < 60, lines
    assert lines[0]["boot"] is None and lines[1]["boot"]["code"] == "checksum", lines
    assert lines[1]["boot"]["message"] and lines[1]["boot"]["remedy"], lines
    states = [event["state"] for event in events if event["event"] == "status"]
    assert states == ["opening", "listening", "stopped"], events
    last = events[-1]
    assert last["event"] == "result" and last["ok"] is True, last
    assert (last["bytes"], last["lines"], last["dropped"]) == (21, 3, 0), last
    wire.close()


def test_much_and_fast():
    line = b"%07d " + b"x" * 56 + b"\n"
    data = b"".join(line % number for number in range(32768))  # 2 MB
    wire = Wire()
    monitor = Monitor(wire.path)
    for at in range(0, len(data), 1 << 16):
        wire.say(data[at : at + (1 << 16)])
        monitor.until(data[at : at + (1 << 16)][-64:])
    assert monitor.end() == data
    wire.close()


def test_unplugged_and_back():
    with Folder() as folder:
        folder.flash.write_bytes(image(5000).ljust(1 << 20, b"\xff"))
        board = Board(f"{BOARD},babble,image={folder.flash}")
        monitor = Monitor(board.path)
        monitor.until(b"temperature")
        board.request("unplug")
        assert b"disconnected" in monitor.note(b"Waiting until it is back")
        monitor.seen = b""
        board.request("replug")
        monitor.note(b"Listening")
        monitor.until(b"temperature")
        monitor.end()
        board.unplug()
        board.remove()


def test_ctrl_c_while_it_waits():
    wire = Wire()
    monitor = Monitor(wire.path)
    wire.close()
    monitor.note(b"Waiting")
    monitor.end()


def test_reset_on_request_only():
    with SerialPorts() as ports, Folder() as folder:
        folder.flash.write_bytes(image(5000).ljust(1 << 20, b"\xff"))
        ports.plug("ttyUSB0", Board(f"{BOARD},image={folder.flash},babble"))
        for option, restarted in (("--no-reset", False), ("--reset", True)):
            ports.forget_changes("ttyUSB0")
            monitor = Monitor("/dev/ttyUSB0", option, env=ports.environ())
            monitor.until(b"temperature")
            changes = [(change.dtr, change.rts) for change in ports.changes("ttyUSB0")]
            assert ((False, True) in changes) is restarted, changes
            monitor.end()


def test_boot_text_of_a_simulated_board():
    with Folder() as folder:
        folder.flash.write_bytes(image(5000).ljust(1 << 20, b"\xff"))
        port = f"sim:{BOARD},image={folder.flash},timing=datasheet"
        monitor = Monitor(port, "--baud", "74880", "--reset")
        # the start by power-on may come first
        monitor.until("rst cause:2, boot mode:(3,6)\n  ↳ the chip was reset by".encode())
        monitor.end()


# name, arguments, exit status, code, part of the message
REFUSED = [
    ("no_port", ["--port", "/dev/ttyNONE7", "monitor"], 1, "port-missing", "/dev/ttyNONE7"),
    ("both", ["monitor", "--reset", "--no-reset"], 2, "usage", "contradict"),
    ("eol", ["monitor", "--eol", "x"], 2, "usage", "--eol"),
    ("raw_json", ["monitor", "--raw"], 2, "usage", "--raw"),
]


def check_refused(arguments, status, code, part):
    error = run("--json", *arguments).error(code, status)
    assert part in error["message"], error


cases(globals(), "refuses", REFUSED, check_refused)


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
