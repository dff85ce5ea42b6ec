#!/usr/bin/python3
"""Refuses includes that point upwards, libraries outside their layer, and a second door to DELE.

The build refuses the first already, by include paths; this says so in a readable way and also looks
at what include paths cannot see. Usage: check-layers.py [FOLDER]
"""

import re
import sys
import tempfile
from pathlib import Path

# Which layers a layer may include, besides itself.
MAY_USE = {
    "base": set(),
    "protocol": {"base"},
    "net": {"protocol", "base"},
    "message": {"base"},
    "store": {"message", "base"},
    "account": {"base"},
    "sync": {"net", "protocol", "store", "message", "account", "base"},
    "setup": {"net", "account", "base"},
    "words": {"account", "message", "base"},
    "demo": {"base"},
    "cli": {"setup", "sync", "store", "message", "account", "words", "base"},
    "ui": {"setup", "sync", "store", "message", "account", "words", "demo", "base"},
}

# Libraries that only one layer may know.
ONLY_IN = {
    r"(gtk|gdk|gsk)/|adwaita\.h|webkit/": {"ui"},
    r"sqlite3\.h|nettle/": {"store"},
    r"gmime/": {"message"},
    r"libxml/": {"message", "setup"},
    r"libsoup/": {"setup", "ui"},
    r"libical/|uchardet": {"message"},
    r"gsasl\.h": {"protocol"},
    r"libsecret/": {"account"},
    r"gnutls/": {"demo"},
    r"json-glib/": {"cli", "setup"},
}

# Calls that only one file may make, besides the one that defines them.
ONLY_FROM = {
    "pb_pop3_session_remove_async": "sync/pb-removal.c",
    "pb_pop3_session_raw_async": "sync/pb-console.c",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def problems(src: Path):
    where = {path.name: path.relative_to(src) for path in src.rglob("*.h")}
    for path in sorted(src.rglob("*.[ch]")):
        name = path.relative_to(src)
        layer = name.parts[0]
        text = path.read_text(encoding="utf-8")
        if layer not in MAY_USE:
            yield f"{name}: there is no layer “{layer}”"
            continue
        for bracket, header in INCLUDE.findall(text):
            if bracket == '"':
                yield from include_problems(name, layer, header, where)
            for pattern, layers in ONLY_IN.items():
                if bracket == "<" and re.match(pattern, header) and layer not in layers:
                    yield f"{name}: <{header}> belongs to {', '.join(sorted(layers))} only"
        for function, door in ONLY_FROM.items():
            if function in text and str(name) != door and layer != "net":
                yield f"{name}: only {door} may call {function}"


def include_problems(name, layer, header, where):
    target = where.get(Path(header).name)
    if target is None:
        return
    other = target.parts[0]
    if other != layer and other not in MAY_USE[layer]:
        yield f"{name}: {layer} may not include {other} ({header})"
    if "engine" in target.parts and other != layer:
        yield f"{name}: {header} is private to {other}"


def self_test():
    """The check must notice each kind of offence, or it is worth nothing."""
    offences = {
        "base/pb-a.c": '#include "pb-b.h"\n',
        "net/pb-b.h": "#include <gtk/gtk.h>\n",
        "store/engine/pb-c.h": "",
        "sync/pb-d.c": '#include "pb-c.h"\n',
        "sync/pb-e.c": "pb_pop3_session_remove_async (session);\n",
        "sync/pb-g.c": "pb_pop3_session_raw_async (session);\n",
        "attic/pb-f.c": "",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in offences.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        found = list(problems(Path(folder)))
    assert len(found) == 6, found


def main():
    self_test()
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = list(problems(root / "src"))
    print("\n".join(found) if found else "layers: all includes point downwards")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
