# SPDX-License-Identifier: GPL-3.0-or-later
"""Fulgurite's window, as a person sees and uses it."""

import os
import re
import shutil
import tempfile
import time

import harness
from desktop import desktop
from rig import Program

LONG = 60  # seconds; what takes a whole flash


class Window(Program):
    """The program with its window.

    ports: the SerialPorts it sees; None: those of this machine
    """

    def __init__(self, *arguments, ports=None, leaks=False, environ=None):
        environ = {**desktop().environ, **(environ or {})}
        super().__init__(
            [os.environ["FG_APP"], *arguments],
            ports.environ(environ) if ports is not None else environ,
            leaks,
        )

    @property
    def status(self):
        """The bold line of the action bar."""
        return self.find("status bar").text

    def wait_for_status(self, text, timeout=10.0):
        """Waits until the status line holds this text, or one that matches."""
        pattern = text if hasattr(text, "search") else re.compile(re.escape(text))
        try:
            return harness.wait_for(lambda: pattern.search(self.status), timeout)
        except TimeoutError:
            raise AssertionError(f"waited for {text!r}, the status is {self.status!r}") from None

    def detail(self):
        """The dim line of the action bar."""
        return self.after(self.find("status bar"), "label").text

    def after(self, widget, role):
        """The next widget of this role after another one."""
        found = False
        for other in self.all():
            if found and other.role == role:
                return other
            found = found or other.accessible == widget.accessible
        raise AssertionError(f"there is no {role} after {widget.name!r}")

    def can(self, name):
        """Whether there is a button of this name that can be clicked now."""
        button = self.look_for("push button", name)
        return button is not None and button.sensitive

    def press(self, name):
        """Clicks a button as soon as it can be clicked."""
        return self.activate("push button", name)

    def flash(self, erase=False):
        """Clicks Flash, and says yes to what it asks."""
        self.press("Flash")
        if erase:
            harness.wait_for(lambda: len(self.windows()) == 2, what="the question about erasing")
            self.find("label", "Erase the whole flash?")
            self.answer("Erase and flash")

    def choose_in_menu(self, name):
        """Opens the main menu and clicks an entry."""
        self.keys("F10")
        self.activate("menu item", name)

    def tick(self, name):
        """Ticks a check box."""
        box = self.find("check box", name)
        was = box.checked
        box.click()
        harness.wait_for(lambda: box.checked != was, what=f"ticking {name!r}")

    def is_done(self):
        """Whether everything was flashed and verified."""
        return self.look_for("label", "Flashed and verified") is not None

    def wait_until_flashed(self, timeout=LONG):
        """Waits for the page that says that it is flashed."""
        done = harness.wait_for(lambda: self.is_done() or self.can("Try again"), timeout)
        assert done and self.is_done(), f"{self.status}: {[label.text for label in self.all()]}"

    def wait_until_failed(self, title, timeout=LONG):
        """Waits for the page that says what went wrong."""
        self.find("label", re.compile(title), timeout)
        harness.wait_for(lambda: self.can("Try again"), what="Try again")
        assert not self.is_done(), self.status

    def progress_bar(self):
        """The progress bar of the job that runs."""
        return self.find("progress bar", "Progress")

    def wait_for_progress(self, fraction, timeout=LONG):
        """Waits until this fraction is done, and returns all that was shown on the way."""
        bar = self.progress_bar()
        seen = [bar.value]
        deadline = time.monotonic() + timeout
        while seen[-1] < fraction:
            assert time.monotonic() < deadline, f"{self.status}: {seen[-1]} after {timeout} s"
            seen.append(bar.value)
        return seen

    def log(self):
        """The text of the log, which is opened for it."""
        if self.look_for("text", "Log") is None:
            self.press("Log")
        return self.find("text", "Log").text


class Files:
    """A folder with files for one test."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="files-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def make(self, name, data):
        """Writes a file and returns its path."""
        path = f"{self.folder}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path
