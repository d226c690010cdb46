#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot check after “flash”: what the board says then, in words; never a failed flash."""

import harness
from cli import Folder, cases, image, run, side_by_side


def flash(folder, what, *options, board=""):
    """Flashes in the folder's board; returns what the boot check told, and the whole result."""
    result = run("--port", folder.port(*filter(None, [board])), "--json", "flash", *options, what)
    result = result.result()
    return result["boot"], result


# name, what is flashed where, keys of the board, verdict, code of the first finding, words
CASES = [
    ("runs", "", image(5000), "timing=datasheet", True, "nodemcu", "NodeMCU 2.2.1"),
    ("runs_40_mhz", "", image(5000), "timing=datasheet,crystal=40", True, "nodemcu", "NodeMCU"),
    ("runs_without_time", "", image(5000), "", True, None, None),
    ("blank", "0x10000=", b"data" * 99, "", False, "flash-read", "no program in its flash"),
]


def check_boot(where, data, board, verdict, code, words):
    with Folder() as folder:
        path = folder.file("a.bin", data)
        boot, result = flash(folder, f"{where}{path}", board=board)
        assert boot["ok"] is verdict, boot
        assert boot["seconds"] < 3.5 * harness.PATIENCE and "boot" in result["seconds"], result
        assert all(finding["message"] for finding in boot["findings"]), boot
        if code is None:
            return
        first = boot["findings"][0]
        assert first["code"] == code and words in first["message"], boot
        assert first["severity"] == ("info" if verdict else "error"), boot
        assert verdict or first["remedy"], boot


cases(globals(), "boot", CASES, check_boot)


def test_a_damaged_program_beside_what_was_flashed():
    damaged = bytearray(image(5000))
    damaged[100] ^= 0x55
    with Folder() as folder:
        folder.flash.write_bytes(damaged.ljust(folder.flash_size, b"\xff"))
        boot, _ = flash(folder, f"0x10000={folder.file('a.bin', b'data')}")
        assert boot["ok"] is False and boot["findings"][0]["code"] == "checksum", boot
        assert "flash mode" in boot["findings"][0]["remedy"], boot


def test_the_verdict_comes_early():
    with Folder() as folder:
        boot, _ = flash(folder, f"0x10000={folder.file('a.bin', b'data')}")
        assert boot["seconds"] < 1 * harness.PATIENCE, boot


def test_it_can_be_left_out():
    with Folder() as folder:
        path = folder.file("a.bin", image(5000))
        boot, result = flash(folder, path, "--no-boot-check")
        assert boot is None and "boot" not in result["seconds"], result
        done = run("--port", folder.port(), "--json", "--after", "stay", "flash", path).result()
        assert done["boot"] is None, "it does not run"
        done = run("--port", folder.port(), "--json", "verify", path).result()
        assert "boot" not in done, done


def test_in_words():
    with Folder() as folder:
        path = folder.file("a.bin", b"data")
        done = run("--port", folder.port(), "flash", f"0x10000={path}")
        assert done.status == 0, "the flash is as it should be"
        assert "Boot check: the board does not start as it should." in done.stdout, done
        assert "no program in its flash" in done.stderr and "DOUT" in done.stderr, done
        path = folder.file("b.bin", image(5000))
        done = run("--port", folder.port("timing=datasheet"), "flash", path)
        assert "Boot check: the board runs." in done.stdout and done.stderr == "", done
        assert "NodeMCU 2.2.1 on a simulated board" in done.stdout, done


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
