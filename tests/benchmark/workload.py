# SPDX-License-Identifier: GPL-3.0-or-later
"""What is flashed, and what the flash holds before."""

import os
import random

import firmware
from model import SECTOR

FLASH_SIZE = 4 << 20
NODEMCU = "firmware/nodemcu-0.9.5/nodemcu_integer_0.9.5_20150318.bin"
NODEMCU_SIZE = 416522  # 102 sectors


def piece(size):
    """An ESP8266 image of at most this size that packs about as well as a program does."""
    return firmware.esp8266(size - 256, values=64)


def nodemcu():
    """(name, bytes): the NodeMCU of 2015 where there is one, else an image of its size."""
    path = os.path.join(os.environ.get("FG_SHARED", ""), NODEMCU)
    if os.path.exists(path):
        with open(path, "rb") as file:
            return "NodeMCU 0.9.5", file.read()
    return "an image as large as NodeMCU 0.9.5, which is not here", piece(NODEMCU_SIZE)


def flashed(image):
    """The flash, from 0 on, after an image was written whose header was kept."""
    return image + b"\xff" * (-len(image) % SECTOR)


def dirty(size):
    """A flash full of something else."""
    return random.Random(8266).randbytes(size)


def blank(size):
    """An erased flash."""
    return b"\xff" * size


def changed(image, share):
    """The flash that holds an image, but for a share of its sectors, spread evenly."""
    data = bytearray(flashed(image))
    sectors = len(data) // SECTOR
    count = max(1, round(sectors * share))
    for number in range(count):
        at = number * sectors // count * SECTOR
        data[at : at + SECTOR] = dirty(SECTOR)
    return bytes(data)
