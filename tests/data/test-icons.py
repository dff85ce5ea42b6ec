#!/usr/bin/python3
"""The icons exist, are well-formed square SVG, draw something at 16 and at 512 pixels, and bring nothing from outside."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ICONS = {
    "scalable/apps/app.postbag.Postbag.svg": 128,
    "symbolic/apps/app.postbag.Postbag-symbolic.svg": 16,
}


def check(path: Path, side: int):
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == f"0 0 {side} {side}", f"{path}: not a square of {side}"
    for element in root.iter():
        for key, value in element.attrib.items():
            outside = key.endswith("href") and not value.startswith("#")
            assert not outside and "url(http" not in value, f"{path}: refers to {value}"
    for pixels in (16, 512):
        share = coverage(path, pixels)
        assert 0.2 < share < 0.95, f"{path}: covers {share:.0%} of {pixels} px"


def coverage(path: Path, pixels: int) -> float:
    """The share of the square that is not transparent, as drawn by the library that the desktop uses."""
    import gi

    gi.require_version("GdkPixbuf", "2.0")
    from gi.repository import GdkPixbuf

    picture = GdkPixbuf.Pixbuf.new_from_file_at_size(str(path), pixels, pixels)
    assert picture.get_has_alpha(), f"{path}: no transparency"
    data, stride = picture.get_pixels(), picture.get_rowstride()
    drawn = sum(data[y * stride + x * 4 + 3] > 127 for y in range(pixels) for x in range(pixels))
    return drawn / (pixels * pixels)


def main():
    folder = Path(sys.argv[1]) / "icons" / "hicolor"
    for name, side in ICONS.items():
        check(folder / name, side)
    print(f"{len(ICONS)} icons are in order")


if __name__ == "__main__":
    main()
