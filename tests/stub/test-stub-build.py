#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stub in the tree is what its sources give, byte for byte, and keeps to the room it has.

usage: test-stub-build.py BUILD.PY
"""

import base64
import difflib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import harness  # pylint: disable=wrong-import-position

BUILD = pathlib.Path(sys.argv.pop(1))
# What the ROM leaves alone: the end of instruction RAM, and data RAM below the ROM's own.
TEXT = range(0x4010C000, 0x40110000)
DATA = range(0x3FFE8000, 0x3FFFC000)


def built(kind):
    return subprocess.run(
        [sys.executable, BUILD, kind, "-"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def test_rebuilt_is_the_same():
    expected = (BUILD.parent / "fg-stub-esp8266.c").read_text(encoding="utf-8")
    difference = list(difflib.unified_diff(expected.splitlines(), built("c").splitlines(), "tree"))
    assert not difference, "run build.py c fg-stub-esp8266.c:\n" + "\n".join(difference[:20])


def test_json_fits():
    stub = json.loads(built("json"))
    for part, room in ("text", TEXT), ("data", DATA):
        content = base64.b64decode(stub[part])
        start = stub[part + "_start"]
        assert len(content) % 4 == 0 and start % 4 == 0, f"{part}: not in words"
        assert start in room and start + len(content) - 1 in room, f"{part}: leaves its room"
    assert stub["text_start"] <= stub["entry"] < stub["text_start"] + len(stub["text"])


harness.main()
