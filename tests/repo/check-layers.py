#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that includes go one way and that a library stays in its layer.

usage: check-layers.py [PROGRAM...]   programs that must not be linked with GTK
"""

import pathlib
import re
import subprocess
import sys

import tap

# What each layer may include besides itself.
ALLOWED = {
    "proto": {"stub"},
    "sim": set(),
    "stub": set(),
    "service": {"proto", "sim"},
    "cli": {"service", "proto", "sim"},
    "app": {"service", "proto", "sim"},
}
# System headers and meson dependencies that belong to some layers alone.
OWNED_HEADERS = [
    (re.compile(r"^(gtk|gdk|gsk|graphene)\b"), {"app"}),
    (re.compile(r"^libserialport\.h$"), {"service"}),
    (re.compile(r"^archive(_entry)?\.h$"), {"service"}),
    (re.compile(r"^glib/gi18n"), {"service", "cli", "app"}),
]
OWNED_DEPENDENCIES = {
    "gtk_dep": {"app"},
    "serialport_dep": {"service"},
    "archive_dep": {"service"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(root, path):
    parts = path.relative_to(root / "src").parts
    return parts[0] if len(parts) > 1 else None


def includes(path):
    """(line number, bracket, name) of every include of a file."""
    for number, line in tap.lines(path):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def check_includes(root):
    """Includes that go against the arrows, and headers of somebody else's library."""
    sources = list(tap.files(root, ["src"], {".c", ".h"}))
    owner = {path.name: layer_of(root, path) for path in sources if path.suffix == ".h"}
    for path in sources:
        layer = layer_of(root, path)
        if layer not in ALLOWED:
            yield f"{path.relative_to(root)}: is in no layer"
            continue
        for number, kind, name in includes(path):
            where = f"{path.relative_to(root)}:{number}"
            other = owner.get(pathlib.PurePath(name).name)
            if kind == "<":
                for pattern, layers in OWNED_HEADERS:
                    if pattern.search(name) and layer not in layers:
                        yield f"{where}: <{name}> is not for {layer}"
            elif other not in {None, layer} | ALLOWED[layer]:
                yield f"{where}: {layer} may not include {name} of {other}"


def check_cycles(root):
    """Modules of proto that include one another, directly or not."""
    uses = {}
    for path in tap.files(root, ["src/proto"], {".c", ".h"}):
        names = {pathlib.PurePath(name).stem for _, kind, name in includes(path) if kind != "<"}
        uses.setdefault(path.stem, set()).update(names - {path.stem})
    complaints = []
    done = set()

    def walk(module, trail):
        if module in trail:
            complaints.append("cycle: " + " > ".join(trail[trail.index(module) :] + [module]))
        elif module not in done:
            for other in sorted(uses.get(module, ())):
                walk(other, trail + [module])
            done.add(module)

    for module in sorted(uses):
        walk(module, [])
    return complaints


def check_dependencies(root):
    """Meson files that use the dependency of another layer."""
    for path in sorted((root / "src").rglob("meson.build")):
        layer = layer_of(root, path)
        for number, line in tap.lines(path):
            for name, layers in OWNED_DEPENDENCIES.items():
                if re.search(rf"\b{name}\b", line.split("#")[0]) and layer not in layers:
                    yield f"{path.relative_to(root)}:{number}: {name} is not for {layer}"


def check_program(program):
    """Complaints about a program that is linked with GTK."""
    out = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", out.stdout)
    if not needed:
        return [f"{program}: readelf names no library at all"]
    return [f"{program}: is linked with {name}" for name in needed if "libgtk" in name]


VIOLATIONS = [
    ("gtk", "src/cli/a.c", "#include <gtk/gtk.h>", check_includes, "a.c:1: <gtk/gtk.h> is not"),
    ("gdk", "src/sim/a.h", "\n# include  <gdk/x.h>", check_includes, "src/sim/a.h:2: <gdk/x.h>"),
    ("port", "src/app/a.c", "#include <libserialport.h>", check_includes, "<libserialport.h>"),
    ("archive", "src/cli/a.c", "#include <archive_entry.h>", check_includes, "<archive_entry.h>"),
    ("words", "src/proto/a.c", "#include <glib/gi18n.h>", check_includes, "not for proto"),
    ("sim", "src/proto/a.c", '#include "fg-sim.h"', check_includes, "proto may not include"),
    ("proto", "src/sim/a.c", '#include "../x/fg-wire.h"', check_includes, "sim may not include"),
    ("service", "src/sim/a.c", '#include "fg-port.h"', check_includes, "sim may not include"),
    ("app", "src/service/a.c", '#include "fg-window.h"', check_includes, "service may not"),
    ("app-cli", "src/cli/a.c", '#include "fg-window.h"', check_includes, "cli may not include"),
    ("no-layer", "src/utils/a.c", "", check_includes, "src/utils/a.c: is in no layer"),
    ("cycle", "src/proto/fg-wire.h", '#include "fg-slip.h"', check_cycles, "fg-slip > fg-wire"),
    ("gtk-dep", "src/service/meson.build", "x = [gtk_dep]", check_dependencies, "gtk_dep"),
    ("port-dep", "src/cli/meson.build", "\nserialport_dep", check_dependencies, "serialport_dep"),
]
SOUND = {
    "src/proto/fg-wire.h": "#include <glib.h>\n",
    "src/proto/fg-slip.h": '#include "fg-wire.h"\n',
    "src/proto/fg-slip.c": '#include "fg-slip.h"\n',
    "src/sim/fg-sim.h": "#include <gio/gio.h>\n",
    "src/service/fg-port.h": '#include <libserialport.h>\n#include "fg-sim.h"\n',
    "src/service/meson.build": "deps = [serialport_dep] # never gtk_dep\n",
    "src/app/fg-window.h": '#include <gtk/gtk.h>\n#include "fg-port.h"\n',
    "src/app/meson.build": "deps = [gtk_dep]\n",
    "src/cli/main.c": '#include "config.h"\n#include "fg-port.h"\n#include <glib/gi18n.h>\n',
}
CHECKS = [check_includes, check_cycles, check_dependencies]


def main():
    checks = list(tap.self_test(CHECKS, SOUND, VIOLATIONS))
    checks += [(f"tree/{check.__name__}", list(check(tap.ROOT))) for check in CHECKS]
    checks += [(f"no-gtk/{pathlib.Path(p).name}", check_program(p)) for p in sys.argv[1:]]
    tap.run(checks)


if __name__ == "__main__":
    main()
