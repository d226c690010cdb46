#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same serial port, made by umockdev and by our overlay: the service must not see a difference.

umockdev is somebody else's reading of what the kernel does, so a mistake in the overlay shows here.
Run with umockdev-wrapper.
"""

import os
import struct
import sys
import termios
import threading

import gi
import harness
from probe import Probe, check
from simtty import SerialPorts

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # pylint: disable=wrong-import-position

LINES = termios.TIOCM_DTR | termios.TIOCM_RTS
DEVICE = """P: /devices/usb1/1-1
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
A: idVendor=10c4
A: idProduct=ea60
A: manufacturer=Silicon Labs
A: product=CP2102N USB to UART Bridge Controller
A: serial=0001
A: busnum=1
A: devnum=4

P: /devices/usb1/1-1/1-1:1.0
E: SUBSYSTEM=usb
E: DEVTYPE=usb_interface

P: /devices/usb1/1-1/1-1:1.0/ttyUSB0
E: SUBSYSTEM=usb-serial

P: /devices/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0
N: ttyUSB0
E: DEVNAME=/dev/ttyUSB0
E: SUBSYSTEM=tty
A: dev=188:0
L: device=../../../ttyUSB0
"""
# What is sent to the probe; "<" writes as the board, ">" reads what it got.
SCRIPT = [
    "list",
    "sysfs",
    "open /dev/ttyUSB0",
    "lines 0 0",
    "lines 0 1",
    "lines 1 0",
    "baud 74880",
    "baud 921600",
    "lines 0 0",
    "write c00d0a110013ffc0",
    "> 8",
    "< c0030a0d1113001bc0",
    "read 9 2000",
    "read 1 20",
    "close",
]


def play(environ, master):
    """The answers to SCRIPT. master(): the board's end of the port."""
    answers = []
    with Probe(environ) as probe:
        for command in SCRIPT:
            if command[0] == ">":
                answers.append(os.read(master(), int(command[2:])).hex())
            elif command[0] == "<":
                os.write(master(), bytes.fromhex(command[2:]))
            else:
                answers.append(probe(command))
    return answers


class Lines:
    """The modem lines of a port of umockdev."""

    def __init__(self):
        self.now = LINES
        self.states = []

    def handle(self, _, client):
        """Answers one ioctl; what a pseudo-terminal can do itself, it does."""
        request = client.get_request() & 0xFFFFFFFF
        if request == termios.TIOCMGET:
            client.get_arg().resolve(0, 4).update(0, struct.pack("I", self.now))
        elif request in (termios.TIOCMSET, termios.TIOCMBIS, termios.TIOCMBIC):
            (value,) = struct.unpack("I", bytes(client.get_arg().resolve(0, 4).retrieve()))
            if request == termios.TIOCMBIS:
                value = self.now | value
            elif request == termios.TIOCMBIC:
                value = self.now & ~value
            self.set(value)
        else:
            client.complete(*client.execute())
            return True
        client.complete(0, 0)
        return True

    def set(self, value):
        """Notes a change; saying again what is so is none."""
        if value & LINES != self.now & LINES:
            self.states.append((bool(value & termios.TIOCM_DTR), bool(value & termios.TIOCM_RTS)))
        self.now = value


def play_on_umockdev():
    """The answers, and the states of DTR and RTS."""
    testbed = UMockdev.Testbed.new()
    testbed.add_from_string(DEVICE)
    lines = Lines()
    handler = UMockdev.IoctlBase()
    handler.connect("handle-ioctl", lines.handle)
    testbed.attach_ioctl("/dev/ttyUSB0", handler)
    loop = GLib.MainLoop()
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        environ = dict(os.environ, UMOCKDEV_DIR=testbed.get_root_dir())
        # An instrumented program's own runtime comes after umockdev's library: that does no harm.
        options = filter(None, [environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"])
        environ["ASAN_OPTIONS"] = ":".join(options)
        answers = play(environ, lambda: testbed.get_dev_fd("/dev/ttyUSB0"))
    finally:
        loop.quit()
        thread.join()
    return answers, lines.states


def play_on_overlay():
    """The answers, and the states of DTR and RTS."""
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    with SerialPorts() as ports:
        board = ports.plug("ttyUSB0")
        master = board._master  # pylint: disable=protected-access
        answers = play(ports.environ(plain), lambda: master)
        states = [(change.dtr, change.rts) for change in ports.changes("ttyUSB0")]
    changed = [state for old, state in zip(states, states[1:]) if state != old]
    return answers, changed


def test_both_are_the_same_port():
    answers, states = play_on_umockdev()
    overlay_answers, overlay_states = play_on_overlay()
    for command, answer in zip([line for line in SCRIPT if line[0] != "<"], answers):
        print(f"# {command}: {answer}")
    check(overlay_answers, answers)
    check(overlay_states, states)
    check(states, [(False, False), (False, True), (True, False), (False, False)])
    check(answers[0], "/dev/ttyUSB0|CP2102N|USB serial · ttyUSB0|likely|")
    check(answers[2:8], ["/dev/ttyUSB0 lines baud"] + ["ok"] * 5)
    check(answers[10:], ["c00d0a110013ffc0", "c0030a0d1113001bc0", "", "ok"])


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    harness.main()
