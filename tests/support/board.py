# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated boards behind pseudo-terminals."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import tty

from child import die_with_parent


class SilentBoard:
    """An adapter with nothing at its other end."""

    image = os.devnull
    unplugged = False

    def __init__(self):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def set_lines(self, dtr, rts):
        """The adapter drives its lines; nobody looks."""

    def unplug(self):
        """Hangs up."""
        for fd in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(fd)

    def remove(self):
        """There is nothing to throw away."""


class Board:
    """One fulgurite-sim process.

    spec is what follows "sim:" in a port's name, such as "esp8266,flash=4M,timing=none"; without
    image=FILE the flash is a blank file of its own, so that a test can compare it.
    """

    def __init__(self, spec="esp8266,flash=4M"):
        chip, *keys = spec.split(",")
        self._folder = tempfile.mkdtemp(prefix="board-")
        self.path = f"{self._folder}/pty"
        self.image = f"{self._folder}/flash.img"
        for key in keys:
            if key.startswith("image="):
                self.image = key[len("image=") :]
        # A board that somebody plugs in runs its program, unless the test says otherwise.
        spec = ",".join(["boot=flash", f"image={self.image}", *keys])
        self._process = subprocess.Popen(
            [
                os.environ["FG_SIM"],
                f"--chip={chip}",
                f"--spec={spec}",
                f"--pty={self.path}",
                f"--control={self._folder}/control",
            ],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        ready = self._process.stdout.readline()
        assert "on" in ready, f"the simulated board {spec} did not start"
        self._control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(10)
        self._control.connect(f"{self._folder}/control")

    @property
    def pid(self):
        """The process that simulates it."""
        return self._process.pid

    def state(self):
        """What it tells about itself, as --help explains, by name."""
        return dict(pair.split("=", 1) for pair in self.request("query").split()[1:])

    @property
    def unplugged(self):
        """Whether it has pulled its own plug."""
        return not os.path.lexists(self.path)

    def request(self, text):
        """Asks the simulator something, as its --help tells, and returns the answer."""
        self._control.send(text.encode())
        answer = self._control.recv(1024).decode()
        assert answer.startswith("ok"), f"{text}: {answer}"
        return answer

    def set_lines(self, dtr, rts):
        """Drives both modem lines of the adapter at once."""
        if not self.unplugged:
            self.request(f"lines {int(dtr)} {int(rts)}")

    def unplug(self):
        """Hangs up; the flash keeps what it holds."""
        self._control.close()
        self._process.kill()
        self._process.communicate()

    def remove(self):
        """After unplug(): throws away the flash that was not given as image=FILE."""
        shutil.rmtree(self._folder)
