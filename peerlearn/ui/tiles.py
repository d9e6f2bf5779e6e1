"""Tiles: a small geometric picture made from a word, so that every thing has a face nobody had to draw.

A tile is a square of four cells. Each cell holds one form, chosen by a hash of the word. The forms of one tile share
two colours, which the page's style sheet gives (`--topic`, `--topic-mid`).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

# Forms in a cell of 10 by 10 with its corner at 0,0; the numbers are corners and edges, written for relative paths.
QUARTERS = (
    "v10h10a10 10 0 0 0 -10-10z",
    "h10v10a10 10 0 0 1 -10-10z",
    "h10a10 10 0 0 1 -10 10z",
    "m10 0v10h-10a10 10 0 0 1 10-10z",
)
HALVES = (
    "h10a5 5 0 0 1 -10 0z",
    "m0 10h10a5 5 0 0 0 -10 0z",
    "v10a5 5 0 0 0 0-10z",
    "m10 0v10a5 5 0 0 1 0-10z",
)
LEAVES = ("h5a5 5 0 0 1 5 5v5h-5a5 5 0 0 1 -5-5z", "m10 0v5a5 5 0 0 1 -5 5h-5v-5a5 5 0 0 1 5-5z")
ROUNDS = ("m0 5a5 5 0 0 1 10 0a5 5 0 0 1 -10 0z", "m2.5 5a2.5 2.5 0 0 1 5 0a2.5 2.5 0 0 1 -5 0z")
FORMS = (*QUARTERS, *HALVES, *LEAVES, *QUARTERS, *LEAVES, *ROUNDS)


@lru_cache(maxsize=4096)
def tile_paths(seed: str, columns: int = 2, rows: int = 2) -> tuple[str, str]:
    """Two SVG path texts, one per colour, for a picture of `columns` × `rows` cells of 10 units each."""
    colours: tuple[list[str], list[str]] = ([], [])
    for cell in range(columns * rows):
        digest = hashlib.blake2s(f"{seed}/{cell}".encode(), digest_size=2).digest()
        row, column = divmod(cell, columns)
        colours[(row + column + digest[1] % 5 // 4) % 2].append(
            f"M{column * 10} {row * 10}{FORMS[digest[0] % len(FORMS)]}"
        )
    return "".join(colours[0]), "".join(colours[1])


def hue_of(seed: str | int) -> int:
    """One of the twelve hue steps: of a word by its hash, of an angle (0–359) by its place on the wheel."""
    if isinstance(seed, int):
        return seed % 360 // 30
    return hashlib.blake2s(seed.encode(), digest_size=1).digest()[0] % 12


def initials_of(name: str) -> str:
    """Up to two letters for a person's picture: first and last word of the name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
