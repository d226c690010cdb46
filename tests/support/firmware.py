# SPDX-License-Identifier: GPL-3.0-or-later
"""Files to flash, and files that nobody should flash."""

import os
import random
import struct

SECTOR = 4096
RAM_START = 0x40100000  # instruction RAM of the ESP8266
USUAL_SEGMENT = 0x8000
MOST_SEGMENTS = 16  # that a loader takes


def _image(header, segment_address, payload):
    """A loader image: header, segments, padding, checksum."""
    longest = max(USUAL_SEGMENT, -(-len(payload) // (4 * MOST_SEGMENTS)) * 4)
    pieces = [payload[start : start + longest] for start in range(0, len(payload), longest)]
    image = bytearray(header)
    image[1] = len(pieces)
    checksum = 0xEF
    for piece in pieces:
        image += struct.pack("<II", segment_address, len(piece)) + piece
        for byte in piece:
            checksum ^= byte
    image += bytes(-(len(image) + 1) % 16) + bytes([checksum])
    return bytes(image)


def _payload(size, seed, values=256):
    """Bytes that do not repeat; of 256 values they do not compress, of 64 to three quarters."""
    noise = random.Random(seed).randbytes(size & ~3)
    return noise if values == 256 else bytes(byte % values for byte in noise)


def esp8266(size=60000, seed=1, values=256):
    """An ESP8266 image of about this many bytes: QIO, 512 KB, as NodeMCU's of 2017."""
    header = struct.pack("<BBBBI", 0xE9, 0, 0, 0x00, RAM_START)
    return _image(header, RAM_START, _payload(size, seed, values))


def esp32(size=4000, seed=2):
    """An ESP32 image."""
    header = struct.pack("<BBBBI", 0xE9, 0, 2, 0x20, 0x40080000)
    header += bytes([0xEE, 0, 0, 0, 0, 0, 0]) + bytes(8) + bytes([0])
    return _image(header, 0x40080000, _payload(size, seed))


def nodemcu():
    """The real NodeMCU 2.2.1 where there is one, else an image of the same length."""
    path = os.path.join(os.environ.get("FG_SHARED", ""), "firmware/nodemcu-2.2.1/nodemcu.bin")
    if os.path.exists(path):
        with open(path, "rb") as file:
            return file.read()
    return esp8266(400000)


def check_flashed(flash, firmware, mode=None):
    """The flash holds the firmware, but for header bytes 2 and 3, and FF to the end of the sector.

    mode: what byte 2 must be; None: anything
    """
    assert flash[:2] == firmware[:2] and flash[4 : len(firmware)] == firmware[4:], _where(
        flash, firmware
    )
    assert mode is None or flash[2] == mode, f"header byte 2 is {flash[2]}, expected {mode}"
    rest = flash[len(firmware) : -(-len(firmware) // SECTOR) * SECTOR]
    assert rest == b"\xff" * len(rest), "the last sector is not filled with FF"


def _where(flash, firmware):
    for address, (found, expected) in enumerate(zip(flash, firmware)):
        if found != expected and address not in (2, 3):
            return f"0x{address:05x}: found {found:02x}, expected {expected:02x}"
    return f"the flash holds {len(flash)} bytes"
