#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the stub: as C data for src/proto, or as JSON for esptool.

usage: build.py c FILE | json FILE      FILE may be - for standard output

Needs Debian's gcc-xtensa-lx106. Debian 12's version of it gives what is in the tree, byte for byte.
"""

import base64
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PREFIX = "xtensa-lx106-elf-"
FLAGS = """
    -std=gnu17 -Os -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Werror
    -ffreestanding -nostdlib -fno-strict-aliasing -fno-inline-functions-called-once
    -ffunction-sections -fdata-sections -mlongcalls -mtext-section-literals
    -fno-move-loop-invariants -mno-target-align -Wl,--gc-sections -static -T esp8266.ld
""".split()
WORDS_PER_LINE = 8


def run(tool, *arguments):
    return subprocess.run(
        [PREFIX + tool, *map(str, arguments)], cwd=HERE, check=True, capture_output=True
    ).stdout


def build():
    """Where the parts go, and what they are."""
    sources = sorted(path.name for path in HERE.glob("stub-*.c"))
    with tempfile.TemporaryDirectory() as folder:
        elf = pathlib.Path(folder) / "stub.elf"
        run("gcc", *FLAGS, "-o", elf, *sources, "-lgcc")
        symbols = {
            name: int(value, 16)
            for value, name in re.findall(r"^(\w+) \w (\w+)$", run("nm", elf).decode(), re.M)
        }
        part = {"entry": symbols["stub_entry"]}
        for name in "text", "data":
            binary = pathlib.Path(folder) / name
            run("objcopy", "-O", "binary", "-j", "." + name, elf, binary)
            content = binary.read_bytes()
            part[name] = content + bytes(-len(content) % 4)
            part[name + "_start"] = symbols[f"stub_{name}_start"]
    return part


def as_json(part):
    """The form that esptool reads."""
    return json.dumps(
        {
            "entry": part["entry"],
            "text": base64.b64encode(part["text"]).decode(),
            "text_start": part["text_start"],
            "data": base64.b64encode(part["data"]).decode(),
            "data_start": part["data_start"],
            "bss_start": part["data_start"],
        },
        indent=2,
    )


def words_of(name, content):
    words = [f"0x{word:08x}" for (word,) in struct.iter_unpack("<I", content)]
    yield f"static const uint32_t {name}[{len(words)}] = {{"
    for start in range(0, len(words), WORDS_PER_LINE):
        yield "  " + ", ".join(words[start : start + WORDS_PER_LINE]) + ","
    yield "};"


def as_c(part):
    return "\n".join(
        [
            "/* SPDX-License-Identifier: Apache-2.0 OR MIT */",
            "/* Made by build.py from the files beside it: do not edit. */",
            '#include "fg-stub-esp8266.h"',
            "",
            "/* clang-format off */",
            *words_of("text", part["text"]),
            "",
            *words_of("data", part["data"]),
            "/* clang-format on */",
            "",
            "const FgStubData fg_stub_esp8266 = {",
            "  .text = text,",
            "  .text_words = sizeof text / sizeof text[0],",
            f"  .text_address = 0x{part['text_start']:08x},",
            "  .data = data,",
            "  .data_words = sizeof data / sizeof data[0],",
            f"  .data_address = 0x{part['data_start']:08x},",
            f"  .entry = 0x{part['entry']:08x},",
            "};",
        ]
    )


def main():
    kinds = {"c": as_c, "json": as_json}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    try:
        text = kinds[sys.argv[1]](build()) + "\n"
    except FileNotFoundError as error:
        sys.exit(f"build.py: {error.filename} is missing: install gcc-xtensa-lx106")
    except subprocess.CalledProcessError as error:
        sys.exit(f"build.py: {error.stderr.decode()}")
    if sys.argv[2] == "-":
        sys.stdout.write(text)
    else:
        pathlib.Path(sys.argv[2]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
