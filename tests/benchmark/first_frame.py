#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the window once, and prints the CPU seconds until it is there and the MB that it uses.

A program of its own, because the accessibility library cannot be left again.
"""

from measure import cpu_seconds
from window import Window


def main():
    with Window() as program:
        pid = program.process.pid
        cpu = cpu_seconds(pid)
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            resident = next(line for line in file if line.startswith("VmRSS"))
    print(cpu, int(resident.split()[1]) / 1024)


if __name__ == "__main__":
    main()
