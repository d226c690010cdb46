# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on this machine for clients of RFC 2217: one that can be told how to behave, ser2net in
front of a serial port that looks real, and whatever else may listen on a port."""

import collections
import contextlib
import os
import socket
import subprocess
import tempfile
import threading
import time

import harness
from child import die_with_parent

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, SGA, COM_PORT = 0, 3, 44
BAUD, DATA_SIZE, PARITY, STOP_SIZE, CONTROL, SUSPEND, RESUME, PURGE = 1, 2, 3, 4, 5, 8, 9, 12
NAMES = {7: "D?", 8: "D1", 9: "D0", 10: "R?", 11: "R1", 12: "R0"}  # of SET-CONTROL values

# What came at a time: a command with its value, or data with code None.
Heard = collections.namedtuple("Heard", "time code value")


class Listener:
    """Accepts clients, each served by serve(connection) in a thread of its own."""

    def __init__(self, serve, host="127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._serve = serve
        self._socket = socket.create_server((host, 0), family=family)
        self.number = self._socket.getsockname()[1]
        self.accepted = threading.Event()
        place = f"[{host}]" if ":" in host else host
        self.port = f"rfc2217://{place}:{self.number}"
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.append(connection)
            threading.Thread(target=self._run, args=[connection], daemon=True).start()
            self.accepted.set()

    def _run(self, connection):
        with contextlib.suppress(OSError):  # closed at either end
            self._serve(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        for connection in self._connections:
            self.hang_up(connection)

    @staticmethod
    def hang_up(connection):
        """Closes a connection that a thread may be reading from."""
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def drop(self):
        """Hangs up on every client."""
        for connection in self._connections:
            self.hang_up(connection)


def command(code, value):
    """A command of COM-PORT-OPTION as it is sent."""
    body = bytes([code]) + value
    return bytes([IAC, SB, COM_PORT]) + body.replace(b"\xff", b"\xff\xff") + bytes([IAC, SE])


class ComPort(Listener):
    """Confirms every command, but those with a code in `unanswered`; for a code in `instead` with
    that value. Agrees to every option but `refused`."""

    def __init__(self, host="127.0.0.1", unanswered=(), instead=None, refused=(), delay=0):
        super().__init__(self._talk, host)
        self.unanswered = unanswered
        self.instead = instead or {}
        self.refused = refused
        self.delay = delay  # seconds that each answer takes
        self.baud = 9600
        self.heard = []
        self.connection = None

    def _talk(self, connection):
        self.connection = connection
        stream = connection.makefile("rb", buffering=0)
        data = b""
        while True:
            byte = stream.read(1)
            if not byte:
                return
            if byte[0] != IAC:
                data += byte
            else:
                verb = stream.read(1)[0]
                if verb == IAC:
                    data += b"\xff"
                elif verb == SB:
                    self._obey(self._subnegotiation(stream))
                else:
                    self._negotiate(verb, stream.read(1)[0])
            if data:
                self.heard.append(Heard(time.monotonic(), None, data))
                data = b""

    @staticmethod
    def _subnegotiation(stream):
        body = b""
        while True:
            byte = stream.read(1)
            if byte[0] == IAC:
                byte = stream.read(1)
                if byte[0] == SE:
                    return body
            body += byte

    def _negotiate(self, verb, option):
        if verb in (DO, WILL):
            no, yes = (WONT, WILL) if verb == DO else (DONT, DO)
            self.send(bytes([IAC, no if option in self.refused else yes, option]))

    def _obey(self, body):
        code, value = body[1], body[2:]
        self.heard.append(Heard(time.monotonic(), code, value))
        if code == BAUD and any(value):
            self.baud = int.from_bytes(value, "big")
        if code == BAUD:
            value = self.baud.to_bytes(4, "big")
        if code in self.unanswered or code in (SUSPEND, RESUME):
            return
        time.sleep(self.delay)
        self.send(command(code + 100, self.instead.get(code, value)))

    def send(self, raw):
        """Sends bytes as they are."""
        self.connection.sendall(raw)

    def data(self):
        """The bytes for the serial port so far."""
        return b"".join(heard.value for heard in self.heard if heard.code is None)

    def controls(self):
        """The SET-CONTROL commands so far that concern DTR and RTS, by name."""
        values = [heard.value[0] for heard in self.heard if heard.code == CONTROL]
        return " ".join(NAMES[value] for value in values if value in NAMES)


class Ser2net:
    """ser2net, which shares a serial port of SerialPorts at .port."""

    def __init__(self, ports, device="/dev/ttyUSB0", host="127.0.0.1", options=""):
        with socket.create_server((host, 0), family=_family(host)) as probe:
            number = probe.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory(prefix="ser2net-")
        path = f"{self._folder.name}/ser2net.yaml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                "%YAML 1.1\n---\n"
                "connection: &port\n"
                f"  accepter: telnet(rfc2217{options}),tcp,{host},{number}\n"
                f"  connector: serialdev(nouucplock=true),{device},9600n81,local\n"
            )
        self._log = open(f"{self._folder.name}/log", "w", encoding="utf-8")
        self._process = subprocess.Popen(
            ["/usr/sbin/ser2net", "-n", "-d", "-c", path, "-P", f"{self._folder.name}/pid"],
            env=ports.environ(),
            stdout=self._log,
            stderr=self._log,
            preexec_fn=die_with_parent,
        )
        place = f"[{host}]" if ":" in host else host
        self.port = f"rfc2217://{place}:{number}"
        harness.wait_for(lambda: _listens(number), what="ser2net to listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._folder.cleanup()

    def kill(self):
        """Ends it without a word."""
        self._process.kill()
        self._process.wait()


def _family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _listens(number):
    """Whether somebody listens on a TCP port, without connecting to it: that would open the
    serial port."""
    for table in ("tcp", "tcp6"):
        with open(f"/proc/net/{table}", encoding="ascii") as file:
            for line in list(file)[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == number:
                    return True
    return False


def simulator(image, *options):
    """fulgurite-sim --rfc2217: the process, and where it is."""
    process = subprocess.Popen(
        [os.environ["FG_SIM"], f"--image={image}", "--rfc2217=0", *options],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    return process, process.stdout.readline().strip().split(" on ")[1]
