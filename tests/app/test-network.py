#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards on other machines: a port is added, remembered, used and removed."""

import tempfile

import harness
from comport import simulator
from simtty import SerialPorts
from window import LONG, Window

ADD = "Add network port…"
KEPT = {"GSETTINGS_BACKEND": "keyfile"}
MAC = "5C:CF:7F:3A:91:0E"


def dialog_opens(window):
    harness.wait_for(lambda: len(window.windows()) == 2, what="the dialog")


def dialog_closes(window):
    harness.wait_for(lambda: len(window.windows()) == 1, what="the dialog closing")


def shows(window, text):
    """Waits until the chosen port shows this text."""

    def shown():
        picker = window.look_for("combo box", "Board and port")
        labels = window.all(picker.accessible) if picker is not None else []
        return any(text in label.text for label in labels if label.role == "label")

    harness.wait_for(shown, what=f"{text} being chosen")


def is_closed(window):
    """Whether the list of ports is closed, or not there at all."""
    picker = window.look_for("combo box", "Board and port")
    items = window.all(picker.accessible) if picker is not None else []
    return not any(item.role == "list item" for item in items)


def remove(window, place):
    """Removes a port in the list, which closes: keys would get lost before."""
    window.open_list("Board and port")
    window.activate("push button", f"Remove {place}")
    harness.wait_for(lambda: is_closed(window), what="the list closing")


def listed(window):
    """The texts of the list of ports, which is opened and closed for it."""
    window.open_list("Board and port")
    texts = harness.wait_for(lambda: window.list_texts("Board and port"), what="the list")
    window.keys("Escape")
    harness.wait_for(lambda: is_closed(window), what="the list closing")
    return texts


def test_port_is_added_used_remembered_and_removed():
    with tempfile.TemporaryDirectory() as folder, SerialPorts() as ports:
        board, port = simulator(f"{folder}/flash.img", "--timing=none")
        place = port.removeprefix("rfc2217://")
        with Window(ports=ports, environ=KEPT) as window:
            window.press(ADD)
            dialog_opens(window)
            window.find("label", "The connection is not encrypted and asks for no password. "
                                 "Use it only in a network that you trust.")  # fmt: skip
            window.type(port)
            window.keys("Return")
            dialog_closes(window)
            shows(window, place)
            window.press("Detect chip")
            window.wait_for_text(MAC, LONG)
            harness.wait_for(lambda: window.can("Detect chip"), what="the end of the job")
        ports.plug("ttyUSB0")
        with Window(ports=ports, environ=KEPT) as window:
            shows(window, "ttyUSB0")  # what is plugged in here comes first
            window.choose("Board and port", place)
            shows(window, port)
            remove(window, place)
            shows(window, "ttyUSB0")
        with Window(ports=ports, environ=KEPT) as window:
            shows(window, "ttyUSB0")
            assert not [text for text in listed(window) if place in text]
        board.terminate()
        board.communicate()


def test_last_row_of_the_list_adds_a_port():
    with SerialPorts() as ports, Window(ports=ports) as window:
        ports.plug("ttyUSB0")
        shows(window, "ttyUSB0")
        window.choose("Board and port", ADD)
        dialog_opens(window)
        window.keys("Escape")
        dialog_closes(window)
        shows(window, "ttyUSB0")
        window.choose("Board and port", ADD)  # again: it was not chosen
        dialog_opens(window)
        window.type("rfc2217://[::1]:2217?ign_set_control")
        window.keys("Return")
        dialog_closes(window)
        shows(window, "[::1]:2217")
        ports.unplug("ttyUSB0")
        shows(window, "[::1]:2217")
        remove(window, "[::1]:2217")
        window.find("label", "No board found")
        ports.plug("ttyUSB1")
        shows(window, "ttyUSB1")


def test_address_is_checked_as_it_is_typed():
    with SerialPorts() as ports, Window(ports=ports) as window:
        window.press(ADD)
        dialog_opens(window)
        typed = ""
        for more, good in (
            ("rfc2217://", False),
            ("board", False),
            (":", False),
            ("2217", True),
            ("?timeout=", False),
            ("5", True),
            ("x", False),
        ):
            window.type(more)
            typed += more
            harness.wait_for(lambda good=good: window.can("Add") == good, what=f"{typed}: {good}")
        window.keys("ctrl+a")
        window.type("board:4000")
        harness.wait_for(lambda: window.can("Add"), what="a host and a port alone")
        window.keys("Escape")
        dialog_closes(window)


if __name__ == "__main__":
    harness.main()
