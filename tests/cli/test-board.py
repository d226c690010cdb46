#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command that needs a board, on a simulated one whose flash is compared byte by byte."""

import json
import os
import pty
import random
import re
import subprocess

import firmware
import harness
from cli import (
    DEADLINE,
    FLASH_SIZE,
    PROGRAM,
    SECTOR,
    Folder,
    cases,
    environ,
    image,
    run,
    side_by_side,
)

IMAGE = image()


def test_detect():
    with Folder() as folder:
        result = run("--port", folder.port("mac=5C:CF:7F:3A:91:0E"), "detect", "--json").result()
        assert result["chip"] == "ESP8266", result
        assert result["mac"] == "5C:CF:7F:3A:91:0E", result
        assert result["crystal_mhz"] == 26 and result["loader"] == "rom", result
        assert isinstance(result["variant"], str) and "Wi-Fi" in result["features"], result
        assert result["revision"] is None or isinstance(result["revision"], int), result
        flash = result["flash"]
        assert flash["size"] == FLASH_SIZE and flash["embedded_size"] is None, result
        assert flash["manufacturer_id"] == 0xEF and flash["device_id"] == 0x4016, result
        assert "Winbond" in flash["manufacturer"] and flash["name"].startswith("W25Q32"), result
        assert result["security"] == {"secure_boot": False, "flash_encryption": False}, result
        assert result["recommended"]["mode"] == "dio", result
        assert result["recommended"]["baud"] >= 115200, result


def test_detect_in_words():
    with Folder() as folder:
        done = run("--port", folder.port(), "detect")
        assert done.status == 0 and done.stderr == "", done
        for part in "ESP8266", "4 MB", "W25Q32", "5C:CF:7F:3A:91:0E", "26 MHz", "dio":
            assert part in done.stdout, done
        columns = {re.match(r"  (.+?)  +(?=\S)", line).end() for line in done.stdout.splitlines()}
        assert len(columns) == 1, done  # the values stand in one column


def test_flash_a_real_firmware():
    data = firmware.nodemcu()
    with Folder() as folder:
        folder.fill(0xA5)
        path = folder.file("nodemcu.bin", data)
        port = folder.port()
        result = run("--port", port, "--json", "flash", "--erase", path).result()
        flash = folder.flash.read_bytes()
        assert len(flash) == FLASH_SIZE
        firmware.check_flashed(flash, data, mode=data[2])
        assert flash[3] == (data[3] & 0x0F | 0x40), "the size is the detected one"
        assert set(flash[len(data) :]) == {0xFF}, "the rest is blank"
        (region,) = result["regions"]
        assert (region["offset"], region["length"]) == (0, len(data)), result
        assert region["verified"] is True and region["written"] > 0, result
        assert result["bytes_on_wire"] > len(data) / 2 and result["loader"] == "stub", result
        assert {"connect", "erase", "write", "verify"} <= set(result["seconds"]), result

        assert run("--port", port, "--json", "verify", path).result()["regions"]
        copy = folder.path / "copy.bin"
        result = run("--port", port, "--json", "read", 0, "all", copy).result()
        assert result["length"] == FLASH_SIZE, result
        assert copy.read_bytes() == flash
        run("--port", port, "--json", "erase").result()
        assert set(folder.flash.read_bytes()) == {0xFF}


def test_only_what_changed_is_written():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        flash = ["--port", folder.port(), "--json", "flash"]
        first = run(*flash, path).result()["regions"][0]
        again = run(*flash, path).result()["regions"][0]
        whole = run(*flash, "--all", path).result()["regions"][0]
        assert first["written"] == whole["written"] >= len(IMAGE), (first, whole)
        assert again["written"] == 0 and again["skipped"] == first["written"], again
        assert again["verified"] is True, again
        changed = bytearray(IMAGE)
        changed[9000:9002] = changed[9000] ^ 1, changed[9001] ^ 1  # the checksum stays right
        path.write_bytes(changed)
        one = run(*flash, path).result()["regions"][0]
        assert one["written"] == SECTOR, one
        firmware.check_flashed(folder.flash.read_bytes(), path.read_bytes())


def test_several_files():
    with Folder() as folder:
        folder.fill(0x5A)
        low = folder.file("low.bin", IMAGE)
        named = folder.file("0x10000.bin", b"named" * 1000)
        typed = folder.file("data=1.bin", b"typed")
        what = [low, named, f"0x3fc000={typed}"]
        result = run("--port", folder.port(), "--json", "flash", *what).result()
        offsets = [region["offset"] for region in result["regions"]]
        assert offsets == [0, 0x10000, 0x3FC000], result
        flash = folder.flash.read_bytes()
        for offset, path in zip(offsets, [low, named, typed]):
            data = path.read_bytes()
            assert flash[offset : offset + len(data)] == data, hex(offset)
        assert set(flash[0x20000:0x30000]) == {0x5A}, "nothing else is touched"
        run("--port", folder.port(), "--json", "verify", *what).result()


# name, options, header bytes 2 and 3 of the image, the same on the flash
HEADERS = [
    ("automatic", [], (2, 0x00), (2, 0x40)),
    ("keep", ["--mode", "keep", "--size", "keep"], (0, 0x21), (0, 0x21)),
    ("mode", ["--mode", "dout"], (0, 0x40), (3, 0x40)),
    ("freq", ["--freq", "80m"], (2, 0x40), (2, 0x4F)),
    ("freq_26", ["--freq", "26"], (2, 0x40), (2, 0x41)),
    ("size", ["--size", "1M", "--mode", "qio", "--freq", "40MHz"], (2, 0x4F), (0, 0x20)),
]


def check_header(options, given, expected):
    with Folder() as folder:
        data = image(5000, *given)
        path = folder.file("a.bin", data)
        run("--port", folder.port(), "--json", "flash", *options, path).result()
        flash = folder.flash.read_bytes()
        assert tuple(flash[2:4]) == expected, flash[2:4].hex()
        firmware.check_flashed(flash, data)
        run("--port", folder.port(), "--json", "verify", *options, path).result()


cases(globals(), "header", HEADERS, check_header)


def test_no_verify_is_said():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        flash = ["--port", folder.port(), "flash", "--all", "--no-verify", path]
        assert run("--json", *flash).result()["regions"][0]["verified"] is False
        assert "not verified" in run(*flash).stdout


def test_backup_comes_first():
    with Folder(flash_size=512 << 10) as folder:
        folder.fill(0x3C)
        saved = folder.path / "saved.bin"
        path = folder.file("a.bin", IMAGE)
        run("--port", folder.port(), "--json", "flash", "--backup", saved, path).result()
        assert saved.read_bytes() == bytes([0x3C]) * folder.flash_size
        firmware.check_flashed(folder.flash.read_bytes(), IMAGE)


# By what goes over the line, because time depends on the machine. The ROM reads each byte twice.
def test_reading_by_the_stub():
    size, half = 1 << 20, 512 << 10
    with Folder(flash_size=size) as folder:
        noise = random.Random(8266).randbytes(half)
        expected = noise[: half // 2] + b"\xff" * half + noise[half // 2 :]
        folder.flash.write_bytes(expected)
        port = folder.port()
        wire = {}
        for loader, length in (("stub", size), ("rom", 8 << 10)):
            copy = folder.path / f"{loader}.bin"
            command = ["--port", port, "--loader", loader, "--json", "read", 0, length, copy]
            done = run(*command)
            result = done.result()
            assert result["loader"] == loader and copy.read_bytes() == expected[:length], result
            wire[loader] = result["bytes_on_wire"] / length
            steps = [step for step in done.events("progress") if step["phase"] == "read"]
            places = [step["done"] for step in steps]
            assert places == sorted(places) and places[-1] == length, places
            assert all(step["total"] == length for step in steps), steps
            assert steps[-1]["rate"], steps
        # half of it is blank, and the stub itself takes 12 KB
        assert wire["stub"] < 0.55, wire
        assert wire["rom"] > 8 * wire["stub"], wire


def test_verify_tells_the_first_difference():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        run("--port", folder.port(), "--json", "flash", path).result()
        flash = bytearray(folder.flash.read_bytes())
        for address in 0x2345, 0x2346, 0x3000:
            flash[address] ^= 0x80
        folder.flash.write_bytes(flash)
        error = run("--port", folder.port(), "--json", "verify", path).error("verify")
        assert "0x2345" in error["message"].lower(), error
        assert folder.flash.read_bytes() == flash, "verify writes nothing"


def test_erase_a_region():
    with Folder() as folder:
        folder.fill(0x11)
        result = run("--port", folder.port(), "--json", "erase", "0x3000", "20K").result()
        assert (result["offset"], result["length"]) == (0x3000, 20 << 10), result
        flash = folder.flash.read_bytes()
        assert set(flash[0x3000:0x8000]) == {0xFF}
        assert set(flash[:0x3000] + flash[0x8000:]) == {0x11}


# name, offset, length, the bytes that are read
READS = [
    ("one_byte", "5", "1", (5, 6)),
    ("odd", "0x1003", "8195", (0x1003, 0x1003 + 8195)),
    ("units", "1M", "4K", (1 << 20, (1 << 20) + 4096)),
    ("to_the_end", "0x3ff000", "all", (0x3FF000, FLASH_SIZE)),
    ("last_byte", "0x3fffff", "1", (FLASH_SIZE - 1, FLASH_SIZE)),
]


def check_read(offset, length, span):
    with Folder() as folder:
        folder.flash.write_bytes(os.urandom(1 << 16) * (FLASH_SIZE >> 16))
        copy = folder.path / "copy.bin"
        result = run("--port", folder.port(), "--json", "read", offset, length, copy).result()
        assert copy.read_bytes() == folder.flash.read_bytes()[slice(*span)]
        assert result["length"] == span[1] - span[0] and result["file"] == str(copy), result


cases(globals(), "read", READS, check_read)


def test_before_none_talks_to_a_waiting_loader():
    with Folder() as folder:
        port = folder.port("lines=no", "boot=loader")
        assert run("--port", port, "--before", "none", "--json", "detect").result()["chip"]


def test_progress_in_json():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        done = run("--port", folder.port(), "--json", "flash", "--all", path)
        done.result()
        events = done.events("progress")
        for event in events:
            fields = {"event", "phase", "done", "total", "rate", "eta"}
            assert set(event) == fields, event
        phases = list(dict.fromkeys(event["phase"] for event in events))
        order = ["connect", "prepare", "compare", "erase", "write", "verify", "restart", "boot"]
        assert phases == [phase for phase in order if phase in phases], phases
        assert {"connect", "write", "verify"} <= set(phases), phases
        assert not done.events("log"), "log lines are for --verbose"
        logs = run("--port", folder.port(), "--json", "--verbose", "detect").events("log")
        assert logs, "--verbose tells every step"
        assert all(log["level"] in {"debug", "info", "warning", "error"} for log in logs), logs
        assert all(log["message"] for log in logs), logs


def test_quiet_is_quiet():
    with Folder() as folder:
        path = folder.file("a.bin", IMAGE)
        done = run("--port", folder.port(), "--quiet", "flash", path)
        assert (done.status, done.stdout, done.stderr) == (0, "", ""), done


def on_terminal(*args):
    """Runs with a terminal as standard error; returns status, output and what the terminal got."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        env=environ(TERM="xterm"),
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            shown += os.read(master, 65536)
        except OSError:  # EIO: nobody has the other side any more
            break
    os.close(master)
    return process.wait(DEADLINE), process.stdout.read().decode(), shown.decode()


def test_progress_bar_on_a_terminal():
    with Folder() as folder:
        path = folder.file("a.bin", image(30000))
        args = ["--port", folder.port("timing=datasheet"), "--baud", 921600, "flash", "--all", path]
        status, stdout, shown = on_terminal(*args)
        assert status == 0 and "a.bin" in stdout and "%" not in stdout, (stdout, shown)
        lines = [line.replace("\x1b[K", "") for line in shown.split("\r")]
        writing = re.compile(r"^Writing +[█·]+ +\d+ % .*/s .* s left$")
        assert any(map(writing.search, lines)), lines
        assert all(len(line) < 80 for line in lines), lines
        assert shown.endswith("\r\x1b[K"), "the bar is gone at the end"
        percent = [int(number) for number in re.findall(r"(\d+) %", shown)]
        assert percent == sorted(percent), "progress never goes back"


def test_no_bar_without_a_terminal():
    with Folder() as folder:
        done = run("--port", folder.port(), "flash", folder.file("a.bin", IMAGE))
        assert done.status == 0 and done.stderr == "" and "\x1b" not in done.stdout, done
        assert "verified" in done.stdout, done
        status, stdout, shown = on_terminal("--port", folder.port(), "--json", "detect")
        assert status == 0 and shown == "" and json.loads(stdout.splitlines()[-1])["ok"], shown


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
