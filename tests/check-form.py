#!/usr/bin/python3
"""Checks the form of the sources: sizes of files and functions, line ends, licence lines, formatting.

Usage: check-form.py [FOLDER]. What clang-format can decide, it decides (version 14, see .clang-format);
without it that part is left out and said so.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

FILE_LINES = 600
FUNCTION_LINES = 60
COLUMNS = 100
CODE = (".c", ".h")
TEXT = CODE + (".py", ".ui", ".css", ".md", ".build", ".xml", ".in", ".sh")
# Names that hold tables rather than logic may be long.
TABLES = re.compile(r"_class_init$|^main$")
FUNCTION = re.compile(r"^(\w+) \(.*$")


def tracked(root: Path):
    """Files git knows or would take; every file where there is no git (a released tarball)."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        files = [root / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in files if path.suffix in TEXT and path.is_file())


def long_functions(lines):
    name, start = None, 0
    for number, line in enumerate(lines, 1):
        match = FUNCTION.match(line)
        if match and not line.rstrip().endswith(";"):
            name, start = match.group(1), number
        if line == "}" and name:
            if number - start > FUNCTION_LINES and not TABLES.search(name):
                yield start, f"{name} has {number - start} lines (at most {FUNCTION_LINES})"
            name = None


def problems_of(path: Path, name: Path):
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    if text and not text.endswith("\n"):
        yield len(lines), "no line end at the end"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if path.suffix in CODE and "\t" in line:
            yield number, "tab"
        if path.suffix in CODE and len(line) > COLUMNS:
            yield number, f"{len(line)} columns (at most {COLUMNS})"
    if path.suffix in CODE:
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(lines[:3]):
            yield 1, "no licence line"
        yield from long_functions(lines)
        if path.suffix == ".c" and name.parts[0] == "src" and len(lines) > FILE_LINES:
            yield len(lines), f"{len(lines)} lines (at most {FILE_LINES})"


def misformatted(files):
    tool = shutil.which("clang-format-14")
    if not tool:
        print("form: clang-format-14 is not here, formatting was not checked")
        return []
    command = [tool, "--dry-run", "--Werror", "--ferror-limit=1", *map(str, files)]
    result = subprocess.run(command, capture_output=True, text=True)
    return [line for line in result.stderr.split("\n") if "error:" in line]


def main():
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    files = tracked(root)
    found = []
    for path in files:
        name = path.relative_to(root)
        found += [f"{name}:{number}: {what}" for number, what in problems_of(path, name)]
    found += misformatted([path for path in files if path.suffix in CODE])
    print("\n".join(found) if found else f"form: {len(files)} files are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
