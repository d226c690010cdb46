#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a fuzz target over a corpus: run-fuzz.py TARGET CORPUS OPTION…

A corpus is a text: a name and bytes in hexadecimal a line, "AA*N" for N times AA.
"""

import os
import subprocess
import sys
import tempfile


def to_bytes(words):
    """The bytes that the words of a line stand for."""
    result = b""
    for word in words:
        byte, _, times = word.partition("*")
        result += bytes.fromhex(byte) * int(times or 1)
    return result


def main():
    target, corpus, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        with open(corpus, encoding="utf-8") as file:
            lines = [line.split() for line in file if not line.startswith("#")]
        os.mkdir(f"{folder}/corpus")
        for name, *words in lines:
            with open(f"{folder}/corpus/{name}", "wb") as file:
                file.write(to_bytes(words))
        # An input that fails is kept for whoever looks into it.
        artifacts = f"-artifact_prefix={os.getcwd()}/"
        command = [target, *options, artifacts, f"{folder}/corpus"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    print("TAP version 13")
    print("1..1")
    print(("ok" if result.returncode == 0 else "not ok") + f" 1 - {len(lines)} inputs and changes")
    if result.returncode != 0:
        for line in (result.stdout + result.stderr).splitlines():
            print(f"# {line}")
    sys.exit(0 if result.returncode == 0 else 1)


if __name__ == "__main__":
    main()
