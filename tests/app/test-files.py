#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How firmware gets into the window, and what the window says about files that are none."""

import os
import re

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import Files, Window

MIDDLE = (380, 300)  # of the window, pixels


def test_file_by_the_chooser():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        path = files.make("firmware.bin", firmware.esp8266())
        with Window(ports=ports) as window:
            window.press("Choose files…")
            window.choose_file(path)
            window.wait_for_status("Ready to flash")
            window.find("label", "firmware.bin")
            window.press("Add files…")
            window.choose_file(files.make("0x40000.bin", b"data" * 1000))
            window.wait_for_text("2 files")
            window.press("Remove firmware.bin")
            window.wait_for_text("0x40000.bin")


def test_files_by_drag_and_drop():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        paths = [
            files.make("firmware.bin", firmware.esp8266()),
            files.make("0x40000.bin", b"data" * 1000),
        ]
        with Window(ports=ports) as window:
            window.find("push button", "Choose files…")
            window.drop_files(*paths, at=MIDDLE, until=lambda: window.can("Flash"))
            window.find("label", "firmware.bin")
            window.find("label", "0x40000.bin")


def check_bad(name, make, words):
    """A file that cannot be flashed: no Flash, and words that say why."""
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=1M,timing=none"))
        path = make(files, name)
        with Window(path, ports=ports) as window:
            window.wait_for_text(re.compile(words))
            assert not window.can("Flash"), f"{name} may be flashed: {window.status}"


def test_empty_file():
    check_bad("empty.bin", lambda files, name: files.make(name, b""), "empty")


def test_folder():
    def make(files, name):
        os.mkdir(f"{files.folder}/{name}")
        return f"{files.folder}/{name}"

    check_bad("folder.bin", make, "folder|directory")


def test_missing_file():
    check_bad("missing.bin", lambda files, name: f"{files.folder}/{name}", "missing.bin")


def test_file_larger_than_any_flash():
    def make(files, name):
        path = files.make(name, firmware.esp8266())
        os.truncate(path, 200 << 20)
        return path

    check_bad("huge.bin", make, "has 200 MB")


def test_web_page():
    page = b"<!DOCTYPE html>\n<html><body>404 not found</body></html>\n"
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        with Window(files.make("page.bin", page), ports=ports) as window:
            window.wait_for_text("page.bin: This is a web page and not firmware")


def test_image_for_another_chip():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=1M,timing=none"))
        with Window(files.make("esp32.bin", firmware.esp32()), ports=ports) as window:
            window.press("Detect chip")
            window.wait_for_text("another chip")
            # The board's card is there before the job has ended, and a busy window asks to close.
            harness.wait_for(lambda: window.can("Detect chip"), what="the end of the job")
            assert not window.can("Flash"), window.status
        assert ports.flash("ttyUSB0") == b"\xff" * (1 << 20)


def test_file_larger_than_this_flash():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=512K,timing=none"))
        path = files.make("large.bin", firmware.esp8266(600000))
        with Window(path, ports=ports) as window:
            window.press("Flash")
            window.wait_until_failed("does not fit")
        assert ports.flash("ttyUSB0") == b"\xff" * (512 << 10)


def test_data_is_flashed_after_a_warning():
    data = bytes(range(256)) * 32
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=1M,timing=none"))
        with Window(files.make("0x10000.bin", data), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            window.flash()
            window.wait_until_flashed()
        assert ports.flash("ttyUSB0")[0x10000:][: len(data)] == data


if __name__ == "__main__":
    harness.main()
