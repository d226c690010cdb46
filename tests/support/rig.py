# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a real window as a person does.

It is read through accessibility, and clicked so or with a real pointer; keys are real.

    with Program([fulgurite, "--demo"]) as program:
        program.click("push button", "Detect chip")
        program.wait_for_text("ESP8266EX")
"""

import os
import re
import subprocess
import tempfile

import harness
from child import die_with_parent
from desktop import Atspi, desktop
from gi.repository import GLib  # after desktop, which says which version of Atspi

COMPLAINT = re.compile(r"(WARNING|CRITICAL|ERROR) \*\*|-(WARNING|CRITICAL|ERROR)\b|runtime error:")


class Widget:
    """One accessible object."""

    def __init__(self, program, accessible):
        self.program = program
        self.accessible = accessible

    @property
    def name(self):
        return self.accessible.get_name()

    @property
    def role(self):
        return self.accessible.get_role_name()

    @property
    def text(self):
        """What it displays, if it is a label, an entry or a text view."""
        self.accessible.clear_cache()
        text = self.accessible.get_text_iface()
        if text is None:
            return self.name
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))

    @property
    def value(self):
        """The number that a progress bar shows."""
        self.accessible.clear_cache()
        return Atspi.Value.get_current_value(self.accessible.get_value_iface())

    def has_state(self, state):
        """state: "sensitive", "showing", "checked", "focused"…"""
        self.accessible.clear_cache()
        return self.accessible.get_state_set().contains(
            getattr(Atspi.StateType, state.upper().replace("-", "_"))
        )

    @property
    def sensitive(self):
        return self.has_state("sensitive")

    @property
    def checked(self):
        return self.has_state("checked") or self.has_state("pressed")

    @property
    def centre(self):
        """Of its area in the window, pixels."""
        area = Atspi.Component.get_extents(
            self.accessible.get_component_iface(), Atspi.CoordType.WINDOW
        )
        return area.x + area.width // 2, area.y + area.height // 2

    def activate(self):
        """Does what a click does, without a pointer."""
        assert self.sensitive, f"{self.role} “{self.name}” is insensitive"
        assert Atspi.Action.do_action(self.accessible.get_action_iface(), 0)

    def click(self):
        """Clicks it with the pointer."""
        assert self.sensitive, f"{self.role} “{self.name}” is insensitive"
        self.program.click_at(*self.centre)

    def parents(self):
        """Its parents, from the nearest on."""
        parent = self.accessible.get_parent()
        while parent is not None:
            yield Widget(self.program, parent)
            parent = parent.get_parent()


class Program:
    """A program with a window on the desktop of this test.

    leaks: whether a build with sanitizers looks for leaks; all else it looks for always
    """

    def __init__(self, arguments, environ=None, leaks=False):
        self.desktop = desktop()
        self.environ = {**self.desktop.environ, "G_DEBUG": "fatal-criticals", **(environ or {})}
        # Whose leak it is can be told only by whole stacks, which take their time: GTK has no frame
        # pointers.
        leaks = "fast_unwind_on_malloc=0" if leaks else "detect_leaks=0"
        options = filter(None, [self.environ.get("ASAN_OPTIONS"), leaks])
        self.environ["ASAN_OPTIONS"] = ":".join(options)
        self._output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            arguments,
            env=self.environ,
            stdout=self._output,
            stderr=self._output,
            preexec_fn=die_with_parent,
        )
        self.root = None
        self.root = harness.wait_for(self._find_root, 30, f"the window of {arguments[0]}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self._show_failure()
        self.close(kind is None)

    def _find_root(self):
        self._check_alive()
        self._pump()
        top = Atspi.get_desktop(0)
        top.clear_cache()
        for index in range(top.get_child_count()):
            application = top.get_child_at_index(index)
            if application is None or application.get_child_count() == 0:
                continue
            if application.get_process_id() == self.process.pid:
                return application
        return None

    def _check_alive(self):
        status = self.process.poll()
        assert status is None, f"the program ended with {status}: {self.output()}"

    @staticmethod
    def _pump():
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass

    def output(self):
        """All that the program has written; leaves its place in the file alone."""
        file = self._output.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode(errors="replace")

    def close(self, expect_quiet=True):
        """Closes the window, and then the program must have ended without a complaint."""
        if self.process.poll() is None:
            if expect_quiet and self.windows():
                self.keys("ctrl+q")
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    self._show_failure()
            self.process.kill()
            self.process.wait()
        output = self.output()
        self._output.close()
        if expect_quiet:
            assert self.process.returncode == 0, f"ended with {self.process.returncode}: {output}"
            complaints = [line for line in output.splitlines() if COMPLAINT.search(line)]
            assert not complaints, "\n".join(complaints)

    def _show_failure(self):
        """What was there when a test failed, for whoever reads its output."""
        for line in filter(None, self.output().splitlines()[-40:]):
            print(f"# | {line}")
        if self.process.poll() is None:
            for widget in self.all():
                print(f"# - {widget.role}: {widget.text!r}")
            folder = os.environ.get("FG_SCREENSHOTS")
            if folder:
                os.makedirs(folder, exist_ok=True)
                self.screenshot(f"{folder}/failed-{os.getpid()}.png")

    # Reading

    def all(self, top=None):
        """Every widget of its windows, from the top down.

        GTK 4.8 also tells those of stack pages that are not shown, unless their accessible state
        is "hidden".
        """
        self._pump()
        self._check_alive()
        top = top or self.root
        top.clear_cache()
        try:
            for index in range(top.get_child_count()):
                child = top.get_child_at_index(index)
                if child is None:
                    continue
                child.clear_cache()
                if child.get_state_set().contains(Atspi.StateType.VISIBLE):
                    yield Widget(self, child)
                    yield from self.all(child)
        except GLib.Error:
            return  # it vanished meanwhile

    def look_for(self, role=None, name=None, within=None):
        """The first widget of this role whose name is, or matches, name; None: there is none.

        name: a text, or a compiled regular expression that is searched for
        """
        for widget in self.all(within.accessible if within else None):
            try:
                if role is not None and widget.role != role:
                    continue
                if name is None or _matches(name, widget.name) or _matches(name, widget.text):
                    return widget
            except GLib.Error:
                continue
        return None

    def find(self, role=None, name=None, timeout=10.0):
        """As look_for(), but waits for it."""
        return harness.wait_for(lambda: self.look_for(role, name), timeout, f"{role} {name!r}")

    def wait_until_gone(self, role=None, name=None, timeout=10.0):
        """Waits until there is no such widget."""
        what = f"{role} {name!r} going away"
        harness.wait_for(lambda: not self.look_for(role, name), timeout, what)

    def wait_for_text(self, text, timeout=10.0):
        """Waits until something shows this text, or one that matches."""
        pattern = text if hasattr(text, "search") else re.compile(re.escape(text))
        return self.find(None, pattern, timeout)

    # Acting

    def activate(self, role, name):
        """Waits for a sensitive widget and does what a click on it does."""
        widget = self.find(role, name)
        harness.wait_for(lambda: widget.sensitive, what=f"{role} {name!r} being sensitive")
        widget.activate()
        return widget

    def windows(self):
        """Ids of its X windows, dialogs among them, the topmost last."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return [window for window in found.stdout.split() if not self._is_popup(window)]

    def _is_popup(self, window):
        """Menus and popovers are windows, too, but the keyboard stays with the one below."""
        ask = ["xwininfo", "-id", window]
        shown = subprocess.run(ask, env=self.environ, capture_output=True, text=True, check=False)
        return "Override Redirect State: no" not in shown.stdout

    def xdotool(self, *arguments):
        """Moves the pointer, presses buttons."""
        subprocess.run(["xdotool", *arguments], env=self.environ, check=True)

    def focus(self):
        """Gives the keyboard to its topmost window; there is no window manager to do it."""
        self.xdotool("windowfocus", "--sync", self.windows()[-1])

    def unfocus(self):
        """Takes the keyboard away from it: as if another window were in front."""
        other = Program([os.environ["FG_DRAG_SOURCE"]], self.environ)
        other.focus()
        harness.wait_for(lambda: not self.find("frame").has_state("active"), what="losing focus")

    def keys(self, *keys):
        """Presses keys, such as "Tab" or "ctrl+Return", one after the other."""
        self.focus()
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text):
        """Types a text."""
        self.focus()
        self.xdotool("type", "--delay", "5", text)

    def click_at(self, x, y):
        """Clicks at a place in its topmost window, in pixels."""
        to = ("--window", self.windows()[-1])
        # --sync waits in vain for a pointer that is there already.
        self.xdotool("mousemove", *to, str(x - 1), str(y))
        self.xdotool("mousemove", "--sync", *to, str(x), str(y), "click", "1")

    def open_list(self, name):
        """Opens the drop-down list of this name."""
        self.look_for("push button", within=self.find("combo box", name)).activate()
        harness.wait_for(lambda: self.list_texts(name), what=f"the list of {name!r}")

    def list_texts(self, name):
        """What the entries of an open drop-down list say; none: it is closed."""
        return [
            " ".join(label.text for label in self.all(item.accessible) if label.role == "label")
            for item in self.all(self.find("combo box", name).accessible)
            if item.role == "list item"
        ]

    def choose(self, name, option):
        """Chooses the first entry of a drop-down list that holds this text."""
        self.open_list(name)
        texts = self.list_texts(name)
        index = next((index for index, text in enumerate(texts) if option in text), None)
        assert index is not None, f"there is no {option!r} in {texts}"
        self.keys("Home", *["Down"] * index, "Return")
        harness.wait_for(lambda: not self.list_texts(name), what=f"the list of {name!r} closing")

    def answer(self, name):
        """Clicks a button of a dialog, which must close.

        GTK 4.8 complains when it is asked about a window that it is just taking down, so that
        nothing is read before it is gone.
        """
        windows = len(self.windows())
        assert windows > 1, "there is no dialog"
        self.activate("push button", name)
        harness.wait_for(lambda: len(self.windows()) < windows, what="the dialog closing")

    def choose_file(self, path):
        """Answers GTK's file chooser, which is open: types the whole path."""
        harness.wait_for(lambda: len(self.windows()) == 2, what="the file chooser")
        self.keys("ctrl+a")  # where a file is saved, a name stands there already
        self.type(path)
        self.keys("Return")
        harness.wait_for(lambda: len(self.windows()) == 1, what="the file chooser closing")

    def drop_files(self, *paths, at, until, refused=False):
        """Drags files from another window and drops them here.

        at: pixels in the window; until: what is true as soon as the program has taken them;
        refused: the program shall not take them
        """
        x, y = at
        source = Program([os.environ["FG_DRAG_SOURCE"], *paths], self.environ)
        try:
            window = source.windows()[0]
            source.xdotool("windowmove", "--sync", window, "1100", "900")
            source.xdotool("mousemove", "--sync", "1150", "930", "mousedown", "1")
            for step in range(1, 11):  # a jump would not be taken for a drag
                self.xdotool("mousemove", "--sync", str(1150 - 5 * step), str(930 - 5 * step))
            harness.wait_for(lambda: "begun" in source.output(), what="the drag")
            target = ("--window", self.windows()[-1])
            self.xdotool("mousemove", "--sync", *target, str(x), str(y))
            self.xdotool("mousemove", "--sync", *target, str(x + 3), str(y + 3))
            if not refused:
                harness.wait_for(lambda: "accepted" in source.output(), what="the drop target")
            source.xdotool("mouseup", "1")
            harness.wait_for(until, what=f"dropping {paths}")
        finally:
            source.close(expect_quiet=False)

    def screenshot(self, path):
        """Writes a picture of the screen."""
        subprocess.run(["import", "-window", "root", path], env=self.environ, check=True)


def _matches(name, found):
    """GTK 4.8 tells the name of a labelled button twice: "Flash Flash"."""
    if hasattr(name, "search"):
        return bool(name.search(found))
    return found in (name, f"{name} {name}")
