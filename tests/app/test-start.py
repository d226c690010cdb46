#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first minute with the window: nothing plugged in, a simulated board, what it is."""

import os
import re
import subprocess

import harness
from board import Board
from simtty import SerialPorts
from window import Window


def test_without_a_board_a_simulated_one_is_offered():
    with SerialPorts() as ports, Window(ports=ports) as window:
        window.find("label", "No board found")
        assert not window.can("Flash")
        window.press("Try with a simulated board")
        window.find("label", "Simulated ESP8266")
        assert window.status == "No firmware chosen", window.status
        assert not window.can("Flash")


def test_demo_board_is_detected():
    with SerialPorts() as ports, Window("--demo", ports=ports) as window:
        window.press("Detect chip")
        for fact in ("ESP8266", "4 MB", "5C:CF:7F:3A:91:0E", "26 MHz"):
            window.wait_for_text(fact)
        window.find("push button", "Copy chip facts")
        harness.wait_for(lambda: window.can("Detect chip"), what="the form being free")


def test_card_of_a_real_port_tells_what_to_choose():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board("esp8285,timing=none"))
        with Window(ports=ports) as window:
            window.find("label", "CP2102N")
            window.press("Detect chip")
            window.wait_for_text("ESP8285")
            window.wait_for_text("DOUT")


def test_detect_says_why_it_failed():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", forbidden=True)
        with Window(ports=ports) as window:
            window.wait_for_text("You may not open this port")
            window.press("Detect chip")
            window.wait_until_failed("You may not open this port")
            window.find("label", re.compile("sudo usermod -aG dialout"))
            window.press("Back")
            harness.wait_for(lambda: window.can("Detect chip"), what="the form")


def test_version_needs_no_window():
    output = subprocess.check_output([os.environ["FG_APP"], "--version"], text=True)
    assert re.fullmatch(r"fulgurite [0-9.]+\n", output), output


if __name__ == "__main__":
    harness.main()
