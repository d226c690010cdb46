#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line takes and refuses, without any board."""

import subprocess

import harness
from cli import PROGRAM, cases, run

COMMANDS = ["ports", "detect", "flash", "erase", "read", "verify", "monitor", "inspect", "merge"]
GENERAL = [
    "--port=",
    "--baud=",
    "--loader=",
    "--before=",
    "--after=",
    "--json",
    "--verbose",
    "--quiet",
    "--version",
    "--help",
]
IMAGE = ["--mode=", "--freq=", "--size="]
WRITE = ["--erase", "--all", "--no-verify", "--no-boot-check", "--backup=", "--dry-run"]
MERGE = ["--output=", "--format=", "--pad"]
MONITOR = ["--timestamps", "--raw", "--reset", "--no-reset", "--eol="]
OWN = {"flash": IMAGE + WRITE, "verify": IMAGE, "merge": IMAGE + MERGE, "monitor": MONITOR}

# name, arguments, part of the message, what the hint names
USAGE = [
    ("nothing", [], "No command", "fulgurite-cli --help"),
    ("command", ["fly"], "no command “fly”", "fulgurite-cli --help"),
    ("option", ["--nope", "ports"], "--nope", "ports --help"),
    ("option_of_another", ["detect", "--erase"], "--erase", "detect --help"),
    ("missing_value", ["detect", "--baud"], "--baud", "--help"),
    ("baud_text", ["detect", "--baud", "fast"], "“fast”", "--help"),
    ("baud_zero", ["detect", "--baud", "-5"], "-5", "detect --help"),
    ("baud_huge", ["detect", "--baud", "99999999"], "99999999", "detect --help"),
    ("before", ["detect", "--before", "maybe"], "“maybe” is not a value of --before", "detect"),
    ("after", ["detect", "--after", "maybe"], "“maybe” is not a value of --after", "detect"),
    ("mode", ["flash", "--mode", "fast", "x"], "“fast” is not a value of --mode", "flash"),
    ("freq", ["flash", "--freq", "40kHz", "x"], "“40kHz” is not a value of --freq", "flash"),
    ("freq_zero", ["flash", "--freq", "0", "x"], "“0” is not a value of --freq", "flash"),
    ("size", ["verify", "--size", "big", "x"], "“big” is not a value of --size", "verify"),
    ("contradiction", ["--verbose", "--quiet", "ports"], "contradict", "ports"),
    ("ports_args", ["ports", "x"], "takes no arguments", "ports --help"),
    ("detect_args", ["detect", "x"], "takes no arguments", "detect --help"),
    ("flash_nothing", ["flash"], "“flash” needs WHAT", "flash --help"),
    ("verify_nothing", ["verify", "--mode", "dio"], "“verify” needs WHAT", "verify --help"),
    ("inspect_nothing", ["inspect"], "“inspect” needs FILE", "inspect --help"),
    ("read_two", ["read", "0", "all"], "“read” needs OFFSET LENGTH FILE", "read --help"),
    ("read_four", ["read", "0", "all", "a", "b"], "no more than OFFSET LENGTH", "read --help"),
    ("erase_three", ["erase", "0", "4K", "x"], "no more than [OFFSET LENGTH]", "erase --help"),
]


def check_usage(args, message, hint):
    plain = run(*args)
    assert plain.status == 2 and plain.stdout == "", plain
    first, second = plain.stderr.splitlines()
    assert first.startswith("fulgurite-cli: ") and message in first, plain
    assert hint in second, plain
    error = run("--json", *args).error("usage", 2)
    assert message in error["message"] and hint in error["remedy"], error


cases(globals(), "usage", USAGE, check_usage)


def test_json_after_a_mistake():
    run("detect", "--baud", "--json").error("usage", 2)
    run("fly", "--json").error("usage", 2)


def test_help_of_the_program():
    for args in ["--help"], ["-h"], ["--help", "--json"]:
        done = run(*args)
        assert done.status == 0 and done.stderr == "", done
        assert all(f"\n  {name} " in done.stdout for name in COMMANDS), done
        assert all(option in done.stdout for option in GENERAL), done
        assert "Exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled" in done.stdout, done
        assert max(map(len, done.stdout.splitlines())) <= 90, done


def check_help(command):
    for args in [command, "--help"], ["--help", command], [command, "-h", "--json"]:
        done = run(*args)
        assert done.status == 0 and done.stderr == "", done
        assert done.stdout.startswith("Usage:\n  fulgurite-cli [OPTION…] " + command), done
        assert all(option in done.stdout for option in GENERAL + OWN.get(command, [])), done
        others = set(IMAGE + WRITE + MERGE) - set(OWN.get(command, []))
        listed = done.stdout[done.stdout.rindex("Options") :] if command == "verify" else ""
        assert not any(option in listed for option in others), done
        assert max(map(len, done.stdout.splitlines())) <= 90, done


cases(globals(), "help_of", [(name, name) for name in COMMANDS], check_help)


def test_version():
    done = run("--version")
    assert done.status == 0 and done.stdout.startswith("fulgurite-cli 0."), done


def test_options_stand_anywhere():
    for args in (
        ["--json", "inspect", "/dev/null"],
        ["inspect", "--json", "/dev/null"],
        ["inspect", "/dev/null", "--json"],
    ):
        done = run(*args)
        assert done.status == 1 and done.events("error")[0]["code"] == "file", done


def test_loader_that_there_is_not():
    error = run("--json", "--loader", "mine.json", "detect").error("file")
    assert "mine.json" in error["message"], error
    run("--json", "--loader", "fast", "detect").error("usage", 2)


def test_a_full_disk_is_no_success():
    with open("/dev/full", "wb") as full:
        status = subprocess.run([PROGRAM, "--version"], stdout=full, check=False).returncode
    assert status == 1, status


if __name__ == "__main__":
    harness.main()
