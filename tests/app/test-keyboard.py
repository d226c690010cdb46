#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything by the keyboard alone."""

import firmware
import harness
from board import Board
from simtty import SerialPorts
from window import Files, Window


def test_flash_without_a_pointer():
    data = firmware.esp8266(30000)
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=1M,timing=none"))
        with Window(ports=ports) as window:
            window.find("push button", "Choose files…")
            window.keys("ctrl+o")
            window.choose_file(files.make("firmware.bin", data))
            window.wait_for_status("Ready to flash")
            window.keys("ctrl+d")
            window.wait_for_text("5C:CF:7F:3A:91:0E")
            window.keys("alt+e")
            harness.wait_for(lambda: window.find("check box", "Erase before flashing").checked)
            window.keys("ctrl+Return")
            harness.wait_for(lambda: len(window.windows()) == 2, what="the question about erasing")
            window.find("label", "Erase the whole flash?")
            window.keys("alt+e")
            harness.wait_for(lambda: len(window.windows()) == 1, what="the question closing")
            window.wait_until_flashed()
            firmware.check_flashed(ports.flash("ttyUSB0"), data)
            window.keys("ctrl+l")
            window.find("text", "Log")
            window.keys("alt+a")
            window.wait_for_status("Ready to flash")


def test_escape_and_the_default_answer_erase_nothing():
    with SerialPorts() as ports, Files() as files:
        ports.plug("ttyUSB0", Board("esp8266,flash=1M,timing=none"))
        path = files.make("firmware.bin", firmware.esp8266(30000))
        with Window(path, ports=ports) as window:
            window.wait_for_status("Ready to flash")
            window.keys("alt+e")
            for key in ("Escape", "Return"):
                window.keys("ctrl+Return")
                harness.wait_for(lambda: len(window.windows()) == 2, what="the question")
                window.keys(key)
                harness.wait_for(lambda: len(window.windows()) == 1, what="the question closing")
                window.wait_for_status("Ready to flash")
        assert not ports.changes("ttyUSB0"), "the port was opened"


def test_tab_reaches_every_control():
    wanted = {
        "Detect chip",
        "Choose files…",
        "Erase before flashing",
        "Write only what changed",
        "Log",
        "Main menu",
    }
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Window(ports=ports) as window:
            window.find("push button", "Choose files…")
            reached = set()
            for _ in range(20):
                window.keys("Tab")
                reached |= {widget.name for widget in window.all() if widget.has_state("focused")}
            missing = {
                name for name in wanted if not any(name in other for other in reached)
            }
            assert not missing, f"{missing} cannot be reached; {reached} can"


if __name__ == "__main__":
    harness.main()
