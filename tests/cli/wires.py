# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tried on every kind of port."""

import firmware
from cli import FLASH_SIZE, image, run

IMAGE = image()


def work_through(port, flash_file, folder):
    """Detect, flash, verify, read and erase, each compared with the board's flash."""
    path = folder.file("a.bin", IMAGE)
    common = ["--port", port, "--json"]
    assert run(*common, "detect").result()["flash"]["size"] == FLASH_SIZE
    run(*common, "flash", "--erase", path).result()
    with open(flash_file, "rb") as file:
        firmware.check_flashed(file.read(), IMAGE)
    run(*common, "verify", path).result()
    copy = folder.path / "copy.bin"
    run(*common, "read", 0, "64K", copy).result()
    firmware.check_flashed(copy.read_bytes(), IMAGE)
    run(*common, "erase", "0", "16K").result()
    with open(flash_file, "rb") as file:
        assert set(file.read(16 << 10)) == {0xFF}
