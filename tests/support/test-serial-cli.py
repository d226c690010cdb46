#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole command-line program on serial ports that look real, down to the modem lines."""

import signal
import subprocess
import sys
import time

import firmware
import harness
from board import Board
from cli import PROGRAM, Folder, run
from simtty import CH340, FT232R, MODEM, SerialPorts

BOARD = "esp8266,flash=4M,timing=none"
PORT = "/dev/ttyUSB0"

# PROTOCOL-FACTS 3.2, "UnixTight" and "Hard reset": DTR, RTS; True is asserted.
ENTER_LOADER = [(False, False), (True, True), (False, True), (True, False), (False, False)]
RESTART = [(False, True), (False, False)]
RESET_HELD = 0.1  # seconds

OCCUPY = r"""
import fcntl, os, sys, termios
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
fcntl.ioctl(fd, termios.TIOCEXCL)
print("open", flush=True)
sys.stdin.read()
"""


def cli(ports, *arguments, port=PORT):
    """Runs the program among these ports, with JSON."""
    return run("--json", "--port", port, *arguments, env=ports.environ())


def states(changes):
    """What the lines were one after the other, without repetitions."""
    result = []
    for change in changes:
        if not result or result[-1] != (change.dtr, change.rts):
            result.append((change.dtr, change.rts))
    return result


def find_states(changes, wanted):
    """Where in changes the lines went through the wanted states, each by one system call."""
    sets = [change for change in changes if change.operation == "set"]
    for start in range(len(sets) - len(wanted) + 1):
        if [(change.dtr, change.rts) for change in sets[start:][: len(wanted)]] == wanted:
            return sets[start:][: len(wanted)]
    raise AssertionError(f"{wanted} is not among {[change[1:] for change in changes]}")


def test_ports_are_listed_by_their_usb_names():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", usb=CH340, forbidden=True)
        ports.plug("ttyACM0", usb=MODEM)
        found = run("--json", "ports", env=ports.environ()).result()["ports"]
        facts = [(port["path"], port["name"], port["likely"]) for port in found]
        assert facts == [
            ("/dev/ttyUSB0", "CP2102N", True),
            ("/dev/ttyUSB1", "CH340", True),
            ("/dev/ttyACM0", "Mobile", False),
        ], facts
        assert [(port["vendor_id"], port["product_id"]) for port in found[:2]] == [
            (0x10C4, 0xEA60),
            (0x1A86, 0x7523),
        ], found
        assert [bool(port["problem"]) for port in found] == [False, True, False], found


def test_auto_takes_the_first_board_that_answers():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", Board(BOARD), usb=CH340)
        done = run("--json", "--verbose", "detect", env=ports.environ())
        assert done.result()["chip"] == "ESP8266", done
        assert ports.changes("ttyUSB0"), "the silent port was not tried"


def test_detect_resets_into_the_loader_and_back():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board(BOARD))
        found = cli(ports, "detect").result()
        assert found["chip"] == "ESP8266" and found["mac"] == "5C:CF:7F:3A:91:0E", found
        assert found["flash"]["size"] == 4 << 20, found
        changes = ports.changes("ttyUSB0")
        entering = find_states(changes, ENTER_LOADER)
        assert entering[3].time - entering[2].time >= RESET_HELD, entering
        assert {change.baud for change in entering} == {115200}, entering
        leaving = find_states(changes, RESTART)
        assert leaving[1].time - leaving[0].time >= RESET_HELD, leaving
        # Nothing resets the board when the port is closed.
        assert changes[-1].operation != "close" and states(changes)[-1] == (False, False), changes


def test_flash_erases_and_writes_the_file():
    data = firmware.nodemcu()
    with SerialPorts() as ports, Folder() as folder:
        board = ports.plug("ttyUSB0", Board(BOARD), usb=FT232R)
        with open(board.image, "r+b") as flash:
            flash.write(b"\xa5" * (4 << 20))
        path = folder.file("nodemcu.bin", data)
        found = cli(ports, "--baud", "921600", "flash", "--erase", "--mode", "dio", path).result()
        assert [region["verified"] for region in found["regions"]] == [True], found
        flash = ports.flash("ttyUSB0")
        firmware.check_flashed(flash, data, mode=2)
        assert flash[-4096:] == b"\xff" * 4096, "the end of the flash was not erased"
        cli(ports, "verify", "--mode", "dio", path).result()


def test_port_by_its_stable_name_and_by_guess():
    name = "usb-Silicon_Labs_CP2102N_USB_to_UART_Bridge_Controller_0001-if00-port0"
    with SerialPorts() as ports:
        ports.plug("ttyACM0", usb=MODEM)
        ports.plug("ttyUSB3", Board(BOARD))
        for port in (f"/dev/serial/by-id/{name}", "auto"):
            cli(ports, "detect", port=port).result()
        assert not ports.changes("ttyACM0"), "a modem was opened"


def test_ports_that_cannot_be_opened():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", forbidden=True)
        error = cli(ports, "detect", port="/dev/ttyUSB1").error("port-forbidden")
        assert "dialout" in error["message"] and "usermod" in error["remedy"], error
        cli(ports, "detect", port="/dev/ttyUSB9").error("port-missing")
        occupier = subprocess.Popen(
            [sys.executable, "-c", OCCUPY, PORT],
            env=ports.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        occupier.stdout.readline()
        ports.forget_changes("ttyUSB0")
        error = cli(ports, "detect").error("port-busy")
        assert PORT in error["message"] and PORT in error["remedy"], error
        assert not ports.changes("ttyUSB0"), "the other program was disturbed"
        occupier.communicate(b"")


def test_second_run_is_told_and_the_first_can_be_cancelled():
    with SerialPorts() as ports, Folder() as folder:
        ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=datasheet"))
        path = folder.file("firmware.bin", firmware.esp8266(100000))
        first = subprocess.Popen(
            [PROGRAM, "--json", "--port", PORT, "flash", path],
            env=ports.environ(),
            stdout=subprocess.PIPE,
            text=True,
        )
        while '"write"' not in first.stdout.readline():
            assert first.poll() is None
        ports.forget_changes("ttyUSB0")
        cli(ports, "detect").error("port-busy")
        assert not ports.changes("ttyUSB0"), "the first run was disturbed"
        start = time.monotonic()
        first.send_signal(signal.SIGINT)
        output, _ = first.communicate()
        assert first.returncode == 130, output
        assert time.monotonic() - start < 1, f"{time.monotonic() - start:.1f} s to cancel"
        cli(ports, "detect").result()


def test_adapter_without_modem_lines():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board(f"{BOARD},boot=loader"), lines=False)
        cli(ports, "detect").result()
        cli(ports, "--before", "none", "detect").result()


def test_unplugged_at_any_byte():
    data = firmware.esp8266(20000)
    with SerialPorts() as ports, Folder() as folder:
        path = folder.file("firmware.bin", data)
        for count in (1, 20, 46, 47, 300, 1000, 2500, 7000, 7001, 15000, 20000):
            ports.plug("ttyUSB0", Board(f"{BOARD},unplug={count}"))
            start = time.monotonic()
            error = cli(ports, "flash", path).error("disconnected")
            assert PORT in error["message"], error
            assert time.monotonic() - start < 5, f"byte {count}: {time.monotonic() - start:.1f} s"
            harness.wait_for(lambda: not ports.is_plugged("ttyUSB0"), what="the port to vanish")


if __name__ == "__main__":
    harness.main()
