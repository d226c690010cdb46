#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""House rules that a formatter does not know: CONTRIBUTING.md, "Style"."""

import re

import tap

LIMIT_LINES = 500
LIMIT_COLUMNS = 100
SCRIPTS = {".py", ".sh"}
SOURCES = {".c", ".h"} | SCRIPTS
TEXTS = SOURCES | {".ui", ".css", ".xml", ".in", ".yaml", ".build", ".md", ".doap", ".supp", ".svg"}
TOP_SCRIPTS = ("dev", ".ci/run")
# Folders of one person's machine; what a program looks up lives in /dev, /sys, /proc, /usr or /tmp.
MACHINE_PATH = re.compile(r"""(?:^|[\s"'=(`])/(?:home|root|work|farm|Users)/|/tmp/(?:wt|bash)""")


def texts(root):
    """Every text file that people wrote."""
    for path in sorted(root.iterdir()):
        if path.is_file() and (path.suffix in TEXTS or path.name == "dev"):
            yield path
    for path in tap.files(root):
        if path.suffix in TEXTS or str(path.relative_to(root)) in TOP_SCRIPTS:
            yield path


def sources(root):
    for path in texts(root):
        if path.suffix in SOURCES or str(path.relative_to(root)) in TOP_SCRIPTS:
            yield path


def check_length(root):
    """One idea a file: none over the limit."""
    for path in tap.files(root, ["src", "tests"], SOURCES):
        count = len(tap.lines(path))
        if count > LIMIT_LINES:
            yield f"{path.relative_to(root)}: {count} lines, at most {LIMIT_LINES}: split it"


def check_licence(root):
    """The licence of every source is in its first two lines."""
    for path in sources(root):
        head = [line for _, line in tap.lines(path)[:2]]
        on_chip = path.is_relative_to(root / "src" / "stub")
        licence = "Apache-2.0 OR MIT" if on_chip else "GPL-3.0-or-later"
        if not any(f"SPDX-License-Identifier: {licence}" in line for line in head):
            yield f"{path.relative_to(root)}:1: no SPDX-License-Identifier line"


def check_space(root):
    """No trailing space, no tab, a newline at the end; scripts as narrow as C."""
    for path in texts(root):
        where = path.relative_to(root)
        for number, line in tap.lines(path):
            if line != line.rstrip():
                yield f"{where}:{number}: trailing space"
            if "\t" in line:
                yield f"{where}:{number}: a tab"
            if path.suffix in SOURCES and len(line) > LIMIT_COLUMNS:
                yield f"{where}:{number}: {len(line)} columns, at most {LIMIT_COLUMNS}"
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            yield f"{where}: no newline at the end"


def check_paths(root):
    """Nothing names a folder of the machine that it was written on."""
    for path in texts(root):
        for number, line in tap.lines(path):
            if MACHINE_PATH.search(line):
                yield f"{path.relative_to(root)}:{number}: a path of one machine"


def check_guard(root):
    """Headers use #pragma once."""
    for path in tap.files(root, ["src", "tests"], {".h"}):
        if not any(line == "#pragma once" for _, line in tap.lines(path)):
            yield f"{path.relative_to(root)}: no #pragma once"


CHECKS = [check_length, check_licence, check_space, check_paths, check_guard]
SPDX = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
VIOLATIONS = [
    ("long", "src/cli/a.c", SPDX + "\n" * LIMIT_LINES, check_length, "501 lines"),
    ("licence", "tests/a.py", "#!/usr/bin/env python3\n\n", check_licence, "no SPDX"),
    ("licence-stub", "src/stub/a.c", SPDX, check_licence, "no SPDX"),
    ("licence-dev", "dev", "#!/bin/sh\n", check_licence, "no SPDX"),
    ("space", "README.md", "a \n", check_space, "trailing space"),
    ("tab", "src/app/a.c", SPDX + "\tb;\n", check_space, "a tab"),
    ("wide", "tests/a.py", "#" + SPDX + "#" * 101 + "\n", check_space, "101 columns"),
    ("newline", "ui/a.ui", "<interface/>", check_space, "no newline"),
    ("path", "tests/a.py", "#" + SPDX + "x = '/" + "home/me/x'\n", check_paths, "a path of one"),
    ("guard", "src/cli/a.h", SPDX, check_guard, "no #pragma once"),
]


def main():
    checks = list(tap.self_test(CHECKS, {}, VIOLATIONS))
    checks += [(f"tree/{check.__name__}", list(check(tap.ROOT))) for check in CHECKS]
    tap.run(checks)


if __name__ == "__main__":
    main()
