#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards that need a hand, and boards that are not well: told in words, never as done."""

import re
import subprocess
import sys
import time

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import LONG, Files, Window

FAST = "esp8266,flash=1M,timing=none"
DATA = firmware.esp8266(30000)
HELP = "Help the board into its loader"

HOLD_PORT = r"""
import fcntl, os, sys, termios
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
fcntl.ioctl(fd, termios.TIOCEXCL)
print("open", flush=True)
sys.stdin.read()
"""


def test_board_without_auto_reset_is_helped_into_its_loader():
    with SerialPorts() as ports, Files() as files:
        board = Board(f"{FAST},lines=no,boot=button,hold=8")
        ports.plug("ttyUSB0", board)
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.flash()
            window.find("label", HELP, LONG)
            window.wait_for_status("Waiting for the chip to answer")
            assert re.search("Attempt [0-9]+ on .*ttyUSB0", window.detail()), window.detail()
            window.wait_until_flashed()  # the person of boot=button needs eight seconds
        firmware.check_flashed(ports.flash("ttyUSB0"), DATA)


def test_waiting_for_a_board_can_be_cancelled():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.flash()
            window.find("label", HELP, LONG)
            start = time.monotonic()
            window.press("Cancel")
            harness.wait_for(lambda: window.can("Flash"), what="the form")
            seconds = time.monotonic() - start
            assert seconds < 2 * harness.PATIENCE, f"{seconds:.1f} s to cancel"
            window.wait_for_status("Cancelled")
            assert "Nothing was changed" in window.detail(), window.detail()


def test_plug_pulled_while_waiting():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.flash()
            window.find("label", HELP, LONG)
            ports.unplug("ttyUSB0")
            window.wait_until_failed("The board was disconnected")


def test_port_of_another_program():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board(FAST))
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD_PORT, "/dev/ttyUSB0"],
            env=ports.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        holder.stdout.readline()
        with Window(ports=ports) as window:
            window.press("Detect chip")
            window.wait_until_failed("Another program is using the board")
            window.find("label", re.compile("Close the serial monitor.*ttyUSB0"))
            holder.communicate(b"")
            window.press("Try again")
            window.wait_for_text("5C:CF:7F:3A:91:0E")
            harness.wait_for(lambda: window.can("Detect chip"), what="the end of the job")


def check_failure(keys, title):
    """A board with these keys makes flashing fail with this title."""
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(f"{FAST},{keys}"))
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.flash()
            window.wait_until_failed(title)
            window.find("push button", "Copy")


def test_dead_flash():
    check_failure("flashid=FFFFFF", "The flash memory does not answer")


def test_byte_of_the_flash_that_is_stuck():
    check_failure("stuck=0x5000", "The flash does not hold what it should|refused|not erased")


def test_disturbed_bytes_end_in_the_right_flash_or_in_words():
    for key in ("corrupt-tx=2000", "drop-tx=3000", "corrupt-rx=9000", "drop-rx=12000"):
        with SerialPorts() as ports, Files() as files:
            ports.plug("ttyUSB0", Board(f"{FAST},{key}"))
            with Window(files.make("firmware.bin", DATA), ports=ports) as window:
                window.flash()
                harness.wait_for(
                    lambda: window.is_done() or window.can("Try again"), LONG, f"an end after {key}"
                )
                if window.is_done():
                    firmware.check_flashed(ports.flash("ttyUSB0"), DATA)


if __name__ == "__main__":
    harness.main()
