#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that come and go while the window is open."""

import harness
from simtty import CH340, FT232R, MODEM, SerialPorts
from window import Window


def shown(window):
    """The port that is chosen: its title and what is below."""
    picker = window.find("combo box", "Board and port")
    return [label.text for label in window.all(picker.accessible) if label.role == "label"]


def wait_for_shown(window, text):
    """Waits until the chosen port shows this text."""
    what = f"{text} being chosen"
    harness.wait_for(lambda: any(text in label for label in shown(window)), what=what)


def test_board_is_shown_as_soon_as_it_is_plugged_in():
    with SerialPorts() as ports, Window(ports=ports) as window:
        window.find("label", "No board found")
        ports.plug("ttyUSB0", usb=FT232R)
        wait_for_shown(window, "ttyUSB0")
        assert window.can("Detect chip")
        ports.unplug("ttyUSB0")
        window.find("label", "No board found")


def test_choice_survives_other_boards():
    with SerialPorts() as ports:
        ports.plug("ttyUSB1")
        ports.plug("ttyUSB2", usb=CH340)
        ports.plug("ttyACM0", usb=MODEM)
        with Window(ports=ports) as window:
            wait_for_shown(window, "ttyUSB1")  # likely ones come first
            window.choose("Board and port", "ttyUSB2")
            wait_for_shown(window, "ttyUSB2")
            ports.plug("ttyUSB0", usb=FT232R)
            ports.unplug("ttyUSB1")
            window.open_list("Board and port")
            harness.wait_for(
                lambda: [text for text in window.list_texts("Board and port") if "FT232R" in text],
                what="the new board in the list",
            )
            assert not [text for text in window.list_texts("Board and port") if "USB1" in text]
            window.keys("Escape")
            wait_for_shown(window, "ttyUSB2")


def test_choice_comes_back_with_its_board():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", usb=CH340)
        with Window(ports=ports) as window:
            window.choose("Board and port", "ttyUSB1")
            wait_for_shown(window, "ttyUSB1")
            ports.unplug("ttyUSB1")
            wait_for_shown(window, "ttyUSB0")
            ports.plug("ttyUSB1", usb=CH340)
            wait_for_shown(window, "ttyUSB1")


if __name__ == "__main__":
    harness.main()
