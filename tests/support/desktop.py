# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of its own for a test: X server, session bus, accessibility bus, home directory.

libatspi knows one bus per process, so that there is one desktop per test program; it is made by the
first call of desktop() and ends with the program.
"""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 pylint: disable=wrong-import-position

import harness
from child import die_with_parent
from notifications import Notifications

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
AT_SPI_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
SCREEN = "1280x1024x24"

# Services are not activated: a desktop portal would take its time and answer for the real desktop.
BUS_CONFIG = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

SETTINGS = """[Settings]
gtk-font-name=Cantarell 11
gtk-xft-antialias=1
gtk-xft-hinting=1
gtk-xft-hintstyle=hintslight
gtk-xft-rgba=none
gtk-enable-animations={animations}
gtk-cursor-blink=0
gtk-application-prefer-dark-theme={dark}
"""


class Desktop:
    """See desktop()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="desktop-")
        self._processes = []
        self.environ = self._make_environ()
        self.environ["DISPLAY"] = ":" + self._start(
            ["Xvfb", "-screen", "0", SCREEN, "-dpi", "96", "-nolisten", "tcp", "-noreset"],
            "-displayfd",
        )
        with open(f"{self.folder}/bus.conf", "w", encoding="utf-8") as file:
            file.write(BUS_CONFIG.format(folder=self.folder))
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = self._start(
            ["dbus-daemon", "--nofork", "--nosyslog", f"--config-file={self.folder}/bus.conf"],
            "--print-address",
        )
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            os.environ[name] = self.environ[name]
        self.notifications = Notifications(self.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.spawn([AT_SPI_LAUNCHER, "--launch-immediately"], **QUIET)
        harness.wait_for(self._has_accessibility, what="the accessibility bus")
        Atspi.init()
        Atspi.set_timeout(2000, 5000)  # ms: a call, and an application that starts

    def _make_environ(self):
        """Nothing of the user's desktop, and no graphics driver."""
        for name in ("services", "run", "config/gtk-4.0", "data", "cache"):
            os.makedirs(f"{self.folder}/{name}", 0o700)
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WAYLAND_", "XDG_", "DBUS_", "AT_SPI_", "GTK_"))
        }
        environ.update(
            HOME=self.folder,
            XDG_RUNTIME_DIR=f"{self.folder}/run",
            XDG_CONFIG_HOME=f"{self.folder}/config",
            XDG_DATA_HOME=f"{self.folder}/data",
            XDG_CACHE_HOME=f"{self.folder}/cache",
            GDK_BACKEND="x11",
            GSK_RENDERER="cairo",
            GDK_DEBUG="gl-disable",
            GSETTINGS_BACKEND="memory",
            NO_AT_BRIDGE="0",
            LC_ALL="C.UTF-8",
        )
        self.set_theme(dark=False)
        return environ

    def set_theme(self, dark, animations=False):
        """How programs that are started from now on look."""
        with open(f"{self.folder}/config/gtk-4.0/settings.ini", "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(dark=int(dark), animations=int(animations)))

    def spawn(self, arguments, **options):
        """Starts a program of this desktop, which ends with it."""
        process = subprocess.Popen(
            arguments, env=self.environ, preexec_fn=die_with_parent, **options
        )
        self._processes.append(process)
        return process

    def _start(self, arguments, option):
        """Starts a server that writes a line to the descriptor given by option; returns that."""
        readable, writable = os.pipe()
        option = f"{option}={writable}" if option.startswith("--") else option
        arguments = [*arguments, option] + ([] if "=" in option else [str(writable)])
        self.spawn(arguments, pass_fds=[writable], stderr=subprocess.DEVNULL)
        os.close(writable)
        with os.fdopen(readable) as file:
            line = file.readline().strip()
        assert line, f"{arguments[0]} did not start"
        return line

    def _has_accessibility(self):
        call = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus"]
        call += ["--object-path", "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress"]
        result = subprocess.run(call, env=self.environ, capture_output=True, check=False)
        return result.returncode == 0

    def close(self):
        """Ends every program and removes the home directory."""
        self.notifications.close()
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.lru_cache(maxsize=None)
def desktop():
    """The desktop of this test program."""
    result = Desktop()
    atexit.register(result.close)
    return result
