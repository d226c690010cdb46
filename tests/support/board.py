# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated boards behind pseudo-terminals."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import tty

import harness
from child import die_with_parent


class SilentBoard:
    """An adapter with nothing at its other end."""

    image = os.devnull

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
        chip, *options = spec.split(",")
        options = dict(option.split("=", 1) for option in options)
        self._folder = tempfile.mkdtemp(prefix="board-")
        self.path = f"{self._folder}/pty"
        self.image = options.setdefault("image", f"{self._folder}/flash.img")
        arguments = [f"--{key}={value}" for key, value in options.items()]
        self._process = subprocess.Popen(
            [
                os.environ["FG_SIM"],
                f"--chip={chip}",
                *arguments,
                f"--pty={self.path}",
                f"--control={self._folder}/control",
            ],
            preexec_fn=die_with_parent,
        )
        harness.wait_for(self._is_ready, what="fulgurite-sim's terminal and control socket")
        self._control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._control.settimeout(5)
        self._control.connect(f"{self._folder}/control")
        self._replies = self._control.makefile("r")

    def _is_ready(self):
        assert self._process.poll() is None, f"fulgurite-sim ended: {self._process.returncode}"
        return os.path.exists(self.path) and os.path.exists(f"{self._folder}/control")

    def command(self, text):
        """Sends a command to the simulator and returns its reply."""
        self._control.sendall(f"{text}\n".encode())
        return self._replies.readline().strip()

    def set_lines(self, dtr, rts):
        """Drives both modem lines of the adapter at once."""
        self.command(f"lines {int(dtr)} {int(rts)}")

    def unplug(self):
        """Hangs up; the flash keeps what it holds."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def remove(self):
        """After unplug(): throws away the flash that was not given as image=FILE."""
        shutil.rmtree(self._folder)
