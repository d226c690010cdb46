#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of the window's states: take.py BUILD_DIR OUT_DIR [STATE…]

It runs the real program with simulated boards under an X server of its own, light and dark, wide
and narrow. A state is one of STATES, or NAME-light, NAME-dark, narrow-NAME-light… for one picture.
"""

import os
import random
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../support")

import harness  # noqa: E402 pylint: disable=wrong-import-position
from desktop import QUIET, desktop  # noqa: E402 pylint: disable=wrong-import-position
from rig import Program  # noqa: E402 pylint: disable=wrong-import-position

APPLICATION = "io.github.fulgurite.Fulgurite"
SETTINGS = """[io/github/fulgurite/Fulgurite]
window-width={width}
window-height=680
log-shown={log}
write-only-changed={only_changed}
"""
BACKGROUND = {"light": "#cfd8df", "dark": "#26303a"}
NODEMCU = "firmware/nodemcu-2.2.1/nodemcu.bin"
BOARD = "sim:esp8266,flash=4M"


class Session:
    """One run of the program in one look."""

    def __init__(self, build, folder, wide, state):
        self.build = build
        self.folder = folder
        self.environ = {"GSETTINGS_BACKEND": "keyfile", "GSETTINGS_SCHEMA_DIR": f"{build}/data"}
        keyfile = f"{desktop().folder}/config/glib-2.0/settings/keyfile"
        os.makedirs(os.path.dirname(keyfile), exist_ok=True)
        with open(keyfile, "w", encoding="utf-8") as file:
            file.write(
                SETTINGS.format(
                    width=760 if wide else 480,
                    log=str(state == "running").lower(),
                    only_changed=str(state != "failed").lower(),
                )
            )
        self.program = Program([f"{build}/src/app/fulgurite"], self.environ)

    def use_port(self, path, title="NodeMCU"):
        """Chooses a port by what a job and what people call it."""
        self.action("use-port", f"('{path}', '{title}')")

    def action(self, name, value):
        """Activates an action of the window that has a parameter."""
        call = ["gdbus", "call", "--session", "--dest", APPLICATION]
        call += ["--object-path", "/io/github/fulgurite/Fulgurite/window/1"]
        call += ["--method", "org.gtk.Actions.Activate", name, f"[<{value}>]", "{}"]
        subprocess.run(call, env=self.program.environ, check=True, stdout=subprocess.DEVNULL)

    def open(self, *names):
        """Adds files of the shared firmware, or stand-ins."""
        for name in names:
            self.action("open-path", f"'{self.firmware(name)}'")
        self.program.wait_for_text(os.path.basename(names[-1]))

    def firmware(self, name):
        """The path of a firmware; made up when there is none."""
        shared = os.environ.get("FG_SHARED", f"{HERE}/../../../shared")
        if os.path.exists(f"{shared}/{name}"):
            return os.path.abspath(f"{shared}/{name}")
        path = f"{self.folder}/{os.path.basename(name)}"
        body = random.Random(1).randbytes(0x4000 - 24)
        with open(path, "wb") as file:
            header = bytes.fromhex("e901024000001040" "00001040") + len(body).to_bytes(4, "little")
            checksum = 0xEF
            for byte in body:
                checksum ^= byte
            file.write(header + body + b"\0" * 7 + bytes([checksum]))
        return path

    def detect(self):
        """Asks the board and waits for its card."""
        self.program.activate("push button", "Detect chip")
        self.program.wait_for_text("ESP8266EX", 20)

    def flash(self):
        """Starts flashing."""
        self.program.activate("push button", "Flash")


def start(session):
    """A board, and nothing chosen yet."""
    session.use_port(BOARD)
    session.program.wait_for_text("No firmware chosen")


def ready(session):
    """Detected, and a file is chosen."""
    session.use_port(BOARD)
    session.open(NODEMCU)
    session.detect()
    session.program.wait_for_text("Ready to flash")


def two_files(session):
    """Several files."""
    session.use_port(BOARD)
    folder = "firmware/nodemcu-0.9.5"
    session.open(f"{folder}/0x00000.bin", f"{folder}/0x10000.bin")
    session.detect()


def ports(session):
    """The list of boards is open."""
    session.use_port("rfc2217://192.168.1.20:2217", "192.168.1.20:2217")
    ready(session)
    session.program.look_for(
        "push button", within=session.program.find("combo box", "Board and port")
    ).activate()


def partly_flashed(session):
    """A board that holds a part of the file already."""
    path = f"{session.folder}/flash-{os.getpid()}.img"
    with open(session.firmware(NODEMCU), "rb") as file:
        content = bytearray(file.read().ljust(4 << 20, b"\xff"))
    for sector in list(range(1, 22)) + list(range(34, 58)) + list(range(73, 104)):
        content[sector * 4096 + 7] ^= 0x55
    content[3] = 0x40
    with open(path, "wb") as file:
        file.write(content)
    return path


def running(session):
    """In the middle of writing, with the log open."""
    session.use_port(f"{BOARD},image={partly_flashed(session)}")
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Writing nodemcu.bin", 60)
    bar = session.program.find("progress bar", "Progress")
    harness.wait_for(lambda: bar.value > 0.55, 60, "more than half")


def verifying(session):
    """While it is read back."""
    session.use_port(f"{BOARD},timing=none")
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Verifying", 60)


def done(session):
    """It went well."""
    session.use_port(f"{BOARD},timing=none,image={partly_flashed(session)}")
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Flashed and verified", 60)


def failed(session):
    """Unplugged half-way."""
    session.use_port(f"{BOARD},timing=none,unplug=200000")
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Try again", 60)
    session.program.wait_for_text("On the flash now", 10)


def hold_boot(session):
    """The board does not enter its loader by itself."""
    session.use_port(f"{BOARD},mute")
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Help the board into its loader", 60)
    session.program.wait_for_text("Attempt", 60)


def empty(session):
    """No port at all."""
    session.program.wait_for_text("No board found")


def erase(session):
    """It asks before it erases."""
    ready(session)
    box = session.program.find("check box", "Erase before flashing")
    session.program.keys("alt+e")
    harness.wait_for(lambda: box.checked, what="erase being ticked")
    session.flash()
    harness.wait_for(lambda: len(session.program.windows()) == 2, what="the question")


def close(session):
    """It asks before it closes."""
    session.use_port(BOARD)
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Erasing", 60)
    session.program.keys("ctrl+w")
    harness.wait_for(lambda: len(session.program.windows()) == 2, what="the question")


def cancelled(session):
    """Cancelled while it writes."""
    session.use_port(BOARD)
    session.open(NODEMCU)
    session.flash()
    session.program.wait_for_text("Writing nodemcu.bin", 60)
    session.program.activate("push button", "Cancel")
    session.program.wait_for_text("Cancelled")


def detecting(session):
    """Asking a board that does not answer yet."""
    session.use_port(f"{BOARD},mute")
    session.program.activate("push button", "Detect chip")
    session.program.wait_for_text("Connecting")


def unknown(session):
    """A board whose flash does not answer."""
    session.use_port(f"{BOARD},flashid=FFFFFF")
    session.program.activate("push button", "Detect chip")
    session.program.wait_for_text("Unknown", 20)


def address(session):
    """Asks for an address."""
    session.program.activate("push button", "Add network port…")
    harness.wait_for(lambda: len(session.program.windows()) == 2, what="the dialog")
    session.program.type("rfc2217://192.168.1.20:")


def warning(session):
    """A file that is data, an empty one and a directory."""
    session.use_port(BOARD)
    files = {"notes.bin": b"hello there, this is no firmware\n" * 99, "empty.bin": b""}
    for name, content in files.items():
        path = f"{session.folder}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        session.action("open-path", f"'{path}'")
    session.program.wait_for_text("notes.bin")


def findings(session):
    """Files with something to say about each, and a remedy where there is one."""
    session.use_port(BOARD)
    session.detect()
    files = {"0x12345.bin": bytes(range(256)) * 200, "page.bin": b"<!DOCTYPE html>\n<html>\n" * 9}
    for name, content in files.items():
        path = f"{session.folder}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        session.action("open-path", f"'{path}'")
    session.open(NODEMCU)
    session.program.wait_for_text("Move to 0x12000")


def init_data(session):
    """Init data at the wrong place."""
    two_files(session)
    path = f"{session.folder}/0x7C000.bin"
    shutil.copy(session.firmware("firmware/nodemcu-0.9.5/esp_init_data_default.bin"), path)
    session.action("open-path", f"'{path}'")
    session.program.wait_for_text("Move to 0x3FC000")


def esp32(session):
    """A whole set for an ESP32."""
    session.use_port("sim:esp32,flash=4M", "ESP32 DevKit")
    folder = "firmware/esp32-nat-router"
    for name in ("bootloader", "partition-table", "ota_data_initial", "esp32_nat_router"):
        session.open(f"{folder}/{name}.bin")
    session.program.activate("push button", "Detect chip")
    session.program.wait_for_text("Ready to flash", 20)


def inspector(session):
    """Everything about one file."""
    ready(session)
    session.program.activate("push button", "Inspect nodemcu.bin")
    harness.wait_for(lambda: len(session.program.windows()) == 2, what="the inspector")


def inspector_esp32(session):
    """Everything about a program of the ESP-IDF."""
    esp32(session)
    session.program.activate("push button", "Inspect esp32_nat_router.bin")
    harness.wait_for(lambda: len(session.program.windows()) == 2, what="the inspector")


STATES = {
    "findings": findings,
    "init-data": init_data,
    "esp32": esp32,
    "inspector": inspector,
    "inspector-esp32": inspector_esp32,
    "start": start,
    "ready": ready,
    "two-files": two_files,
    "ports": ports,
    "running": running,
    "verifying": verifying,
    "done": done,
    "failed": failed,
    "hold-boot": hold_boot,
    "empty": empty,
    "warning": warning,
    "erase": erase,
    "close": close,
    "cancelled": cancelled,
    "detecting": detecting,
    "unknown": unknown,
    "address": address,
}
DEFAULT = ["start", "ready", "running", "done", "failed", "empty", "hold-boot"]


def take(build, out, name):
    """Takes one picture."""
    theme = name.rsplit("-", 1)[1]
    state = name.removeprefix("narrow-").rsplit("-", 1)[0]
    screen = desktop()
    screen.set_theme(dark=theme == "dark")
    subprocess.run(["hsetroot", "-solid", BACKGROUND[theme]], env=screen.environ, **QUIET)
    with open(f"{screen.folder}/config/gtk-4.0/settings.ini", "a", encoding="utf-8") as file:
        file.write("gtk-decoration-layout=:close\n")
    session = Session(build, screen.folder, not name.startswith("narrow-"), state)
    try:
        STATES[state](session)
    except TimeoutError as error:
        print(f"{name}: {error}\n{session.program.output()}", file=sys.stderr)
    time.sleep(0.4)  # a frame that is drawn cannot be asked for
    session.program.screenshot(f"{out}/{name}.png")
    session.program.close(expect_quiet=False)
    crop = ["-trim", "+repage", "-bordercolor", BACKGROUND[theme], "-border", "24"]
    subprocess.run(["convert", f"{out}/{name}.png", *crop, f"{out}/{name}.png"], check=True)
    print(f"{out}/{name}.png", flush=True)


def expand(words):
    """Names of pictures from states and names."""
    for word in words or DEFAULT:
        if word.rsplit("-", 1)[-1] in BACKGROUND:
            yield word
        else:
            yield from (f"{word}-light", f"{word}-dark", f"narrow-{word}-light")


def main():
    """See the module."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    build, out = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(out, exist_ok=True)
    if not shutil.which("metacity"):
        sys.exit("metacity is missing: it draws the shadow of the window")
    screen = desktop()
    screen.spawn(["metacity", "--composite"], **QUIET)
    owner = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    harness.wait_for(
        lambda: b"window id"
        in subprocess.run(owner, env=screen.environ, capture_output=True, check=False).stdout,
        what="the window manager",
    )
    for name in expand(sys.argv[3:]):
        take(build, out, name)


if __name__ == "__main__":
    main()
