#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/POTFILES.in names every file with words to translate, and no other; po/LINGUAS every .po."""

import re
import subprocess

import tap

# A call or a macro that xgettext looks for (meson's preset "glib").
CALL = re.compile(r"\b(?:_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2)\s*\(\s*\"")
MARKS = {
    ".c": CALL,
    ".h": CALL,
    ".ui": re.compile(r"translatable=\"(?:yes|true|1)\""),
    ".gschema.xml": re.compile(r"<(?:summary|description)>"),
    ".desktop.in": re.compile(r"^(?:Name|Comment|Keywords)=", re.M),
    ".metainfo.xml.in": re.compile(r"<description>"),
}
# Functions with a format, and which argument it is: xgettext looks whether it is whole.
FORMATS = [
    "g_strdup_printf:1",
    "g_string_printf:2",
    "g_string_append_printf:2",
    "g_set_error:4",
    "g_print:1",
    "g_printerr:1",
]


def listed(path):
    """The names of a list file, without comments."""
    return [line.strip() for _, line in tap.lines(path) if line.strip() and line[0] != "#"]


def wanted(root):
    """Every file of the tree with words to translate."""
    for path in tap.files(root, ["src", "ui", "data"]):
        for suffix, mark in MARKS.items():
            if path.name.endswith(suffix) and mark.search(path.read_text(encoding="utf-8")):
                yield str(path.relative_to(root))


def check_potfiles(root):
    names = listed(root / "po/POTFILES.in")
    has_words = set(wanted(root))
    for name in sorted(has_words - set(names)):
        yield f"po/POTFILES.in: lacks {name}"
    for name in sorted(set(names) - has_words):
        exists = (root / name).is_file()
        yield f"po/POTFILES.in: {name} {'has no words to translate' if exists else 'is no file'}"
    if names != sorted(set(names)):
        yield "po/POTFILES.in: is not sorted, or names a file twice"


def check_linguas(root):
    names = listed(root / "po/LINGUAS")
    found = {path.stem for path in (root / "po").glob("*.po")}
    for name in sorted(set(names) ^ found):
        yield f"po/LINGUAS: {name} is {'listed, and has no .po' if name in names else 'not listed'}"


def check_extraction(root):
    """xgettext takes the words out of all files, and has nothing to say about them."""
    command = ["xgettext", "--from-code=UTF-8", "--output=-", "--files-from=po/POTFILES.in"]
    command += [f"--keyword={keyword}" for keyword in ("_", "N_", "C_:1c,2", "NC_:1c,2")]
    command += [f"--flag={flag}:c-format" for flag in FORMATS]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    yield from done.stderr.splitlines()
    if 'msgid "Flash ESP8266 and ESP32 boards"' not in done.stdout:
        yield "xgettext: did not find the summary"


CHECKS = [check_potfiles, check_linguas]
SOUND = {
    "po/POTFILES.in": "# comment\nui/a.ui\n",
    "po/LINGUAS": "# comment\n",
    "ui/a.ui": '<p translatable="yes">x</p>\n',
    "src/cli/b.c": "no_words_ (x);\n",
}
VIOLATIONS = [
    ("lacking", "src/cli/a.c", 'x = _("word");', check_potfiles, "lacks src/cli/a.c"),
    ("lacking-ui", "ui/b.ui", '<p translatable="yes">', check_potfiles, "lacks ui/b.ui"),
    ("vanished", "po/POTFILES.in", "ui/a.ui\nui/z.ui", check_potfiles, "ui/z.ui is no file"),
    ("silent", "ui/a.ui", "<p>x</p>", check_potfiles, "ui/a.ui has no words"),
    ("twice", "po/POTFILES.in", "ui/a.ui\nui/a.ui", check_potfiles, "names a file twice"),
    ("language", "po/de.po", "", check_linguas, "de is not listed"),
    ("no-language", "po/LINGUAS", "fr", check_linguas, "fr is listed"),
]


def main():
    checks = list(tap.self_test(CHECKS, SOUND, VIOLATIONS))
    checks += [(f"tree/{check.__name__}", list(check(tap.ROOT))) for check in CHECKS]
    checks.append(("tree/check_extraction", list(check_extraction(tap.ROOT))))
    tap.run(checks)


if __name__ == "__main__":
    main()
