#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the firmware group: offsets, findings with their remedies, the inspector."""

import json
import os
import re
import zipfile

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import Files, Window

DATA = bytes(range(256)) * 16
MIDDLE = (380, 300)  # of the window, pixels
BOARD = "esp8266,flash=1M,timing=none"


def offset_entry(window, name):
    """The entry with the offset of a file."""
    return window.find("text", _offset_of(name))


def _offset_of(name):
    return re.compile(f"^Offset 0x[0-9A-F]+ of {name}$")


def type_offset(window, name, text):
    """Types another offset, without leaving the entry."""
    entry = offset_entry(window, name)
    entry.click()
    harness.wait_for(lambda: entry.has_state("focused"), what="the cursor")
    window.keys("ctrl+a")
    window.type(text)


def check_advice(text, offset, words, remedy=None):
    """What is said about an offset while it is typed, and whether it may be flashed."""
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        paths = [files.make("firmware.bin", firmware.esp8266()), files.make("0x80000.bin", DATA)]
        with Window(*paths, ports=ports) as window:
            window.wait_for_status("Ready to flash")
            type_offset(window, "0x80000.bin", text)
            window.wait_for_text(words)
            harness.wait_for(lambda: not window.can("Flash"), what="Flash being blocked")
            if remedy:
                window.press(remedy)
                window.wait_for_status("Ready to flash")
                window.wait_until_gone("push button", remedy)
            else:
                type_offset(window, "0x80000.bin", "512K")
                window.wait_for_status("Ready to flash")
                window.keys("Return")
            entry = offset_entry(window, "0x80000.bin")
            harness.wait_for(lambda: entry.text == offset, what=f"{offset}, it is {entry.text}")


def test_offset_that_is_no_number():
    check_advice("0x80g", "0x80000", "The offset is not a number")


def test_offset_inside_another_file():
    check_advice("0xE000", "0x80000", "It overlaps with firmware.bin, which ends at 0x0EA80")


def test_offset_inside_a_sector():
    check_advice("0x90004", "0x90000", "An offset is a multiple of 0x1000", "Move to 0x90000")


def test_what_is_typed_is_flashed():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        paths = [files.make("firmware.bin", firmware.esp8266()), files.make("0x80000.bin", DATA)]
        with Window(*paths, ports=ports) as window:
            window.wait_for_status("Ready to flash")
            type_offset(window, "0x80000.bin", "0xC0000")
            window.press("Flash")
            window.wait_until_flashed()
        flash = ports.flash("ttyUSB0")
        assert flash[0xC0000:][: len(DATA)] == DATA
        assert flash[0x80000:][: len(DATA)] == b"\xff" * len(DATA)


def test_file_that_nobody_can_place():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        paths = [files.make("firmware.bin", firmware.esp8266()), files.make("data.bin", DATA)]
        with Window(*paths, ports=ports) as window:
            window.wait_for_text("Its content does not tell where it goes: type an offset.")
            assert not window.can("Flash")
            type_offset(window, "data.bin", "0x40000")
            window.wait_for_status("Ready to flash")


def test_inspector_by_keyboard():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        with Window(files.make("firmware.bin", firmware.esp8266()), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            item = window.find("list item", "firmware.bin")
            for _ in range(20):
                if item.has_state("focused"):
                    break
                window.keys("Tab")
            assert item.has_state("focused"), "Tab does not reach the row"
            window.keys("Return")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the inspector")
            window.find("list item", "Entry: 0x40100000")
            window.find("list item", re.compile("^Checksum: 0x[0-9a-f]+, correct$"))
            window.keys("Escape")
            harness.wait_for(lambda: len(window.windows()) == 1, what="the inspector closing")


def test_remove():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        paths = [files.make("firmware.bin", firmware.esp8266()), files.make("0x80000.bin", DATA)]
        with Window(*paths, ports=ports) as window:
            window.wait_for_text("2 files")
            window.press("Remove 0x80000.bin")
            window.wait_until_gone("list item", "0x80000.bin")
            window.press("Remove firmware.bin")
            window.wait_for_status("No firmware chosen")


def test_folder_and_recent_firmware():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        os.mkdir(f"{files.folder}/build")
        files.make("build/firmware.bin", firmware.esp8266())
        files.make("build/data.bin", DATA)
        files.make("build/map.txt", b"not this")
        files.make("build/other.bin", DATA)
        args = {"flash_files": {"0x0": "firmware.bin", "0x70000": "data.bin"}}
        files.make("build/flasher_args.json", json.dumps(args).encode())
        with Window(ports=ports) as window:
            window.find("push button", "Choose files…")
            folder = f"{files.folder}/build"
            window.drop_files(folder, at=MIDDLE, until=lambda: window.can("Flash"))
            assert offset_entry(window, "data.bin").text == "0x70000"
            assert window.look_for("list item", "other.bin") is None
            window.press("Remove firmware.bin")
            window.press("Remove data.bin")
            window.find("push button", "Choose files…")
            recent = window.find("push button", "Recent firmware")
            window.look_for("push button", within=recent).activate()
            window.activate("menu item", re.compile("^build in files-"))
            window.wait_for_text("2 files")


def test_list_for_several_chips_waits_for_the_chip():
    builds = [
        {"chipFamily": "ESP8266", "parts": [{"path": "small.bin", "offset": 0}]},
        {"chipFamily": "ESP32", "parts": [{"path": "large.bin", "offset": 4096}]},
    ]
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(BOARD))
        path = f"{files.folder}/release.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", json.dumps({"name": "x", "builds": builds}))
            archive.writestr("small.bin", firmware.esp8266())
            archive.writestr("large.bin", firmware.esp32())
        with Window(path, ports=ports) as window:
            window.wait_for_text("release.zip has firmware for several chips")
            assert not window.can("Flash")
            window.press("Detect chip")
            window.wait_for_status("Ready to flash")
            window.find("list item", "small.bin")
            assert window.look_for("list item", "large.bin") is None


if __name__ == "__main__":
    harness.main()
