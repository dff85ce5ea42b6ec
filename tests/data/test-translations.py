#!/usr/bin/python3
"""po/POTFILES names exactly the files that hold translatable text, sorted; gettext can read all of them."""

import re
import subprocess
import sys
from pathlib import Path

MARKS = re.compile(r'(?<![\w"])(?:_|N_|C_|NC_|ngettext) ?\(\s*"|(?<!\w)(?:g_)?dngettext ?\(|translatable="yes"')


def translatable(root: Path):
    for folder in ("src", "data"):
        for path in (root / folder).rglob("*"):
            name = str(path.relative_to(root))
            if path.suffix in (".c", ".h", ".ui") and MARKS.search(path.read_text(encoding="utf-8")):
                yield name
            elif path.name.endswith((".desktop.in", ".metainfo.xml.in")):
                yield name


def main():
    root = Path(sys.argv[1])
    listed = [line for line in (root / "po/POTFILES").read_text().split("\n") if line and line[0] != "#"]
    found = sorted(translatable(root))
    assert listed == sorted(listed), "po/POTFILES is not sorted"
    assert listed == found, (
        f"missing in po/POTFILES: {sorted(set(found) - set(listed))}, "
        f"too many: {sorted(set(listed) - set(found))}"
    )
    command = ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
               "--keyword=g_dngettext:2,3", "--add-comments=Translators:", "--output=-", *listed]
    catalogue = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert not catalogue.stderr, catalogue.stderr
    print(f"{len(listed)} files, {catalogue.stdout.count('msgid ') - 1} texts")


if __name__ == "__main__":
    main()
