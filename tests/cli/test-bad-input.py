#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of bad input: exit status, code, what was found, what to do; the flash stays whole."""

import fcntl
import os
import pty
import tty

import firmware
import harness
from cli import FLASH_SIZE, Folder, cases, image, run, side_by_side

IMAGE = image()
BROKEN = bytearray(IMAGE)
BROKEN[100] ^= 0x10

# name, files by name, what follows "flash", code, exit status, part of the message
FILES = [
    ("nothing", {}, [], "usage", 2, "WHAT"),
    ("missing", {}, ["none.bin"], "file", 1, "none.bin"),
    ("folder", {}, ["."], "file", 1, "folder"),
    ("empty", {"e.bin": b""}, ["e.bin"], "file-empty", 1, "e.bin"),
    ("device", {}, ["/dev/zero"], "file", 1, "/dev/zero"),
    ("larger_than_any_flash", {"l.bin": bytes(17 << 20)}, ["l.bin"], "too-large", 1, "l.bin"),
    ("larger_than_this_flash", {"l.bin": bytes(FLASH_SIZE + 1)}, ["l.bin"], "too-large", 1, "4 MB"),
    ("past_the_end", {"a.bin": IMAGE}, ["0x3ff000=a.bin"], "too-large", 1, "0x3FF000"),
    ("another_chip", {"c.bin": firmware.esp32()}, ["c.bin"], "wrong-chip", 1, "ESP32"),
    ("damaged", {"b.bin": bytes(BROKEN)}, ["b.bin"], "file-kind", 1, "checksum"),
    ("cut", {"b.bin": IMAGE[:5000]}, ["b.bin"], "file-kind", 1, "b.bin"),
    ("overlap", {"a.bin": IMAGE, "b.bin": IMAGE}, ["a.bin", "0x4000=b.bin"], "overlap", 1, "b.bin"),
    ("unaligned", {"a.bin": IMAGE}, ["0x800=a.bin"], "range", 1, "0x800"),
    ("no_offset", {"a.bin": IMAGE}, ["12q=a.bin"], "usage", 2, "12q"),
    ("half_missing", {"a.bin": IMAGE}, ["a.bin", "0x40000=b.bin"], "file", 1, "b.bin"),
]


def check_file(files, what, code, status, message):
    with Folder() as folder:
        folder.fill(0x77)
        for name, data in files.items():
            folder.file(name, data)
        for command in "flash", "verify":
            done = run("--port", folder.port(), "--json", command, *what, cwd=folder.path)
            error = done.error(code, status)
            assert message in error["message"], error
        assert set(folder.flash.read_bytes()) == {0x77}, "the flash is untouched"
        plain = run("--port", folder.port(), "flash", *what, cwd=folder.path)
        assert plain.status == status and plain.stdout == "", plain
        said = plain.stderr.splitlines()
        assert said[0].startswith("fulgurite-cli: ") and len(said) >= 2, plain


cases(globals(), "file", FILES, check_file)

# name, files that are wrong whatever the board is
NEEDS_BOARD = ("larger_than_this_flash", "past_the_end", "another_chip")
ALONE = [row for row in FILES if row[0] not in NEEDS_BOARD]


def check_alone(files, what, code, status, _message):
    with Folder() as folder:
        for name, data in files.items():
            folder.file(name, data)
        port = f"{folder.path}/no-such-port"
        done = run("--port", port, "--json", "flash", *what, cwd=folder.path)
        done.error(code, status)
        assert not done.events("progress"), "the board is not touched"


cases(globals(), "before_the_board", ALONE, check_alone)


def test_forbidden_file():
    with Folder() as folder:
        path = folder.file("secret.bin", IMAGE)
        if os.geteuid() == 0:  # root may read everything: what it cannot read is not there
            path = "/proc/self/mem/secret.bin"
        else:
            path.chmod(0)
        error = run("--port", folder.port(), "--json", "flash", path).error("file")
        assert "secret.bin" in error["message"], error


def test_data_is_allowed_after_a_warning():
    with Folder() as folder:
        path = folder.file("data.bin", b"some data " * 1000)
        done = run("--port", folder.port(), "flash", path)
        assert done.status == 0 and done.stderr.startswith("Warning: data.bin"), done
        assert folder.flash.read_bytes().startswith(path.read_bytes())
        result = run("--port", folder.port(), "--json", "flash", path).result()
        assert any("data.bin" in warning for warning in result["warnings"]), result


# name, arguments after the port, code, exit status, part of the message
REGIONS = [
    ("erase_unaligned_offset", ["erase", "0x123", "4K"], "range", 1, "0x123"),
    ("erase_unaligned_length", ["erase", "0", "100"], "range", 1, "0x64"),
    ("erase_past_the_end", ["erase", "0x3ff000", "8K"], "range", 1, "4 MB"),
    ("erase_zero", ["erase", "0", "0"], "range", 1, "length"),
    ("erase_half", ["erase", "0"], "usage", 2, "LENGTH"),
    ("erase_words", ["erase", "here", "4K"], "usage", 2, "here"),
    ("read_past_the_end", ["read", "0x3fffff", "2", "o"], "range", 1, "4 MB"),
    ("read_beyond", ["read", "4M", "all", "o"], "range", 1, "4 MB"),
    ("read_zero", ["read", "0", "0", "o"], "range", 1, "length"),
    ("read_words", ["read", "0", "everything", "o"], "usage", 2, "everything"),
    ("read_negative", ["read", "0", "4K4", "o"], "usage", 2, "4K4"),
    ("read_to_a_folder", ["read", "0", "4K", "."], "file", 1, "folder"),
    ("read_to_nowhere", ["read", "0", "4K", "none/o"], "file", 1, "none/o"),
]


def check_region(args, code, status, message):
    with Folder() as folder:
        folder.fill(0x77)
        error = run("--port", folder.port(), "--json", *args, cwd=folder.path).error(code, status)
        assert message in error["message"], error
        assert set(folder.flash.read_bytes()) == {0x77}, "the flash is untouched"
        assert not (folder.path / "o").exists(), "no file is left behind"


cases(globals(), "region", REGIONS, check_region)

# name, port, code, exit status, part of the message
PORTS = [
    ("missing", "/dev/ttyUSB99", "port-missing", 1, "ttyUSB99"),
    ("no_terminal", "/dev/null", "port-failed", 1, "/dev/null"),
    ("scheme", "gopher://board", "usage", 2, "gopher"),
    ("nothing", "", "usage", 2, "port"),
    ("chip", "sim:esp9999", "usage", 2, "esp9999"),
    ("key", "sim:esp8266,colour=red", "usage", 2, "colour"),
    ("host", "socket://no-such-host.invalid:5000", "port-missing", 1, "no-such-host"),
    ("tcp_port", "socket://127.0.0.1", "usage", 2, "socket://"),
    ("nobody_listens", "socket://127.0.0.1:1", "port-missing", 1, "127.0.0.1:1"),
    ("rfc2217", "rfc2217://127.0.0.1:1", "port-missing", 1, "nothing listens"),
]


def check_port(port, code, status, message):
    done = run("--port", port, "--json", "detect")
    error = done.error(code, status)
    assert message in error["message"] + error["remedy"], error


cases(globals(), "port", PORTS, check_port)


def test_busy_port():
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    fcntl.flock(slave, fcntl.LOCK_EX)
    error = run("--port", path, "--json", "detect").error("port-busy")
    assert path in error["message"] + error["remedy"], error
    os.close(slave)
    os.close(master)


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
