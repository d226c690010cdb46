#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is, told without a board; and the list of ports."""

import os
import pathlib
import stat

import firmware
import harness
from cli import Folder, cases, image, run

SHARED = pathlib.Path(os.environ.get("FG_SHARED", "")) / "firmware"
IMAGE = image()
BROKEN = bytearray(IMAGE)
BROKEN[100] ^= 0x10

# name, bytes of the file, facts of the result
GOOD = [
    ("image", IMAGE, {"kind": "esp8266-v1", "chip": "ESP8266", "flash_mode": "dio",
                      "flash_freq": 40, "flash_size": 4 << 20, "checksum_ok": True,
                      "sha256_ok": None, "app": None, "nodemcu": None, "partitions": [],
                      "findings": [], "offset": 0, "problem": None}),
    ("image_qio", image(mode=0, size_freq=0x2F), {"flash_mode": "qio", "flash_freq": 80,
                                                  "flash_size": 1 << 20}),
    ("esp32", firmware.esp32(), {"kind": "bootloader", "chip": "ESP32", "offset": 0x1000}),
    ("blank", b"\xff" * 4096, {"kind": "blank", "chip": None, "checksum": None}),
    ("data", bytes(range(256)), {"kind": "data", "chip": None, "segments": []}),
]  # fmt: skip

# name, bytes of the file, part of the message
BAD = [
    ("checksum", bytes(BROKEN), "checksum"),
    ("cut", IMAGE[: len(IMAGE) // 4], "incomplete"),
    ("web_page", b"<!DOCTYPE html><html>404</html>\n", "web page"),
]


def check_good(data, facts):
    with Folder() as folder:
        path = folder.file("some file.bin", data)
        (found,) = run("inspect", "--json", path).result()["files"]
        assert found["file"] == str(path) and found["size"] == len(data), found
        assert {key: found[key] for key in facts} == facts, found
        plain = run("inspect", path)
        assert plain.status == 0 and plain.stderr == "", plain
        assert "some file.bin" in plain.stdout and "Kind" in plain.stdout, plain


def check_bad(data, message):
    with Folder() as folder:
        path = folder.file("bad.bin", data)
        done = run("inspect", "--json", path)
        (error,) = done.events("error")
        assert done.status == 1 and error["code"] == "file-kind", done
        assert message in error["message"] and "bad.bin" in error["message"], error
        assert error["remedy"] and done.events("result")[0]["ok"] is False, done
        plain = run("inspect", path)
        assert plain.status == 1 and message in plain.stderr, plain


cases(globals(), "good", GOOD, check_good)
cases(globals(), "bad", BAD, check_bad)


def test_segments():
    with Folder() as folder:
        (found,) = run("inspect", "--json", folder.file("a.bin", IMAGE)).result()["files"]
        (segment,) = found["segments"]
        assert segment == {"address": 0x40100000, "offset": 16, "length": 20000}, found
        assert found["entry"] == 0x40100000, found


def test_several_files_go_on_after_a_bad_one():
    with Folder() as folder:
        good = folder.file("good.bin", IMAGE)
        done = run("inspect", "--json", folder.path / "none.bin", good)
        assert done.status == 1 and done.events("error")[0]["code"] == "file", done
        last = done.events()[-1]
        assert [entry["file"] for entry in last["files"]] == [str(good)], done


def test_a_name_that_is_no_text():
    with Folder() as folder:
        path = os.fsencode(folder.path) + b"/\xe9\xff.bin"
        with open(path, "wb") as file:
            file.write(IMAGE)
        (found,) = run("inspect", "--json", os.fsdecode(path)).result()["files"]
        assert found["kind"] == "esp8266-v1", found


BANNER = b"""
NodeMCU custom build by frightanic.com
\tbranch: master
\tcommit: c16adb5dfb8c02b692034bbd553502765b9733cc
\tSSL: false
\tmodules: file,gpio,node
 build created on 2019-07-16 14:01
 powered by Lua 5.1.4 on SDK 2.2.1\0"""


def test_nodemcu_says_what_it_is():
    with Folder() as folder:
        path = folder.file("n.bin", IMAGE + BANNER)
        (found,) = run("inspect", "--json", path).result()["files"]
        nodemcu = found["nodemcu"]
        assert nodemcu["branch"] == "master" and nodemcu["built"] == "2019-07-16 14:01", found
        assert nodemcu["modules"] == ["file", "gpio", "node"], found
        assert found["title"].startswith("NodeMCU"), found
        assert "file,gpio,node" in run("inspect", path).stdout


def test_a_real_nodemcu():
    with Folder() as folder:
        path = folder.file("nodemcu.bin", firmware.nodemcu())
        (found,) = run("inspect", "--json", path).result()["files"]
        assert found["kind"] == "esp8266-v1" and found["checksum_ok"] is True, found
        if (SHARED / "nodemcu-2.2.1").is_dir():
            assert found["title"] == "NodeMCU 2.2.1", found
            assert (found["flash_mode"], found["flash_size"]) == ("dio", 512 << 10), found
            assert len(found["nodemcu"]["modules"]) == 13, found
            assert found["nodemcu"]["sdk"] == "2.2.1(6ab97e9)", found


def test_files_given_together_are_placed_together():
    folder = SHARED / "esp32-nat-router"
    places = {"bootloader": 0x1000, "partition-table": 0x8000, "ota_data_initial": 0xF000,
              "esp32_nat_router": 0x20000}  # fmt: skip
    if not folder.is_dir():  # real firmware is not part of the tree
        return
    paths = [folder / f"{name}.bin" for name in places]
    files = run("inspect", "--json", *paths).result()["files"]
    assert [found["offset"] for found in files] == list(places.values()), files
    assert files[3]["sha256_ok"] is True, files[3]
    assert files[3]["app"]["idf_version"] == "v5.5.4", files[3]
    assert [row["label"] for row in files[1]["partitions"]][:2] == ["nvs", "otadata"], files[1]


def test_ports():
    result = run("ports", "--json").result()
    for port in result["ports"]:
        assert set(port) == {
            "path", "name", "vendor_id", "product_id", "serial", "likely", "problem",
        }, port  # fmt: skip
        assert isinstance(port["likely"], bool) and port["name"], port
        assert stat.S_ISCHR(os.stat(port["path"]).st_mode), port
    plain = run("ports")
    assert plain.status == 0, plain
    assert len(plain.stdout.splitlines()) == len(result["ports"]), plain
    assert result["ports"] or "No serial port was found" in plain.stderr, plain


if __name__ == "__main__":
    harness.main()
