"""Marking words for translation where Flask may not be imported (rules, events, question kinds)."""

from __future__ import annotations

from typing import NamedTuple


def N_(text: str) -> str:
    """The same text, seen by the message extractor; it is translated where it is shown."""
    return text


class Said(NamedTuple):
    """What is wrong, and how to mend it: a sentence or two for each, both translatable."""

    what: str
    how: str
