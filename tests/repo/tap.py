# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of the tree share: the source tree, and results in TAP.

A check is a list of complaints, each "file:line: what is wrong"; no complaint is a pass.
"""

import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("src", "ui", "data", "po", "flatpak", "tests", ".ci")


def files(root, folders=FOLDERS, suffixes=None):
    """Every file below the folders of a tree, sorted; with one of the suffixes, when given."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                if suffixes is None or path.suffix in suffixes:
                    yield path


def lines(path):
    """Numbered lines of a text file; none of a binary file."""
    try:
        return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    except UnicodeDecodeError:
        return []


def self_test(checks, sound, violations):
    """Proves that checks of a tree can fail: they accept the made-up tree `sound`, a dictionary of
    texts by path, and find each of the (name, path, text, check, part of the complaint) violations
    put into it, once, in the check that is meant to and in no other."""
    for name, path, text, check, part in [("sound", None, None, None, None), *violations]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for file, content in {**sound, **({path: text} if path else {})}.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(content, encoding="utf-8")
            found = {other: list(other(root)) for other in checks}
        complaints = found.pop(check, None)
        wrong = sum(found.values(), [])
        if check and (len(complaints) != 1 or part not in complaints[0]):
            wrong.append(f"expected one complaint with '{part}', got {complaints}")
        yield f"self-test/{name}", wrong


def run(checks):
    """Prints the TAP lines of (name, complaints) pairs; leaves with 1 when one has complaints."""
    failed = 0
    number = 0
    for number, (name, complaints) in enumerate(checks, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} {name}")
        for complaint in complaints:
            print(f"# {complaint}")
        failed += bool(complaints)
    print(f"1..{number}", flush=True)
    sys.exit(1 if failed else 0)
