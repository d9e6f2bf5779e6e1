"""Draws the icons under which PeerLearn stands on a home screen, from the two shapes of its mark.

    .venv/bin/python tools/icons.py

They are PNG files because some systems take nothing else. A maskable one is cut to any shape, so its mark is smaller.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parents[1] / "peerlearn" / "ui" / "static"
PAPER, BLUE, GOLD = "#f6f6f3", "#2b41e0", "#ffc53d"
FINE = 4  # drawn so many times larger, then made small: smooth edges
ICONS = {  # name: size, share of it that the mark takes, whether the corners are round
    "icon-192.png": (192, 0.62, True),
    "icon-512.png": (512, 0.62, True),
    "icon-maskable-512.png": (512, 0.46, False),
    "icon-apple-180.png": (180, 0.58, False),
}


def draw(size: int, share: float, is_round: bool) -> Image.Image:
    """One icon: the mark of 20 units in the middle of a sheet of paper."""
    whole = size * FINE
    sheet = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((0, 0, whole - 1, whole - 1), radius=whole * 0.22 if is_round else 0, fill=PAPER)
    unit = whole * share / 20
    start = (whole - 20 * unit) / 2

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return tuple(start + unit * value for value in (left, top, right, bottom))

    pen.rounded_rectangle(box(0, 0, 10, 20), radius=6 * unit, fill=BLUE, corners=(False, True, False, True))
    pen.ellipse(box(10, 5, 20, 15), fill=GOLD)
    pen.rectangle(box(10, 10, 15, 15), fill=GOLD)
    return sheet.resize((size, size), Image.Resampling.LANCZOS)


for name, (size, share, is_round) in ICONS.items():
    icon = draw(size, share, is_round)
    flat = icon if is_round else icon.convert("RGB")
    flat.quantize(64).save(STATIC / name, optimize=True)
    print(STATIC / name, (STATIC / name).stat().st_size, "bytes")
