# SPDX-License-Identifier: GPL-3.0-or-later
"""Other programs that write the same image to the same simulated board."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess

from measure import json_phase

ESPTOOL_JS = "esptool-js@0.7.0"
FETCH_DEADLINE = 120  # seconds
HERE = pathlib.Path(__file__).parent


class EsptoolJs:
    """Espressif's client in JavaScript, from npm, under Node."""

    name = ESPTOOL_JS.replace("@", " ")

    def __init__(self, library):
        self._library = library

    def command(self, port, baud, file):
        return ["node", HERE / "peer.mjs", self._library, port, baud, file]

    @staticmethod
    def phase(line):
        return json_phase(line) if line.startswith("{") else None


class Esptool:
    """Espressif's client in Python."""

    name = "esptool ($ESPTOOL)"

    def __init__(self, command):
        self._command = shlex.split(command)

    def command(self, port, baud, file):
        resets = ["--before", "no_reset", "--after", "no_reset"]
        chip = ["--chip", "esp8266", "--port", port, "--baud", baud]
        return [*self._command, *chip, *resets, "write_flash", "-z", "0", file]

    @staticmethod
    def phase(line):
        if re.match(r"Configuring flash size|Flash will be erased|Compressed ", line):
            return "write"
        if line.startswith("Leaving"):
            return "restart"
        return None


def _fetch_esptool_js(folder):
    """Installs it in a folder, once; returns its module, or why there is none."""
    module = pathlib.Path(folder) / "node_modules/esptool-js/lib/index.js"
    if module.exists() and shutil.which("node"):
        return module, None
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "node and npm are not installed"
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        subprocess.run(
            ["npm", "install", "--prefix", folder, *options, ESPTOOL_JS],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=FETCH_DEADLINE,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        return None, f"npm could not fetch it: {error}"
    return module, None


def find_peers(folder):
    """(the peers that can run here, sentences about those that cannot)."""
    peers, missing = [], []
    module, why = _fetch_esptool_js(folder)
    if module:
        peers.append(EsptoolJs(module))
    else:
        missing.append(f"{EsptoolJs.name} was not run: {why}.")
    if os.environ.get("ESPTOOL"):
        peers.append(Esptool(os.environ["ESPTOOL"]))
    else:
        missing.append("esptool was not run: the variable ESPTOOL names none.")
    return peers, missing


def environ():
    """For programs whose output is read as it comes."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


