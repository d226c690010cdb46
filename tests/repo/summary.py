#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up test runs: "N passed, N failed" is the last line, and the exit status agrees.

usage: summary.py TESTLOG.json...   meson's logs, one JSON object a line and test program

A program that speaks TAP counts as its tests, any other as one. A failure, too: a skipped test, a
program that broke off although all its tests so far had passed, a log that is not there.
"""

import json
import re
import sys

RESULT = re.compile(r"^(ok|not ok)\b[^#\n]*(#\s*(?i:skip|todo))?", re.M)


def count(program):
    """(passed, failed) of one test program."""
    results = RESULT.findall(program.get("stdout", ""))
    passed = sum(word == "ok" and not mark for word, mark in results)
    failed = len(results) - passed
    if program["result"] == "OK":
        return (passed, failed) if results else (1, 0)
    return passed, failed or 1


def count_log(path):
    """(passed, failed, names of what failed) of a whole run."""
    try:
        with open(path, encoding="utf-8") as log:
            programs = [json.loads(line) for line in log]
    except FileNotFoundError:
        return 0, 1, [f"{path} was not written: the build failed"]
    if not programs:
        return 0, 1, [f"{path} holds no test"]
    counts = [count(program) for program in programs]
    names = [program["name"] for program, (_, failed) in zip(programs, counts) if failed]
    return sum(passed for passed, _ in counts), sum(failed for _, failed in counts), names


def main():
    total_passed = total_failed = 0
    for path in sys.argv[1:]:
        passed, failed, names = count_log(path)
        total_passed += passed
        total_failed += failed
        for name in names:
            print(f"failed: {name} ({path.split('/')[0]})")
    print(f"{total_passed} passed, {total_failed} failed")
    sys.exit(1 if total_failed else 0)


if __name__ == "__main__":
    main()
