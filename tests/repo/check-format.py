#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-format has nothing to change in C code: "./dev format" mends what it would."""

import subprocess
import tempfile

import tap


def complaints(paths):
    """Where clang-format would change one of the files."""
    command = ["clang-format", "--style=file:" + str(tap.ROOT / ".clang-format")]
    done = subprocess.run(
        command + ["--dry-run", "-Werror", *paths], capture_output=True, text=True, check=False
    )
    found = [line for line in done.stderr.splitlines() if ": error: " in line]
    if done.returncode != 0 and not found:
        found.append(done.stderr.strip() or f"clang-format left with {done.returncode}")
    return [line.replace(f"{tap.ROOT}/", "") for line in found]


def self_test():
    """A badly laid out file is found, so that silence means something."""
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        file.write("int  f(void){return 1;}\n")
        file.flush()
        return [] if complaints([file.name]) else ["clang-format accepted a bad file"]


def main():
    paths = [str(path) for path in tap.files(tap.ROOT, ["src", "tests"], {".c", ".h"})]
    tap.run([("self-test", self_test()), (f"tree/{len(paths)}-files", complaints(paths))])


if __name__ == "__main__":
    main()
