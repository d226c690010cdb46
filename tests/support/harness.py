# SPDX-License-Identifier: GPL-3.0-or-later
"""Test programs in Python that speak TAP, the Test Anything Protocol.

Functions named test_* of a module are its tests; main() runs them in the order of the source.
"""

import os
import sys
import time
import traceback

# How much longer than usual a program may take: sanitizers slow it down.
PATIENCE = float(os.environ.get("FG_PATIENCE", "1"))


def main(module="__main__"):
    """Runs the tests of a module, or those named on the command line, and exits."""
    functions = vars(sys.modules[module])
    tests = [(name, test) for name, test in functions.items() if name.startswith("test_")]
    if len(sys.argv) > 1:
        tests = [(name, test) for name, test in tests if name in sys.argv[1:]]
    print("TAP version 13")
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, start=1):
        title = name[len("test_") :].replace("_", " ")
        start = time.monotonic()
        try:
            test()
            result = "ok"
        except Exception:  # pylint: disable=broad-except
            failed += 1
            result = "not ok"
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        print(f"{result} {number} - {title}")
        print(f"# {time.monotonic() - start:.2f} s", flush=True)
    sys.exit(1 if failed else 0)


def wait_for(condition, timeout=10.0, what=""):
    """Waits until condition() is true and returns its value; fails after timeout seconds (more
    under sanitizers)."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what or condition} did not happen in {timeout} s")
        time.sleep(0.005)
