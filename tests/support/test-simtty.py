#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The overlay of simulated serial ports, seen by libserialport and by plain system calls."""

import json
import os
import subprocess
import sys

import harness
from simtty import CH340, LINES, SerialPorts

# Runs inside the overlay: evaluates its arguments one after the other, prints a list of results.
PROBE = r"""
import ctypes, errno, fcntl, json, os, select, stat, struct, sys, termios
sp = ctypes.CDLL("libserialport.so.0")
def names():
    ports = ctypes.POINTER(ctypes.c_void_p)()
    assert sp.sp_list_ports(ctypes.byref(ports)) == 0
    result = []
    while ports[len(result)]:
        port = ctypes.c_void_p(ports[len(result)])
        text = lambda get: ctypes.cast(get(port), ctypes.c_char_p).value.decode()
        for get in (sp.sp_get_port_name, sp.sp_get_port_usb_product):
            get.restype = ctypes.c_void_p
        result.append(text(sp.sp_get_port_name) + " " + text(sp.sp_get_port_usb_product))
    return sorted(result)
def open_port(name):
    return os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
def lines(fd, request, value=0):
    return struct.unpack("I", fcntl.ioctl(fd, request, struct.pack("I", value)))[0]
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
def ids(port):
    port, vendor, product = port.encode(), ctypes.c_int(), ctypes.c_int()
    handle = ctypes.c_void_p()
    assert sp.sp_get_port_by_name(port, ctypes.byref(handle)) == 0
    sp.sp_get_port_usb_vid_pid(handle, ctypes.byref(vendor), ctypes.byref(product))
    return "%04x:%04x" % (vendor.value, product.value)
def tell():
    print(json.dumps([None]), flush=True)
    sys.stdin.readline()
print(json.dumps([eval(argument) for argument in sys.argv[1:]]))
"""


def probe(ports, *expressions):
    output = subprocess.check_output(
        ["/usr/bin/python3", "-c", PROBE, *expressions], env=ports.environ(), text=True
    )
    return json.loads(output.splitlines()[-1])


def settings(control, baud):
    """Terminal settings as an expression for the probe."""
    baud = f"termios.{baud}"
    return f"[0, 0, termios.CREAD | termios.{control}, 0, {baud}, {baud}, [0] * 32]"


def check(found, expected):
    assert found == expected, f"found {found}, expected {expected}"


def test_libserialport_lists_what_is_plugged_in():
    with SerialPorts() as ports:
        check(probe(ports, "names()"), [[]])
        ports.plug("ttyUSB0")
        ports.plug("ttyACM0", usb=CH340)
        found = probe(ports, "names()", 'ids("/dev/ttyUSB0")', 'ids("/dev/ttyACM0")')
        names = ["/dev/ttyACM0 USB Serial", "/dev/ttyUSB0 CP2102N USB to UART Bridge Controller"]
        check(found, [names, "10c4:ea60", "1a86:7523"])
        ports.unplug("ttyACM0")
        check(probe(ports, "names()", 'os.listdir("/sys/class/tty")'), [names[1:], ["ttyUSB0"]])


def test_node_is_a_character_device_with_a_stable_name():
    name = "usb-Silicon_Labs_CP2102N_USB_to_UART_Bridge_Controller_0001-if00-port0"
    link = f"/dev/serial/by-id/{name}"
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        found = probe(
            ports,
            'stat.S_ISCHR(os.stat("/dev/ttyUSB0").st_mode)',
            f"os.path.realpath('{link}')",
            f"os.isatty(open_port('{link}'))",
            'sorted(os.listdir("/dev"))',
            'os.path.exists("/dev/null")',
        )
        check(found, [True, "/dev/ttyUSB0", True, ["serial", "ttyUSB0"], True])
        # The end of the program closes the port, and is heard of a moment later.
        harness.wait_for(lambda: len(ports.changes("ttyUSB0")) > 1, what="the close of the port")
        check([change.operation for change in ports.changes("ttyUSB0")], ["open", "close"])


def test_line_changes_are_recorded_with_the_rate_in_force():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        probe(
            ports,
            'open_port("/dev/ttyUSB0")',
            "lines(4, termios.TIOCMSET, 0)",
            "lines(4, termios.TIOCMSET, termios.TIOCM_DTR | termios.TIOCM_RTS)",
            f"termios.tcsetattr(4, 0, {settings('CS8 | termios.HUPCL', 'B921600')})",
            "lines(4, termios.TIOCMBIC, termios.TIOCM_DTR)",
            "os.close(4)",
        )
        changes = ports.changes("ttyUSB0")
        check(
            [change[1:] for change in changes],
            [
                ("open", True, True, 9600),
                ("set", False, False, 9600),
                ("set", True, True, 9600),
                ("lower", False, True, 921600),
                ("close", False, False, 921600),
            ],
        )
        assert changes == sorted(changes), "the times go back"


def test_lines_stay_after_the_last_close_without_hupcl():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        without_hupcl = f"termios.tcsetattr(4, 0, {settings('CS8', 'B9600')})"
        probe(ports, 'open_port("/dev/ttyUSB0")', without_hupcl, "os.close(4)")
        check([change.operation for change in ports.changes("ttyUSB0")], ["open"])


def test_refusals():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", forbidden=True)
        ports.plug("ttyUSB2", lines=False)
        found = probe(
            ports,
            'attempt(open_port, "/dev/ttyUSB1")',
            'os.access("/dev/ttyUSB1", os.R_OK | os.W_OK)',
            'attempt(open_port, "/dev/ttyUSB9")',
            'open_port("/dev/ttyUSB0")',
            "fcntl.ioctl(4, termios.TIOCEXCL)",
            'attempt(open_port, "/dev/ttyUSB0")',
            "os.close(4)",
            'attempt(open_port, "/dev/ttyUSB0")',
            "os.close(4)",
            'open_port("/dev/ttyUSB2")',
            "attempt(lines, 4, termios.TIOCMGET)",
            "attempt(lines, 4, termios.TIOCMSET, 0)",
        )
        expected = ["EACCES", False, "ENOENT", 4, 0, "EBUSY", None, 4, None, 4, "ENOTTY", "ENOTTY"]
        check(found, expected)


def test_unplugging_hangs_up():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        child = subprocess.Popen(
            [
                "/usr/bin/python3",
                "-c",
                PROBE,
                'open_port("/dev/ttyUSB0")',
                "tell()",
                "attempt(os.read, 4, 1) in (b'', 'EIO')",
                "attempt(os.write, 4, b'x')",
                "attempt(lines, 4, termios.TIOCMGET)",
                'attempt(open_port, "/dev/ttyUSB0")',
            ],
            env=ports.environ(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        child.stdout.readline()
        ports.unplug("ttyUSB0")
        output, _ = child.communicate("\n")
        check(json.loads(output)[2:], [True, "EIO", "EIO", "ENOENT"])


def test_a_plain_command_runs_among_the_ports():
    simtty = os.path.join(os.path.dirname(os.path.abspath(__file__)), "simtty.py")
    output = subprocess.check_output(
        [sys.executable, simtty, "--plug", "ttyUSB7", "--", "ls", "/sys/class/tty"], text=True
    )
    check(output, "ttyUSB7\n")


if __name__ == "__main__":
    assert LINES == 6
    harness.main()
