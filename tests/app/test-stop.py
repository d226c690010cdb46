#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping half-way: by Cancel, by closing the window, by pulling the plug."""

import time

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import Files, Window

SLOW = "esp8266,flash=4M,timing=datasheet"
DATA = firmware.esp8266(300000)  # does not compress: more than six seconds at 460800 baud


def begin(window):
    """Starts flashing and waits until something is written."""
    window.wait_for_status("Ready to flash")
    window.flash()
    window.wait_for_status("Writing")
    window.wait_for_progress(0.2)


def test_cancel_answers_at_once_and_the_form_comes_back():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(SLOW))
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            begin(window)
            start = time.monotonic()
            window.press("Cancel")
            harness.wait_for(lambda: window.can("Flash"), what="the form")
            seconds = time.monotonic() - start
            assert seconds < 2 * harness.PATIENCE, f"{seconds:.1f} s to cancel"
            window.flash()
            window.wait_until_flashed()
        firmware.check_flashed(ports.flash("ttyUSB0"), DATA)


def test_nothing_else_starts_while_busy():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(SLOW))
        data = firmware.esp8266(450000)  # long enough for all that is tried meanwhile
        with Window(files.make("firmware.bin", data), ports=ports) as window:
            begin(window)
            resets = len(ports.changes("ttyUSB0"))
            assert not window.can("Flash") and not window.can("Detect chip")
            window.keys("ctrl+Return", "ctrl+d", "ctrl+o", "ctrl+r")
            window.drop_files(
                files.make("other.bin", DATA),
                at=(380, 300),
                until=lambda: window.progress_bar().value > 0.3,
                refused=True,
            )
            assert len(window.windows()) == 1, "a dialog opened"
            assert len(ports.changes("ttyUSB0")) == resets, "the board was reset"
            assert window.look_for("label", "other.bin") is None
            seen = window.wait_for_progress(0.8)
            assert seen == sorted(seen), f"the progress goes back: {seen}"
            assert len(set(seen)) > 5, f"the progress jumps: {seen}"
            window.wait_until_flashed()
        firmware.check_flashed(ports.flash("ttyUSB0"), data)


def test_closing_while_busy_asks():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(SLOW))
        data = firmware.esp8266(900000)  # long enough for both questions
        with Window(files.make("firmware.bin", data), ports=ports) as window:
            begin(window)
            window.keys("ctrl+w")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the question")
            window.find("label", "Stop flashing?")
            window.answer("Keep going")
            window.wait_for_progress(window.progress_bar().value + 0.02)
            window.keys("ctrl+q")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the question")
            window.activate("push button", "Stop and close")
            window.process.wait(5)


def test_unplugged_half_way_and_tried_again():
    with SerialPorts() as ports, Files() as files:
        board = ports.plug("ttyUSB0", Board(SLOW))
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            begin(window)
            start = time.monotonic()
            ports.unplug("ttyUSB0")
            window.wait_until_failed("The board was disconnected")
            seconds = time.monotonic() - start
            assert seconds < 2 * harness.PATIENCE, f"{seconds:.1f} s to notice"
            window.find("label", "On the flash now")
            window.wait_for_text("The board will not start like this")
            assert not window.is_done()
            ports.plug("ttyUSB0", Board(f"{SLOW},image={board.image}"))
            window.press("Try again")
            harness.wait_for(lambda: window.can("Cancel"), what="the second try")
            window.wait_until_flashed()
        firmware.check_flashed(ports.flash("ttyUSB0"), DATA)


def test_try_again_without_the_board():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(f"{SLOW},unplug=12000"))
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            window.flash()
            window.wait_until_failed("The board was disconnected")
            window.press("Try again")
            window.wait_until_failed("The board was not found")


if __name__ == "__main__":
    harness.main()
