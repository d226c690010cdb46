#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware as people have it: several files, lists, archives; what would go where, and merging."""

import gzip
import io
import json
import time
import zipfile

import firmware
import harness
from cli import Folder, cases, image, run

V1 = image()
ESP32 = firmware.esp32()  # a bootloader: it has nothing in mapped flash
DATA = bytes(range(256)) * 16
FLASHER_ARGS = {
    "flash_settings": {"flash_mode": "dio"},
    "flash_files": {"0x0": "boot/first.bin", "0x10000": "second.bin"},
    "extra_esptool_args": {"chip": "esp8266"},
}
WEB_TOOLS = {
    "name": "Blink",
    "builds": [
        {"chipFamily": "ESP32", "parts": [{"path": "b.bin", "offset": 4096}]},
        {"chipFamily": "ESP8266", "parts": [{"path": "boot/first.bin", "offset": 0},
                                            {"path": "second.bin", "offset": 65536}]},
    ],
}  # fmt: skip
ONE_BUILD = {"builds": WEB_TOOLS["builds"][1:]}
PLACED = [(0, V1), (0x10000, DATA)]


def zipped(files, **options):
    """A zip archive of these names and bytes."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return memory.getvalue()


def text(value):
    return json.dumps(value).encode()


def tree(manifest, name):
    """The files that a list names, with the list."""
    return {name: text(manifest), "boot/first.bin": V1, "second.bin": DATA, "b.bin": ESP32}


# name, files, what is given, [(offset, bytes)]
GOOD = [
    ("one", {"a.bin": V1}, ["a.bin"], [(0, V1)]),
    ("by_name", {"0x0.bin": V1, "0x10000.bin": DATA}, ["0x0.bin", "0x10000.bin"], PLACED),
    ("typed", {"a.bin": V1, "b.bin": DATA}, ["a.bin", "0x10000=b.bin"], PLACED),
    ("by_content", {"b.bin": ESP32}, ["b.bin"], [(0x1000, ESP32)]),
    ("gzip", {"a.bin.gz": gzip.compress(V1)}, ["a.bin.gz"], [(0, V1)]),
    ("gzip_by_name", {"0x10000.bin.gz": gzip.compress(DATA)}, ["0x10000.bin.gz"], PLACED[1:]),
    ("gzip_typed", {"x.gz": gzip.compress(DATA)}, ["64K=x.gz"], PLACED[1:]),
    ("flasher_args", tree(FLASHER_ARGS, "flasher_args.json"), ["flasher_args.json"], PLACED),
    ("web_tools", tree(ONE_BUILD, "manifest.json"), ["manifest.json"], PLACED),
    ("zip", {"a.zip": zipped({"0x0.bin": V1, "0x10000.bin": DATA, "README.md": b"hello"})},
     ["a.zip"], PLACED),
    ("zip_of_a_mac", {"a.zip": zipped({"a.bin": V1, "__MACOSX/._a.bin": b"x", ".b.bin": b"x"})},
     ["a.zip"], [(0, V1)]),
    ("zip_with_list", {"a.zip": zipped(tree(FLASHER_ARGS, "flasher_args.json"))}, ["a.zip"],
     PLACED),
    ("zip_with_list_in_folder",
     {"a.zip": zipped({f"build/{n}": d for n, d in tree(ONE_BUILD, "manifest.json").items()})},
     ["a.zip"], PLACED),
    ("zip_with_gzip", {"a.zip": zipped({"a.bin.gz": gzip.compress(V1)})}, ["a.zip"], [(0, V1)]),
    ("zip_that_climbs", {"a.zip": zipped({"../../a.bin": V1})}, ["a.zip"], [(0, V1)]),
]  # fmt: skip


def check_good(files, given, placed):
    with Folder() as folder:
        for name, data in files.items():
            (folder.path / name).parent.mkdir(exist_ok=True)
            folder.file(name, data)
        done = run("--json", "flash", "--dry-run", *given_paths(folder, given))
        regions = done.result()["regions"]
        assert [(r["offset"], r["length"]) for r in regions] == [(o, len(d)) for o, d in placed]
        flashed = folder.path / "merged.bin"
        result = run("--json", "merge", *given_paths(folder, given), "-o", flashed).result()
        merged = flashed.read_bytes()
        assert result["size"] == len(merged) == placed[-1][0] + len(placed[-1][1]), result
        for offset, data in placed:
            assert merged[offset : offset + len(data)] == data, hex(offset)


def given_paths(folder, given):
    """The arguments, with the folder's path before the name."""
    for what in given:
        offset, equals, name = what.rpartition("=")
        yield f"{offset}{equals}{folder.path / name}"


def deep(levels):
    return b'{"builds":' + b"[" * levels + b"]" * levels + b"}"


# name, bytes of the file, its name, code, part of the message
BAD = [
    ("gzip_cut", gzip.compress(V1)[:-20], "a.gz", "file-kind", "gzip file is damaged"),
    ("gzip_crc", gzip.compress(V1)[:-8] + bytes(8), "a.gz", "file-kind", "gzip file is damaged"),
    ("gzip_bomb", gzip.compress(bytes(80 << 20)), "a.gz", "too-large", "more than 64 MB"),
    ("zip_bomb", zipped({"a.bin": bytes(80 << 20)}), "a.zip", "too-large", "a.bin unpacks to"),
    ("zip_cut", zipped({"a.bin": V1})[:9000], "a.zip", "file-kind", "damaged or incomplete"),
    ("zip_crc", zipped({"a.bin": V1}).replace(V1[100:110], bytes(10)), "a.zip", "file-kind",
     "a.bin is damaged"),
    ("zip_empty", zipped({}), "a.zip", "file-kind", "holds no firmware"),
    ("zip_of_texts", zipped({"a.txt": b"x"}), "a.zip", "file-kind", "holds no firmware"),
    ("zip_in_zip", zipped({"a.bin": zipped({"b.bin": V1})}), "a.zip", "file-kind",
     "archive inside an archive"),
    ("gzip_russian", gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(V1))))),
     "a.gz", "file-kind", "archive inside"),
    ("zip_many", zipped({f"{n}.bin": b"x" for n in range(1100)}), "a.zip", "too-large",
     "more than 1000"),
    ("list_missing", text(FLASHER_ARGS), "flasher_args.json", "file", "first.bin"),
    ("list_missing_in_zip", zipped({"manifest.json": text(ONE_BUILD)}), "a.zip", "file",
     "boot/first.bin"),
    ("list_climbs", text({"flash_files": {"0": "../x.bin"}}), "l.json", "file-kind", "outside"),
    ("list_root", text({"flash_files": {"0": "/etc/passwd"}}), "l.json", "file-kind", "outside"),
    ("list_dos", text({"flash_files": {"0": "..\\x.bin"}}), "l.json", "file-kind", "outside"),
    ("list_drive", text({"flash_files": {"0": "C:\\x.bin"}}), "l.json", "file-kind", "outside"),
    ("list_web", text({"flash_files": {"0": "https://x.org/a.bin"}}), "l.json", "file-kind",
     "on the web"),
    ("list_offset", text({"flash_files": {"zero": "a.bin"}}), "l.json", "usage", "“zero”"),
    ("list_part_offset", text({"builds": [{"parts": [{"path": "a", "offset": -1}]}]}), "l.json",
     "file-kind", "no address"),
    ("list_no_offset", text({"builds": [{"parts": [{"path": "a"}]}]}), "l.json", "file-kind",
     "no address"),
    ("list_no_path", text({"builds": [{"parts": [{}]}]}), "l.json", "file-kind", "no “path”"),
    ("list_numbers", text({"builds": [1]}), "l.json", "file-kind", "no object"),
    ("list_empty", text({"flash_files": {}}), "l.json", "file-kind", "names no file"),
    ("list_other", text({"name": "x"}), "l.json", "file-kind", "lists no firmware"),
    ("list_torn", text(FLASHER_ARGS)[:-5], "l.json", "file-kind", "cannot be understood"),
    ("list_deep", deep(100000), "l.json", "file-kind", "deeply nested"),
    ("list_long", b'{"builds": [' + b" " * (2 << 20) + b"]}", "l.json", "file-kind", "too large"),
    ("list_many", text({"flash_files": {str(n): "a" for n in range(99)}}), "l.json", "file-kind",
     "more than 64"),
    ("hex", b":0400000001020304F3\n:00000001FF\n", "a.hex", "file-kind", "line 1"),
    ("uf2", b"UF2\nWQ]\x9e" + bytes(504), "a.uf2", "file-kind", "block 0"),
]  # fmt: skip


def check_bad(data, name, code, message):
    with Folder() as folder:
        path = folder.file(name, data)
        begun = time.process_time()
        error = run("--json", "flash", "--dry-run", path).error(code, 2 if code == "usage" else 1)
        assert message in error["message"] and name in error["message"], error
        assert time.process_time() - begun < 0.5, "it took long"
        found = run("inspect", "--json", path).events("error")[0]
        assert found["message"] == error["message"], found


cases(globals(), "placed", GOOD, check_good)
cases(globals(), "refused", BAD, check_bad)


def write_list(folder, manifest=WEB_TOOLS):
    (folder.path / "boot").mkdir()
    for name, data in tree(manifest, "manifest.json").items():
        folder.file(name, data)
    return folder.path / "manifest.json"


def test_the_build_for_the_board_is_chosen():
    with Folder() as folder:
        path = write_list(folder)
        result = run("--json", "--port", folder.port(), "flash", path).result()
        assert [region["offset"] for region in result["regions"]] == [0, 0x10000], result
        flash = folder.flash.read_bytes()
        assert flash[0x10000:0x11000] == DATA, "the second part is not there"
        run("--json", "--port", folder.port(), "verify", path).result()


def test_without_a_board_nobody_knows_the_build():
    with Folder() as folder:
        path = write_list(folder)
        error = run("--json", "flash", "--dry-run", path).error("usage", 2)
        assert "several chips" in error["message"], error
        files = run("inspect", "--json", path).result()["files"]
        assert [(f["chip"], f["offset"]) for f in files] == [
            ("ESP8266", 0), (None, 0x10000), ("ESP32", 0x1000),
        ], files  # fmt: skip


def test_a_list_without_a_build_for_the_board():
    with Folder() as folder:
        both = [dict(WEB_TOOLS["builds"][0], chipFamily=f"ESP32-{n}") for n in ("S2", "C3")]
        path = write_list(folder, {"builds": both})
        error = run("--json", "--port", folder.port(), "flash", path).error("wrong-chip")
        assert "no build for the ESP8266, but for: ESP32-S2, ESP32-C3" in error["message"], error


INIT = bytes([5, 8, 4, 2, 5, 5, 5, 2]) + bytes(120)


def test_init_data_goes_where_the_flash_size_says():
    with Folder() as folder:
        paths = folder.file("a.bin", V1), folder.file("init.bin", INIT)
        error = run("--json", "flash", "--dry-run", *paths).error("usage", 2)
        assert "size of the flash" in error["message"], error
        plan = run("--json", "flash", "--dry-run", "--size", "1M", *paths).result()
        assert [region["offset"] for region in plan["regions"]] == [0, 0xFC000], plan
        result = run("--json", "--port", folder.port(), "flash", *paths).result()
        assert [region["offset"] for region in result["regions"]] == [0, 0x3FC000], result


def test_two_unknown_files_have_to_be_placed():
    with Folder() as folder:
        one, two = folder.file("one.bin", DATA), folder.file("two.bin", DATA)
        error = run("--json", "flash", "--dry-run", one, two).error("usage", 2)
        assert "OFFSET=two.bin" in error["message"], error


def test_a_dry_run_touches_nothing():
    with Folder() as folder:
        path = folder.file("a.bin", V1)
        plain = run("--port", folder.port(), "flash", "--dry-run", path)
        assert plain.status == 0 and "dry run" in plain.stdout, plain
        assert not folder.flash.exists(), "the board was touched"
        (region,) = run("--json", "flash", "-n", path).result()["regions"]
        assert region["kind"] == "esp8266-v1" and region["placed_by"] == "content", region


def check_merged(extra, name):
    with Folder() as folder:
        first, second = folder.file("0x0.bin", V1), folder.file("0x10000.bin", DATA)
        made = folder.path / name
        run("--json", "merge", first, second, "--output", made, *extra).result()
        plan = run("--json", "flash", "--dry-run", made).result()
        back = folder.path / "back.bin"
        run("--json", "merge", made, "-o", back).result()
        merged = back.read_bytes()
        assert merged[: len(V1)] == V1 and merged[0x10000 : 0x10000 + len(DATA)] == DATA, plan
        assert set(merged[len(V1) : 0x10000]) == {0xFF}, "the gap is not blank"
        if "--pad" in extra:
            assert len(merged) == 4 << 20, len(merged)


MERGED = [
    ("raw", ["--format", "raw"], "a.bin"),
    ("hex", ["--format", "hex"], "a.hex"),
    ("uf2", ["--format", "uf2"], "a.uf2"),
    ("padded", ["--pad"], "a.bin"),
    ("padded_to_size", ["--pad", "--size", "4M"], "a.bin"),
    ("padded_uf2", ["--pad", "--format", "uf2"], "a.uf2"),
]
cases(globals(), "merged", MERGED, check_merged)


def test_merge_needs_to_know():
    with Folder() as folder:
        first, other = folder.file("0x0.bin", V1), folder.file("d.bin", DATA)
        out = folder.path / "out.bin"
        message = run("--json", "merge", first).error("usage", 2)["message"]
        assert "--output" in message, message
        message = run("--json", "merge", other, "--pad", "-o", out).error("usage", 2)["message"]
        assert "--size" in message, message
        run("--json", "merge", first, "--pad", "--size", "16K", "-o", out).error("too-large")
        run("--json", "merge", first, "--format", "elf", "-o", out).error("usage", 2)
        run("--json", "merge", first, f"0x1000={other}", "-o", out).error("overlap")
        assert not out.exists(), "a file was written in spite of an error"


if __name__ == "__main__":
    harness.main()
