#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window is to its desktop: one program, notifications, the clipboard, files, dialogs."""

import os
import pathlib
import re
import subprocess

import firmware
import harness
from board import Board
from child import die_with_parent
from desktop import desktop
from simtty import SerialPorts
from window import LONG, Files, Window

FAST = "esp8266,flash=1M,timing=none"
DATA = firmware.esp8266(30000)


def test_second_start_hands_its_file_to_the_first():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0")
        with Window(ports=ports) as window:
            window.wait_for_status("No firmware chosen")
            path = files.make("firmware.bin", DATA)
            command = [os.environ["FG_APP"], path]
            subprocess.run(command, env=window.environ, check=True, timeout=20)
            window.wait_for_status("Ready to flash")
            assert len(window.windows()) == 1, "there are two windows"


def test_notification_only_for_those_who_look_elsewhere():
    shown = desktop().notifications.shown
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(FAST))
        with Window(files.make("firmware.bin", DATA), ports=ports) as window:
            window.wait_for_status("Ready to flash")
            shown.clear()
            window.focus()
            window.keys("ctrl+Return")
            window.wait_until_flashed()
            assert not shown, shown
            window.press("Flash another")
            window.wait_for_status("Ready to flash")
            window.unfocus()
            window.flash()
            window.wait_until_flashed()
            harness.wait_for(lambda: window.all() and shown, what="a notification")
            assert shown[0][0] == "Flashed and verified", shown


def test_dialogs_open_and_close():
    with SerialPorts() as ports, Window(ports=ports) as window:
        ports.plug("ttyUSB0")
        window.wait_for_status("No firmware chosen")
        for entry, title in (
            ("Keyboard shortcuts", "Detect the chip|Detect chip"),
            ("About Fulgurite", "Fulgurite"),
            ("Add network port…", "A board on another machine"),
        ):
            window.choose_in_menu(entry)
            harness.wait_for(lambda: len(window.windows()) == 2, what=entry)
            window.wait_for_text(re.compile(title))
            window.keys("Escape")
            harness.wait_for(lambda: len(window.windows()) == 1, what=f"{entry} closing")


def test_board_at_an_address():
    with SerialPorts() as ports:
        simulator = subprocess.Popen(
            [os.environ["FG_SIM"], "--chip=esp8266", "--timing=none", "--listen=0"],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        place = simulator.stdout.readline().split("socket://")[1].strip()
        with Window(ports=ports) as window:
            window.press("Add network port…")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the dialog")
            window.type(f"socket://{place}")
            window.keys("Return")
            harness.wait_for(lambda: len(window.windows()) == 1, what="the dialog closing")
            window.press("Detect chip")
            window.wait_for_text("5C:CF:7F:3A:91:0E", LONG)
        simulator.terminate()
        simulator.communicate()


def test_log_is_copied_saved_and_cleared():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board(FAST))
        with Window(ports=ports) as window:
            window.press("Detect chip")
            window.wait_for_text("5C:CF:7F:3A:91:0E")
            text = window.log()
            assert "ESP8266" in text, text
            window.press("Save log")
            path = pathlib.Path(files.folder, "saved.log")
            window.choose_file(str(path))
            harness.wait_for(lambda: path.exists() and "ESP8266" in path.read_text("utf-8"))
            window.press("Clear log")
            harness.wait_for(lambda: not window.log(), what="an empty log")


def test_settings_are_kept():
    environ = {"GSETTINGS_BACKEND": "keyfile"}
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Window(ports=ports, environ=environ) as window:
            window.choose("Baud rate", "230400")
            window.choose("Flash mode", "DOUT")
            window.tick("Erase before flashing")
            window.tick("Write only what changed")
        with Window(ports=ports, environ=environ) as window:
            window.find("label", "230400")
            window.find("label", "DOUT")
            assert not window.find("check box", "Write only what changed").checked
            # Wiping a board is never a habit.
            assert not window.find("check box", "Erase before flashing").checked


if __name__ == "__main__":
    harness.main()
