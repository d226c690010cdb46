#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of the test runs counts what it says it counts."""

import json
import pathlib
import subprocess
import sys
import tempfile

import tap

SUMMARY = pathlib.Path(__file__).with_name("summary.py")


def program(stdout, result="OK"):
    return {"name": "a test", "stdout": stdout, "result": result}


# (name, programs of the one log, last line, exit status)
CASES = [
    ("tap", [program("1..2\nok 1 a\nok 2 - b\n")], "2 passed, 0 failed", 0),
    ("no-tap", [program("OK, looks fine\n"), program("", "FAIL")], "1 passed, 1 failed", 1),
    ("two", [program("ok 1 a\n"), program("ok 1 a\n")], "2 passed, 0 failed", 0),
    ("not-ok", [program("ok 1 a\nnot ok 2 b # why\n", "FAIL")], "1 passed, 1 failed", 1),
    ("skip", [program("ok 1 a # SKIP no board\nok 2 b\n")], "1 passed, 1 failed", 1),
    ("todo", [program("not ok 1 a # TODO later\n")], "0 passed, 1 failed", 1),
    ("crash", [program("1..2\nok 1 a\n", "ERROR")], "1 passed, 1 failed", 1),
    ("timeout", [program("ok 1 a\n", "TIMEOUT")], "1 passed, 1 failed", 1),
    ("skipped-program", [program("", "SKIP")], "0 passed, 1 failed", 1),
    ("empty", [], "0 passed, 1 failed", 1),
    ("no-log", None, "0 passed, 1 failed", 1),
]


def check(programs, last, status):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "testlog.json"
        if programs is not None:
            log.write_text("".join(json.dumps(entry) + "\n" for entry in programs))
        command = [sys.executable, str(SUMMARY), str(log)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.stdout.splitlines()[-1:] != [last] or done.returncode != status:
        yield f"expected '{last}' and {status}, got {done.stdout!r} and {done.returncode}"
        yield from done.stderr.splitlines()


def main():
    tap.run([(name, list(check(*case))) for name, *case in CASES])


if __name__ == "__main__":
    main()
