#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole firmware goes to a simulated ESP32 through its ROM loader, and is found there."""

import hashlib
import os
import pathlib

import firmware
import harness
from cli import SECTOR, Folder, cases, run, side_by_side

BOOTLOADER_AT = 0x1000
HASHED = 23  # header byte: whether a SHA-256 follows the image
DIGEST_LEN = 32
SIZE_4M = 2  # header nibbles of the family
MODES = {"qio": 0, "qout": 1, "dio": 2, "dout": 3}
SIZES = {"1M": 0, "2M": 1, "4M": 2, "8M": 3, "16M": 4}
NAMES = {
    0x1000: "bootloader.bin",
    0x8000: "partition-table.bin",
    0xF000: "ota_data_initial.bin",
    0x20000: "esp32_nat_router.bin",
}


def image_end(image):
    """Where the checksum of an image ends, from its segment headers."""
    end = 24
    for _ in range(image[1]):
        end += 8 + int.from_bytes(image[end + 4 : end + 8], "little")
    return end // 16 * 16 + 16


def with_digest(image):
    """The image with the SHA-256 of itself where one belongs, and all that follows it."""
    end = image_end(image)
    digest = hashlib.sha256(image[:end]).digest()
    return image[:end] + digest + image[end + DIGEST_LEN :]


def hashed_image(mode, size, length=9000):
    """An ESP32 image with these in its header, and its digest."""
    image = bytearray(firmware.esp32(length))
    image[2], image[3], image[HASHED] = mode, size << 4, 1
    return with_digest(bytes(image))


def patched(image, mode=None, size=None):
    """The image with another header, and the digest of that."""
    image = bytearray(image)
    if mode is not None:
        image[2] = mode
    if size is not None:
        image[3] = size << 4 | image[3] & 0x0F
    return with_digest(bytes(image))


def firmware_set():
    """Real files by their offsets; made-up ones of the same kind where there are none."""
    folder = pathlib.Path(os.environ.get("FG_SHARED", "")) / "firmware/esp32-nat-router"
    if folder.is_dir():
        return {offset: (folder / name).read_bytes() for offset, name in NAMES.items()}
    packs = bytes(byte % 64 for byte in firmware.esp32(700000))  # two bits of eight say nothing
    table = b"\xaa\x50\x01\x02" + bytes(12) + b"nvs".ljust(16, b"\0")
    return {
        0x1000: hashed_image(2, 1, 24000),
        0x8000: table.ljust(3072, b"\xff"),
        0xF000: b"\xff" * 8192,
        0x20000: firmware.esp32(4000) + packs,
    }


def port(folder, *keys):
    """A simulated ESP32 whose flash is kept in the folder."""
    return ",".join(["sim:esp32", "timing=none", f"image={folder.flash}", *keys])


def test_a_whole_firmware():
    files = firmware_set()
    plain = sum(map(len, files.values()))
    with Folder() as folder:
        folder.fill(0xA5)
        what = [
            f"{offset:#x}={folder.file(NAMES[offset], data)}" for offset, data in files.items()
        ]
        args = ["--port", port(folder), "--baud", 921600, "--json"]
        first = run(*args, "flash", *what).result()
        assert first["loader"] == "rom" and first["baud"] == 921600, first
        assert [region["offset"] for region in first["regions"]] == sorted(files), first
        assert all(region["verified"] is True for region in first["regions"]), first
        assert first["bytes_on_wire"] < 0.9 * plain, f"{first['bytes_on_wire']} of {plain}"

        expected = {**files, BOOTLOADER_AT: patched(files[BOOTLOADER_AT], size=SIZE_4M)}
        flash = folder.flash.read_bytes()
        for offset, data in expected.items():
            assert flash[offset : offset + len(data)] == data, f"{NAMES[offset]} differs"
        between = flash[0x11000:0x20000] + flash[0x1FF000:]
        assert set(between) == {0xA5}, "what no file covers is as it was"

        again = run(*args, "flash", *what).result()
        for region in again["regions"]:
            assert region["written"] == 0 and region["verified"] is True, again
            assert region["skipped"] == -(-region["length"] // SECTOR) * SECTOR, again
        assert again["bytes_on_wire"] < first["bytes_on_wire"] / 4, again
        assert folder.flash.read_bytes() == flash
        run(*args, "verify", *what).result()


# name, options, mode and size of the file, of the flash
HEADERS = [
    ("automatic", [], ("dio", "2M"), ("dio", "4M")),
    ("keep", ["--mode", "keep", "--size", "keep"], ("qio", "16M"), ("qio", "16M")),
    ("mode", ["--mode", "dout", "--size", "keep"], ("dio", "2M"), ("dout", "2M")),
    ("size", ["--mode", "keep", "--size", "1M"], ("qout", "8M"), ("qout", "1M")),
    ("both", ["--mode", "qio", "--size", "2M"], ("dout", "4M"), ("qio", "2M")),
]


def check_header(options, given, wanted):
    """What stands behind the digest stays: files may be merged."""
    image = hashed_image(MODES[given[0]], SIZES[given[1]]) + b"behind"
    expected = patched(image, MODES[wanted[0]], SIZES[wanted[1]])
    end = image_end(image)
    assert given == wanted or expected[end : end + DIGEST_LEN] != image[end : end + DIGEST_LEN]
    with Folder() as folder:
        what = f"{BOOTLOADER_AT:#x}={folder.file('bootloader.bin', image)}"
        args = ["--port", port(folder), "--json"]
        run(*args, "flash", *options, what).result()
        flash = folder.flash.read_bytes()[BOOTLOADER_AT:][: len(image)]
        assert flash[2:4] == expected[2:4], flash[2:4].hex()
        assert flash[end : end + DIGEST_LEN] == hashlib.sha256(flash[:end]).digest()
        assert flash == expected
        run(*args, "verify", *options, what).result()


cases(globals(), "header", HEADERS, check_header)


def test_an_image_elsewhere_is_left_alone():
    image = hashed_image(MODES["dio"], SIZES["2M"])
    with Folder() as folder:
        what = f"0x10000={folder.file('app.bin', image)}"
        args = ["--port", port(folder), "--json", "flash", "--mode", "dout", "--size", "4M", what]
        run(*args).result()
        assert folder.flash.read_bytes()[0x10000:][: len(image)] == image


def check_no_stub(chip, name):
    with Folder() as folder:
        folder.fill(0xA5)
        path = folder.file("app.bin", b"data" * 1000)
        board = f"sim:{chip},timing=none,flash=4M,image={folder.flash}"
        args = ["--port", board, "--loader", "stub", "--json"]
        for command in (["flash", f"0x10000={path}"], ["erase"], ["erase", "0x10000", "4K"]):
            error = run(*args, *command).error("unsupported")
            assert name in error["message"] and "rom" in error["message"], error
        assert set(folder.flash.read_bytes()) == {0xA5}, "nothing is touched"


NO_STUB = [("esp32", "esp32", "ESP32"), ("esp32c3", "esp32c3", "ESP32-C3")]
cases(globals(), "no_stub", NO_STUB, check_no_stub)


def test_beyond_16_mb():
    """A ROM's addresses have 24 bits: what lies higher is refused, and nothing at 0 is hit."""
    with Folder(flash_size=32 << 20) as folder:
        folder.fill(0xA5)
        path = folder.file("app.bin", b"data" * 2048)
        copy = folder.path / "copy.bin"
        board = f"sim:esp32s3,timing=none,flash=32M,image={folder.flash}"
        args = ["--port", board, "--json"]
        refused = [
            ["flash", f"0x1000000={path}"],
            ["flash", f"0xfff000={path}"],
            ["flash", "--erase", f"0x10000={path}"],
            ["flash", "--backup", copy, f"0x10000={path}"],  # it reads everything
            ["erase", "0x1000000", "4K"],
            ["erase"],
            ["read", "0x1000000", "4K", copy],
        ]
        for command in refused:
            error = run(*args, *command).error("too-large")
            assert "16 MB" in error["message"], error
        assert set(folder.flash.read_bytes()) == {0xA5}, "nothing is touched"
        run(*args, "flash", f"0xffe000={path}").result()
        assert folder.flash.read_bytes()[0xFFE000:0x1000000] == path.read_bytes()


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
