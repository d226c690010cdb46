# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated USB serial ports that look real to an unmodified program.

    with SerialPorts() as ports:
        ports.plug("ttyUSB0", Board("esp8266,flash=4M"))
        subprocess.run(["fulgurite-cli", "--port", "/dev/ttyUSB0", "detect"], env=ports.environ())
        print(ports.changes("ttyUSB0"), ports.flash("ttyUSB0"))

For programs that are not written in Python:

    simtty.py [--plug NAME[=BOARD]]… [--log FILE] -- PROGRAM ARGUMENT…

runs the program among these ports; it may send "plug NAME BOARD" or "unplug NAME" to the socket
$FG_SIMTTY_ROOT/control (SOCK_SEQPACKET) and gets "0" when that is done.
"""

import argparse
import collections
import contextlib
import errno
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time

from board import Board, SilentBoard

Usb = collections.namedtuple("Usb", "vendor product manufacturer name serial")
CP2102N = Usb("10c4", "ea60", "Silicon Labs", "CP2102N USB to UART Bridge Controller", "0001")
CH340 = Usb("1a86", "7523", "QinHeng Electronics", "USB Serial", "")
FT232R = Usb("0403", "6001", "FTDI", "FT232R USB UART", "A50285BI")
MODEM = Usb("12d1", "1506", "Huawei", "Mobile", "")

# One change of the modem lines: seconds on the monotonic clock, what asked for it ("open", "set",
# "raise", "lower", "close"), how the lines are now, and the rate in force, in bit/s.
Change = collections.namedtuple("Change", "time operation dtr rts baud")

LOOK_SECONDS = 0.05
LINES = termios.TIOCM_DTR | termios.TIOCM_RTS


class _Port:
    def __init__(self, board, lines, forbidden, root):
        self.board = board
        self.has_lines = lines
        self.forbidden = forbidden
        self.root = root  # of its USB device in the overlay
        self.lines = 0
        self.exclusive = False
        self.connections = []
        self.changes = []

    def set_lines(self, operation, lines, baud):
        """Applies and records the state of both lines."""
        self.lines = lines & LINES
        dtr = bool(lines & termios.TIOCM_DTR)
        rts = bool(lines & termios.TIOCM_RTS)
        self.changes.append(Change(time.monotonic(), operation, dtr, rts, baud))
        self.board.set_lines(dtr, rts)


class _Connection:
    """One open port of the program, or one question."""

    def __init__(self, channel):
        self.channel = channel
        self.port = None
        self.baud = 9600
        self.hangup = True  # HUPCL: the last close lowers the lines


class SerialPorts:
    """A set of simulated ports and the overlay that shows them. Any thread."""

    def __init__(self, library=None):
        self.library = library or os.environ["FG_SIMTTY"]
        self.root = tempfile.mkdtemp(prefix="simtty-")
        for folder in ("sys/class/tty", "sys/devices/simtty", "dev/serial/by-id", "ptys"):
            os.makedirs(f"{self.root}/{folder}")
        self._ports = {}
        self._boards = {}  # by port, also of those that were unplugged
        self._plugged = 0
        self._lock = threading.RLock()
        self._selector = selectors.DefaultSelector()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.bind(f"{self.root}/control")
        self._socket.listen(16)
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._wake, self._woken = os.pipe()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Pulls every plug and removes the overlay."""
        os.write(self._woken, b"x")
        self._thread.join()
        for name in list(self._ports):
            self.unplug(name)
        for boards in self._boards.values():
            for board in boards:
                board.remove()
        self._socket.close()
        os.close(self._wake)
        os.close(self._woken)
        shutil.rmtree(self.root, ignore_errors=True)

    def environ(self, environ=None):
        """The environment (os.environ if not given) for a program that shall see the ports."""
        result = dict(os.environ if environ is None else environ)
        result["FG_SIMTTY_ROOT"] = self.root
        result["LD_PRELOAD"] = " ".join(filter(None, [result.get("LD_PRELOAD"), self.library]))
        # An instrumented program's own runtime comes after this library: that does no harm.
        options = filter(None, [result.get("ASAN_OPTIONS"), "verify_asan_link_order=0"])
        result["ASAN_OPTIONS"] = ":".join(options)
        return result

    def plug(self, name, board=None, usb=CP2102N, lines=True, forbidden=False):
        """Plugs in a port.

        name: "ttyUSB0" or "ttyACM0"; board: a Board (None: a port where nothing answers);
        lines: False for an adapter whose driver knows no modem lines; forbidden: opening it gives
        EACCES.
        """
        board = board or SilentBoard()
        with self._lock:
            self._plugged += 1
            place = f"1-{self._plugged}"
            device = f"{self.root}/sys/devices/simtty/usb1/{place}"
            tty = f"{device}/{place}:1.0/{name}/tty/{name}"
            os.makedirs(tty)
            facts = {
                "busnum": "1",
                "devnum": str(self._plugged + 3),
                "idVendor": usb.vendor,
                "idProduct": usb.product,
                "manufacturer": usb.manufacturer,
                "product": usb.name,
                "serial": usb.serial,
            }
            for fact, text in facts.items():
                if text:
                    _write(f"{device}/{fact}", text)
            _write(f"{tty}/dev", f"188:{name[6:]}")
            os.symlink(f"../../../{name}", f"{tty}/device")
            self._ports[name] = _Port(board, lines, forbidden, device)
            self._boards.setdefault(name, []).append(board)
            target = os.path.relpath(tty, f"{self.root}/sys/class/tty")
            os.symlink(target, f"{self.root}/sys/class/tty/{name}")
            os.symlink(board.path, f"{self.root}/ptys/{name}")
            _write(f"{self.root}/dev/{name}", "")
            os.symlink(f"../../{name}", self._by_id(usb, name))
        return board

    def _by_id(self, usb, name):
        label = "_".join(filter(None, [usb.manufacturer, usb.name, usb.serial])).replace(" ", "_")
        path = f"{self.root}/dev/serial/by-id/usb-{label}-if00-port0"
        if os.path.lexists(path):
            os.unlink(path)
        return path

    def unplug(self, name):
        """Pulls the plug: an open port hangs up, the node and its sysfs entries vanish."""
        with self._lock:
            port = self._ports.pop(name)
            port.board.unplug()
            links = f"{self.root}/dev/serial/by-id"
            for link in os.listdir(links):
                if os.path.basename(os.readlink(f"{links}/{link}")) == name:
                    os.unlink(f"{links}/{link}")
            os.unlink(f"{self.root}/sys/class/tty/{name}")
            shutil.rmtree(port.root)
            os.unlink(f"{self.root}/dev/{name}")
            os.unlink(f"{self.root}/ptys/{name}")

    def is_plugged(self, name):
        """Whether there is such a port; a board may have pulled its own plug."""
        with self._lock:
            return name in self._ports

    def changes(self, name):
        """What happened to the modem lines, a list of Change."""
        with self._lock:
            return list(self._ports[name].changes)

    def all_changes(self):
        """(port's name, time, operation, DTR, RTS, baud) of every port, in order of time."""
        with self._lock:
            return sorted(
                ((name, *change) for name, port in self._ports.items() for change in port.changes),
                key=lambda entry: entry[1],
            )

    def forget_changes(self, name):
        """Starts the record of the modem lines afresh."""
        with self._lock:
            self._ports[name].changes.clear()

    def board(self, name):
        """The last board at this port, plugged in or not."""
        return self._boards[name][-1]

    def flash(self, name):
        """The bytes of the flash of the last board at this port, plugged in or not."""
        with open(self.board(name).image, "rb") as file:
            return file.read()

    def _serve(self):
        while True:
            self._notice_unplugged()
            for key, _ in self._selector.select(LOOK_SECONDS):
                if key.fileobj == self._wake:
                    return
                with self._lock:
                    if key.fileobj is self._socket:
                        channel, _ = self._socket.accept()
                        self._selector.register(
                            channel, selectors.EVENT_READ, _Connection(channel)
                        )
                    else:
                        self._answer(key.data)

    def _notice_unplugged(self):
        """A board that pulls its own plug takes its port along."""
        with self._lock:
            for name, port in list(self._ports.items()):
                if port.board.unplugged:
                    self.unplug(name)

    def _answer(self, connection):
        message = b""
        with contextlib.suppress(ConnectionError):
            message = connection.channel.recv(512)
        if not message:
            self._hang_up(connection)
            return
        self._notice_unplugged()
        operation, *arguments = message.decode().split()
        try:
            reply = "0 " + str(getattr(self, f"_do_{operation}")(connection, *arguments))
        except OSError as error:
            reply = str(error.errno)
        with contextlib.suppress(ConnectionError):
            connection.channel.send(reply.encode())

    def _hang_up(self, connection):
        """The program ended, or has closed the port before."""
        self._selector.unregister(connection.channel)
        connection.channel.close()
        self._release(connection)

    def _release(self, connection):
        port, connection.port = connection.port, None
        if port is None:
            return
        port.connections.remove(connection)
        if not port.connections:
            port.exclusive = False
            if connection.hangup and port in self._ports.values():
                port.set_lines("close", 0, connection.baud)

    def _do_access(self, _, name):
        if self._find(name).forbidden:
            raise OSError(errno.EACCES, name)
        return ""

    def _do_open(self, connection, name):
        port = self._find(name)
        self._do_access(connection, name)
        if port.exclusive:
            raise OSError(errno.EBUSY, name)
        first = not port.connections
        connection.port = port
        port.connections.append(connection)
        if first:  # the kernel raises both lines
            port.set_lines("open", LINES, connection.baud)
        return f"{int(first)} {port.board.path}"

    def _find(self, name):
        if name not in self._ports:
            raise OSError(errno.ENODEV, name)
        return self._ports[name]

    def _state(self, connection, baud, hangup):
        """The port of a connection, with the rate and HUPCL that the program has set."""
        connection.baud = int(baud)
        connection.hangup = hangup == "1"
        if connection.port not in self._ports.values():
            raise OSError(errno.EIO, "unplugged")
        return connection.port

    def _lines(self, connection, baud, hangup):
        port = self._state(connection, baud, hangup)
        if not port.has_lines:
            raise OSError(errno.ENOTTY, "no modem lines")
        return port

    def _do_get(self, connection, _, *state):
        return self._lines(connection, *state).lines | termios.TIOCM_CTS | termios.TIOCM_DSR

    def _do_set(self, connection, lines, *state):
        self._lines(connection, *state).set_lines("set", int(lines), connection.baud)
        return ""

    def _do_raise(self, connection, lines, *state):
        port = self._lines(connection, *state)
        port.set_lines("raise", port.lines | int(lines), connection.baud)
        return ""

    def _do_lower(self, connection, lines, *state):
        port = self._lines(connection, *state)
        port.set_lines("lower", port.lines & ~int(lines), connection.baud)
        return ""

    def _do_exclusive(self, connection, exclusive, *state):
        self._state(connection, *state).exclusive = exclusive == "1"
        return ""

    def _do_close(self, connection, _, *state):
        try:
            self._state(connection, *state)
        finally:
            self._release(connection)
        return ""

    def _do_plug(self, _, name, spec=None):
        if name in self._ports:
            raise OSError(errno.EEXIST, name)
        self.plug(name, Board(spec) if spec else None)
        return ""

    def _do_unplug(self, _, name):
        self._find(name)
        self.unplug(name)
        return ""


def _write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n" if text else "")


def main():
    """Runs one program among simulated ports."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--plug", action="append", default=[], metavar="NAME[=BOARD]")
    parser.add_argument("--log", help="where the changes of the modem lines are written")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    with SerialPorts() as ports:
        for plug in options.plug:
            name, _, spec = plug.partition("=")
            ports.plug(name, Board(spec) if spec else None)
        status = subprocess.call(options.program, env=ports.environ())
        if options.log:
            with open(options.log, "w", encoding="utf-8") as file:
                for change in ports.all_changes():
                    file.write(" ".join(str(value) for value in change) + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
