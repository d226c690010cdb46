# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast it could be: what the wire and the flash need by themselves.

Figures of the W25Q32JV data sheet, typical; shared with neither src/ nor the simulator.
"""

SECTOR = 4096
BLOCK = 65536
PAGE = 256
ERASE_SECTOR = 0.045  # seconds
ERASE_BLOCK = 0.150
PROGRAM_PAGE = 0.0004
PROGRAM_FIRST_BYTE = 0.00003  # of a part of a page
PROGRAM_NEXT_BYTE = 0.0000025
# What one command of the ESP8266's SPI controller can send; the simulated ROM takes a page as one.
BUFFER = {"rom": PAGE, "stub": 64}
BITS_PER_BYTE = 10  # start bit, eight bits, stop bit


def wire_seconds(count, baud):
    """How long so many bytes take, one after the other."""
    return count * BITS_PER_BYTE / baud


def is_blank(data):
    """Whether a flash that holds this holds nothing."""
    return data.count(0xFF) == len(data)


def changed_sectors(before, after):
    """The addresses of the sectors that differ between two contents of a flash."""
    return [
        at
        for at in range(0, len(after), SECTOR)
        if before[at : at + SECTOR] != after[at : at + SECTOR]
    ]


def program_seconds(count):
    """How long the flash takes to program so many bytes of one page."""
    return min(PROGRAM_FIRST_BYTE + (count - 1) * PROGRAM_NEXT_BYTE, PROGRAM_PAGE)


def flash_seconds(before, after, buffer=PAGE):
    """How long the flash is busy at least, to hold “after” in place of “before”.

    Sectors that are right stay; others are erased, unless they are blank, and programmed by as
    many bytes as the buffer holds, unless those stay blank. A block of 64 KB that changes as a
    whole may be erased in one go.
    """
    changed = changed_sectors(before, after)
    dirty = {}  # block: how many of its sectors have to be erased
    for at in changed:
        if not is_blank(before[at : at + SECTOR]):
            dirty[at // BLOCK] = dirty.get(at // BLOCK, 0) + 1
    seconds = 0.0
    for block, count in dirty.items():
        whole = sum(at // BLOCK == block for at in changed) == BLOCK // SECTOR
        one_by_one = count * ERASE_SECTOR
        seconds += min(one_by_one, ERASE_BLOCK) if whole else one_by_one
    for at in changed:
        for piece in range(at, at + SECTOR, buffer):
            if not is_blank(after[piece : piece + buffer]):
                seconds += program_seconds(buffer)
    return seconds


class Limit:
    """The larger of what the wire and what the flash needs, seconds."""

    def __init__(self, wire, flash):
        self.wire = wire
        self.flash = flash
        self.seconds = max(wire, flash)
        self.name = "wire" if wire >= flash else "flash"
