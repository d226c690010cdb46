#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stub on the simulated machine, by its own documentation.

usage: test-stub-machine.py FG-STUB-ESP8266.C
"""

import hashlib
import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import harness  # pylint: disable=wrong-import-position
from stub_client import ANSWER_PACKED, checksum, crc, words  # pylint: disable=wrong-import-position
from stub_rig import SECTOR, contents, flash, refused, stub  # pylint: disable=C0413


def test_capabilities():
    with stub() as (client, _, _):
        data = client.extension(0xE0)
        assert data[:12] == words(0x54534746, 2, 0x3F) and len(data) == 44
        assert data[32:] == words(1 << 20, 0, 0)


def test_digests():
    with stub() as (client, _, old):
        expected = [zlib.crc32(old[at : at + SECTOR]) for at in range(0, len(old), SECTOR)]
        assert client.digests(0, 256) == expected
        assert refused(0xC400, client.digests, 255 * SECTOR, 2) == words(255 * SECTOR)


def written(damage, flags, packet, baud=None):
    with stub() as (client, board, old):
        if baud:
            client.change_baud(baud, 115200)
        client.damage = damage
        runs = [(0x3000, 70000), (0x20000, 2 * 65536), (0x80000, 5001)]
        parts = [contents(length) for _, length in runs]
        expected = bytearray(old)
        for (offset, length), part in zip(runs, parts):
            end = -(-(offset + length) // SECTOR) * SECTOR
            expected[offset:end] = part.ljust(end - offset, b"\xff")
        report = client.stream(runs, b"".join(parts), flags, packet)
        held = SECTOR if flags & 1 else 0
        everything = b"".join(parts)
        assert flash(board) == bytes(expected)
        assert report[3] == len(everything)
        if flags & 2:
            assert report[4] == zlib.crc32(everything[held:])
            assert report[5] == (zlib.crc32(everything[:held]) if held else 0)
        assert report[9:] == (0, 0), "bytes were lost"


def test_stream():
    written(0.0, 7, 1024)


def test_stream_with_doubled_clocks():
    written(0.0, 7, 1024, baud=2000000)


def test_stream_plain():
    written(0.0, 0, 2048)


def test_stream_small_packets():
    written(0.0, 6, 64 + 4)


def test_stream_on_a_bad_line():
    written(0.03, 7, 1024)


def test_stream_refusals():
    cases = [
        (0xC300, [(0x100, SECTOR)]),
        (0xC300, [(0x2000, SECTOR), (0x1000, SECTOR)]),
        (0xC300, [(0x2000, SECTOR + 4), (0x3000, SECTOR)]),
        (0xC400, [(0xFF000, SECTOR + 1)]),
    ]
    with stub() as (client, board, old):
        for status, runs in cases:
            assert refused(status, client.stream, runs, b"")[4:] == words(runs[-1][0])
        refused(0xC900, client.stream, [(0, SECTOR)], contents(SECTOR + 1))
        assert flash(board)[SECTOR:] == old[SECTOR:]
        client.extension(0xE2, words(0, 1024, 1, 0, SECTOR))
        refused(0xCC00, client.command, 0x13, words(0, 16, 0, 0))
        client.extension(0xE2, words(0, 1024, 0))
        refused(0xC600, client.extension, 0xE4)


def test_fast_reading():
    with stub() as (client, _, old):
        assert client.read(0x1004, 10000) == old[0x1004 : 0x1004 + 10000]
        client.command(0xD1, words(0x3000, 0x5000))
        expected = old[0x2000:0x3000] + b"\xff" * 0x5000 + old[0x8000:0x9000]
        assert client.read(0x2000, 0x7000) == expected


def test_packed_reading():
    with stub() as (client, board, old):
        text = contents(0x5000)
        client.stream([(0x4000, 0x5000), (0xA000, 0x1004)], text + contents(0x1004), flags=6)
        expected = flash(board)
        assert client.read(0, 0x4000, ANSWER_PACKED) == old[:0x4000] and not client.packed_answers
        assert client.read(0x4000, 0x5000, ANSWER_PACKED) == text and client.packed_answers == 4
        assert client.read(0x3004, 0x9000, ANSWER_PACKED) == expected[0x3004:0xC004]
        refused(0xC300, client.read, 0, 0x1000, 2)


def test_standard():
    with stub() as (client, board, old):
        data = contents(20000)
        packed = zlib.compress(data)
        client.command(0x02, words(len(data), 2, 0x4000, 0x10000))
        for number in range(2):
            block = data[number * 0x4000 :][:0x4000].ljust(0x4000, b"\xff")
            client.command(0x03, words(0x4000, number, 0, 0) + block, checksum(block))
        client.command(0x04, words(1))
        client.command(0x10, words(len(data), 1, 0x4000, 0x40000))
        client.command(0x11, words(len(packed), 0, 0, 0) + packed, checksum(packed))
        client.command(0x12, words(1))
        for offset in 0x10000, 0x40000:
            assert flash(board)[offset : offset + len(data)] == data
            digest = client.command(0x13, words(offset, len(data), 0, 0))[1]
            assert digest == hashlib.md5(data).digest()
        assert flash(board)[:0x10000] == old[:0x10000]
        refused(0xFF00, client.command, 0x14)
        refused(0xC600, client.command, 0x04, words(1))


def test_erasing():
    with stub() as (client, board, old):
        client.command(0xD1, words(0xF000, 0x12000))
        expected = old[:0xF000] + b"\xff" * 0x12000 + old[0x21000:]
        assert flash(board) == expected
        client.command(0xD0)
        assert flash(board) == b"\xff" * len(old)


# What a wrong bit in the opcode makes of a request: nothing.
def test_damaged_opcodes():
    with stub() as (client, board, old):
        begin = words(0, 1024, 1, 0, SECTOR)
        client.extension(0xE2, begin)
        for sent, became in ((0xE3, 0xE2), (0xE0, 0xE4), (0xE4, 0xE0), (0xE3, 0xE1), (0xE1, 0xE5)):
            data = {0xE2: begin, 0xE1: words(0, 1), 0xE5: words(0, 4)}.get(became, b"")
            refused(0xC100, client.command, became, data, crc(sent, data))
        assert client.stream([(0, SECTOR)], contents(SECTOR))[2] == 0
        assert flash(board)[SECTOR:] == old[SECTOR:]


# What erases is protected where the host wants it.
def test_damaged_erasing():
    with stub() as (client, board, old):
        for op, data, damaged in (
            (0xD1, words(0x3000, 0x1000), words(0x2000, 0x1000)),
            (0x02, words(0x1000, 1, 0x1000, 0x3000), words(0x1000, 1, 0x1000, 0x3001)),
            (0x10, words(0x1000, 1, 0x1000, 0x3000), words(0x5000, 1, 0x1000, 0x3000)),
        ):
            refused(0xC100, client.command, op, damaged, crc(op, data))
        refused(0xC100, client.command, 0xD0, b"", crc(0xD1, b""))
        assert flash(board) == old
        client.command(0xD1, words(0x3000, 0x1000), crc(0xD1, words(0x3000, 0x1000)))
        assert flash(board) == old[:0x3000] + b"\xff" * 0x1000 + old[0x4000:]
        client.command(0xD0, b"", crc(0xD0, b""))
        assert flash(board) == b"\xff" * len(old)


harness.main()
