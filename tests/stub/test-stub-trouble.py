#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stub says of a flash and a board in trouble, and how it leaves.

usage: test-stub-trouble.py FG-STUB-ESP8266.C
"""

import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import harness  # pylint: disable=wrong-import-position
from stub_client import words  # pylint: disable=wrong-import-position
from stub_rig import SECTOR, contents, flash, refused, stub  # pylint: disable=C0413

RUNS = [(0x3000, 0x2000), (0x10000, 0x10000)]
VERIFY = 2


def test_protection_is_cleared():
    with stub(",protect=7") as (client, board, _):
        data = contents(0x12000)
        client.stream(RUNS, data, VERIFY)
        assert flash(board)[0x3000:0x5000] + flash(board)[0x10000:0x20000] == data


def test_protection_that_stays():
    with stub(",protect=7,protect-sticks") as (client, board, old):
        for call, arguments in (
            (client.stream, (RUNS, b"", VERIFY)),
            (client.command, (0x02, words(0x1000, 1, 0x1000, 0))),
            (client.command, (0x10, words(0x1000, 1, 0x1000, 0))),
            (client.command, (0xD0,)),
            (client.command, (0xD1, words(0x3000, 0x1000))),
        ):
            refused(0xC500, call, *arguments)
        assert flash(board) == old
        assert client.digests(0, 1) == [zlib.crc32(old[:SECTOR])], "it does not go on"


def test_flash_that_stays_busy():
    with stub(",stays-busy=0x4123") as (client, _, _):
        data = refused(0xC400, client.stream, RUNS, contents(0x12000), VERIFY)
        assert data[8:12] == words(0x4000), data.hex()
        # and it does not wait for it in vain again
        refused(0xC400, client.command, 0xD1, words(0x4000, 0x1000))


def test_byte_that_cannot_be_programmed():
    with stub(",stuck=0x12345") as (client, board, _):
        data = bytes(0x12000)
        report = client.stream(RUNS, data, VERIFY)
        assert report[2] == 0 and report[4] != zlib.crc32(data)
        on_flash = data[:0x4345] + b"\xff" + data[0x4346:]
        assert report[4] == zlib.crc32(on_flash)
        digests = client.digests(0x10000, 16)
        good = zlib.crc32(bytes(SECTOR))
        wrong = [number for number, digest in enumerate(digests) if digest != good]
        assert wrong == [2], wrong
        assert flash(board)[0x12345] == 0xFF


def test_flash_that_is_read_wrong():
    with stub(",stub-misreads") as (client, board, old):
        assert client.digests(0, 1) != [zlib.crc32(old[:SECTOR])]
        report = client.stream([(0, SECTOR)], old[:SECTOR], VERIFY)
        assert report[4] != zlib.crc32(old[:SECTOR])
        assert flash(board) == old, "what is on the flash is right all the same"


def test_dead_flash():
    with stub(",flashid=FFFFFF") as (client, _, _):
        assert client.extension(0xE0)[32:36] == words(0)
        assert refused(0xC400, client.stream, RUNS, contents(0x12000), VERIFY)


def test_resets_at_the_end():
    with stub() as (client, _, _):
        client.change_baud(74880, 115200)
        client.command(0x02, words(0, 0, 0x400, 0))
        client.command(0x04, words(0))
        client.expect(b"rst cause:2, boot mode:(1,")


def test_stays_at_the_end():
    with stub() as (client, _, _):
        client.command(0x02, words(0, 0, 0x400, 0))
        client.command(0x04, words(1))
        assert len(client.extension(0xE0)) == 44


def test_runs_what_is_in_the_flash():
    with stub() as (client, _, _):
        client.change_baud(74880, 115200)
        client.send(0xD3)
        client.expect(b"flash read err, 1000")


harness.main()
