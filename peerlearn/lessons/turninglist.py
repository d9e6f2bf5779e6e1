"""What a list holds of words that turn a sentence round: see `turning`."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turning:
    """What turns a sentence round in a language. Words are patterns for whole words, in small letters."""

    words: re.Pattern[str]
    opposites: tuple[tuple[frozenset[str], ...], ...]  # each a few words that say one thing against the others
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]


def listed(words: str, opposites: str, beginnings: str, endings: str, elided: str = "") -> Turning:
    """A list as it is written down. `elided`: what may stand before a word with an apostrophe, such as l’ or dell’."""
    pairs = tuple(tuple(frozenset(side.split()) for side in line.split("|")) for line in opposites.strip().splitlines())
    before = f"(?:{elided})?" if elided else ""
    return Turning(
        re.compile(f"{before}(?:{'|'.join(words.split())})"), pairs, ("", *beginnings.split()), ("", *endings.split())
    )
