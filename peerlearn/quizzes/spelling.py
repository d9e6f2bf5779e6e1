"""When two typed texts mean the same, and when one is only misspelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LETTERS_PER_SLIP = 6


# What keyboards and word processors put in place of what was typed, and what nobody can see.
_TYPED_AS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | {"—": "--", "\u00ad": "", "\u200b": "", "\u2060": ""}
)


def fold(text: str) -> str:
    """The text as it is compared: Unicode-normalised, without case, straight quotes and dashes, spaces folded."""
    whole = unicodedata.normalize("NFKC", text.translate(_TYPED_AS))
    folded = unicodedata.normalize("NFKC", whole.casefold()).replace("i\u0307", "i")
    return " ".join(folded.split())


def matches(typed: str, accepted: Iterable[str]) -> bool:
    """Whether the typed text is one of the accepted forms."""
    return fold(typed) in {fold(form) for form in accepted}


def nearly(typed: str, accepted: Iterable[str]) -> bool:
    """Whether the typed text is an accepted form but for one slip per six characters.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour; accents left out or wrong are one slip
    even in short words. Digits are never a slip of spelling.
    """
    mine = fold(typed)
    return any(_near(mine, fold(form)) for form in accepted)


def _near(typed: str, form: str) -> bool:
    from rapidfuzz.distance import OSA

    if typed != form and _bare(typed) == _bare(form) != "":
        return True
    allowed = len(form) // LETTERS_PER_SLIP
    if not allowed or _digits(typed) != _digits(form):
        return False
    return 0 < OSA.distance(typed, form, score_cutoff=allowed) <= allowed


def _bare(text: str) -> str:
    """The text without its accents."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if not unicodedata.combining(c))


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
