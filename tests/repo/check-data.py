#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML is well formed, the resource bundle is complete, icons are there, the Flatpak is as wanted.

usage: check-data.py APPLICATION-ID
"""

import re
import subprocess
import sys
from xml.etree import ElementTree

import yaml

import tap

APPLICATION_ID = sys.argv[1]
MANIFEST = tap.ROOT / "flatpak" / f"{APPLICATION_ID}.yaml"
# All that the sandbox lets through; more is a decision to make here, in the open.
FINISH_ARGS = {
    "--socket=wayland",
    "--socket=fallback-x11",
    "--share=ipc",
    "--device=all",
    "--share=network",
}


def check_xml():
    """xmllint reads every XML file."""
    suffixes = {".ui", ".xml", ".svg", ".doap"}
    paths = list(tap.files(tap.ROOT, ["ui", "data"], suffixes)) + list(tap.ROOT.glob("*.doap"))
    paths += tap.files(tap.ROOT, ["data"], {".in"})
    paths = [path for path in paths if path.suffix != ".in" or path.name.endswith(".xml.in")]
    command = ["xmllint", "--nonet", "--noout", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if "error" in line]


def check_resources():
    """Every .ui, .css and .svg below ui/ is in the bundle, and nothing else is."""
    for bundle in sorted((tap.ROOT / "ui").glob("*.gresource.xml")):
        listed = {node.text for node in ElementTree.parse(bundle).iter("file")}
        found = {
            str(path.relative_to(tap.ROOT / "ui"))
            for path in tap.files(tap.ROOT, ["ui"], {".ui", ".css", ".svg"})
        }
        for name in sorted(listed ^ found):
            where = "is not in the bundle" if name in found else "is in the bundle and nowhere else"
            yield f"{bundle.name}: {name} {where}"


def check_icons():
    """The application's icon and its symbolic form, by the names that the desktop looks for."""
    for folder, name in [("scalable", APPLICATION_ID), ("symbolic", f"{APPLICATION_ID}-symbolic")]:
        path = tap.ROOT / f"data/icons/hicolor/{folder}/apps/{name}.svg"
        if not path.is_file():
            yield f"{path.relative_to(tap.ROOT)}: is missing"


def check_flatpak():
    """The manifest asks for what is needed and no more, and pins what it fetches."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    for key, value in {
        "id": APPLICATION_ID,
        "runtime": "org.gnome.Platform",
        "runtime-version": "50",
        "sdk": "org.gnome.Sdk",
        "command": "fulgurite",
    }.items():
        if manifest.get(key) != value:
            yield f"{key}: is {manifest.get(key)!r}, not {value!r}"
    for arg in sorted(FINISH_ARGS ^ set(manifest["finish-args"])):
        yield f"finish-args: {arg} is {'missing' if arg in FINISH_ARGS else 'one too many'}"
    if [module["name"] for module in manifest["modules"]] != ["libserialport", "fulgurite"]:
        yield "modules: not libserialport and fulgurite"
    for module in manifest["modules"]:
        if not any("/share/licenses/" in line for line in module.get("post-install", ())):
            yield f"{module['name']}: its licence is not installed"
        for source in module["sources"]:
            if "url" in source and not re.fullmatch("[0-9a-f]{64}", source.get("sha256", "")):
                yield f"{module['name']}: {source['url']} has no sha256"


def check_release():
    """The newest release in the metainfo is the version that is built."""
    version = re.search(r"version: '([^']*)'", (tap.ROOT / "meson.build").read_text()).group(1)
    tree = ElementTree.parse(tap.ROOT / f"data/{APPLICATION_ID}.metainfo.xml.in")
    newest = tree.find("releases/release").get("version")
    if newest != version:
        yield f"metainfo: the newest release is {newest}, meson.build says {version}"


def main():
    checks = [check_xml, check_resources, check_icons, check_flatpak, check_release]
    tap.run([(check.__name__, list(check())) for check in checks])


if __name__ == "__main__":
    main()
