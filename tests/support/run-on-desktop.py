#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one program on a desktop of its own: run-on-desktop.py PROGRAM ARGUMENT…"""

import subprocess
import sys

from desktop import desktop

sys.exit(subprocess.call(sys.argv[1:], env=desktop().environ))
