# SPDX-License-Identifier: GPL-3.0-or-later
"""A board whose stub has been started, for the tests of the stub.

The first argument of the program is FG-STUB-ESP8266.C.
"""

import contextlib
import pathlib
import random
import sys

from board import Board
from stub_client import Client, Refused, read_stub

STUB = read_stub(pathlib.Path(sys.argv.pop(1)))
SECTOR = 4096
noise = random.Random(1)


def contents(length):
    """Bytes that can be packed, but not well."""
    return bytes(noise.choice(b"\xc0\xdb flash\x00\xff") for _ in range(length))


@contextlib.contextmanager
def stub(keys=""):
    """A client of a stub on a board whose flash is full of something else, and with more keys."""
    board = Board(f"esp8266,flash=1M,timing=none,boot=loader{keys}")
    old = noise.randbytes(1 << 20)
    with open(board.image, "r+b") as file:
        file.write(old)
    client = Client(board.path)
    try:
        client.start(STUB)
        yield client, board, old
    finally:
        client.close()
        board.remove()


def flash(board):
    return pathlib.Path(board.image).read_bytes()


def refused(status, call, *arguments):
    """Makes the call, which must be refused so, and returns the data."""
    try:
        call(*arguments)
    except Refused as error:
        assert error.status == status, f"{error.status:04x}, not {status:04x}"
        return error.data
    raise AssertionError(f"not refused with {status:04x}")
