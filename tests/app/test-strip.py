#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flash strip by keyboard and in words."""

import re

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import Files, Window

BOARD = "esp8266,flash=4M,timing=none"


def strip_of(window):
    """The strip, which is an image to a screen reader."""
    return window.find("image", re.compile("^Flash memory"))


def wait_for_words(strip, words):
    """Waits until the strip says this about the sector at its cursor."""
    describe = strip.accessible.get_description
    harness.wait_for(lambda: describe() == words, what=f"{words!r}, it is {describe()!r}")


def focus(window, strip):
    """Tabs to the strip."""
    for _ in range(30):
        if strip.has_state("focused"):
            return
        window.keys("Tab")
    raise AssertionError("Tab does not reach the strip")


def test_every_sector_by_keyboard():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        with Window(files.make("firmware.bin", firmware.esp8266()), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            window.press("Detect chip")
            window.find("image", "Flash memory, 4 MB")
            harness.wait_for(lambda: window.can("Flash"), what="the end of the job")
            strip = strip_of(window)
            sentence = strip.accessible.get_description()
            assert sentence == "Will be written, 60 KB, Left as it is, 3.9 MB", sentence
            focus(window, strip)
            window.keys("Right")
            wait_for_words(strip, "0x01000, firmware.bin: will be written")
            window.keys("ctrl+Right")
            wait_for_words(strip, "0x0F000: left as it is")
            window.keys("ctrl+Right", "Right")
            wait_for_words(strip, "0x3FC000, SDK init data: left as it is")
            window.keys("Left")
            wait_for_words(strip, "0x3FB000, RF calibration: left as it is")
            window.keys("End")
            wait_for_words(strip, "0x3FF000, SDK settings: left as it is")
            window.keys("Page_Up", "Home")
            wait_for_words(strip, "0x00000, firmware.bin: will be written")
            window.tick("Erase before flashing")
            focus(window, strip)
            window.keys("End")
            wait_for_words(strip, "0x3FF000, SDK settings: will be erased")


def test_after_a_job():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        with Window(files.make("firmware.bin", firmware.esp8266()), ports=ports) as window:
            window.press("Flash")
            window.wait_until_flashed()
            strip = strip_of(window)
            focus(window, strip)
            window.keys("Home")
            wait_for_words(strip, "0x00000, firmware.bin: verified")


if __name__ == "__main__":
    harness.main()
