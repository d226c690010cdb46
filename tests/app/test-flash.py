#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way: choose, set, erase, flash, watch, done; and the board holds the file."""

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import LONG, Files, Window


def fill(board):
    """Gives the board a flash full of something else."""
    with open(board.image, "r+b") as flash:
        flash.write(b"\xa5" * (4 << 20))


def test_firmware_is_flashed_and_verified():
    data = firmware.nodemcu()
    with SerialPorts() as ports, Files() as files:
        fill(ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=none")))
        with Window(files.make("nodemcu.bin", data), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            assert "nodemcu.bin" in window.detail(), window.detail()
            window.choose("Flash mode", "DIO")
            window.choose("Baud rate", "921600")
            window.tick("Erase before flashing")
            window.flash(erase=True)
            window.wait_until_flashed()
            log = window.log()
            assert "ESP8266" in log and "921600" in log, log
            flash = ports.flash("ttyUSB0")
            firmware.check_flashed(flash, data, mode=2)
            assert flash[-4096:] == b"\xff" * 4096, "the end of the flash was not erased"
            assert max(change.baud for change in ports.changes("ttyUSB0")) == 921600
            window.press("Flash another")
            window.wait_for_status("Ready to flash")
            assert not window.find("check box", "Erase before flashing").checked


def test_only_what_changed_is_written():
    data = firmware.esp8266(100000)
    with SerialPorts() as ports, Files() as files:
        path = files.make("firmware.bin", data)
        fill(ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=none")))
        with Window(path, ports=ports, leaks=True) as window:
            window.flash()
            window.wait_until_flashed()
            firmware.check_flashed(ports.flash("ttyUSB0"), data)
            window.press("Flash another")
            window.wait_for_status("Ready to flash")
            window.flash()
            window.wait_for_text("nothing had to be written", LONG)
            firmware.check_flashed(ports.flash("ttyUSB0"), data)
        assert ports.flash("ttyUSB0")[-4096:] == b"\xa5" * 4096, "too much was erased"


def test_answering_no_erases_nothing():
    with SerialPorts() as ports, Files() as files:
        path = files.make("firmware.bin", firmware.esp8266())
        fill(ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=none")))
        with Window(path, ports=ports) as window:
            window.wait_for_status("Ready to flash")
            window.tick("Erase before flashing")
            window.press("Flash")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the question")
            window.answer("Cancel")
            window.wait_for_status("Ready to flash")
            assert window.can("Flash")
        assert ports.flash("ttyUSB0") == b"\xa5" * (4 << 20)
        assert not ports.changes("ttyUSB0"), "the port was opened"


if __name__ == "__main__":
    harness.main()
